import * as z from 'zod';
import { HttpsAddress, Language } from '../base/names.ts';
import { type Answer, hasAlias } from '../responses/response.ts';
import { findClosestLanguage } from '../text/fixed-texts.ts';
import { cut, isBlank } from '../text/safe-text.ts';

const Option = z.strictObject({ value: z.string(), label: z.string() });

const Question = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes'),
  type: z.enum(['choice', 'scale', 'text']),
  label: z.string(),
  required: z.boolean().default(false),
  options: z.array(Option).default([]),
  ends: z.tuple([z.string(), z.string()]).optional(),
});
type SurveyQuestion = z.output<typeof Question>;

const Mail = z.strictObject({ subject: z.string(), text: z.string(), button: z.string(), reminder: z.string() });
const PageTexts = z.strictObject({ title: z.string(), intro: z.string(), thanks: z.string() });

const Translation = z.strictObject({
  mail: Mail.partial().default({}),
  page: PageTexts.partial().default({}),
  questions: z
    .record(
      z.string(),
      z.strictObject({
        label: z.string().optional(),
        options: z.record(z.string(), z.string()).default({}),
        ends: z.tuple([z.string(), z.string()]).optional(),
      }),
    )
    .default({}),
});

const Via = z.strictObject({
  source: z.string(),
  /** Address of the survey; {{ token }} stands where its hidden field takes the case token. */
  link: HttpsAddress.refine(
    (link) => /\{\{-?\s*token/.test(link),
    'must hold {{ token }}, or no answer finds its case',
  ),
  /** Where the token returns: `hidden.case`, or a question's alias. */
  token: z.string(),
  answers: z.record(z.string(), z.string()),
  values: z.record(z.string(), z.record(z.string(), z.string())).default({}),
});

/** A short survey that Caselite hosts. Texts are Liquid; the first question decides the verdict. */
export const FollowUpSurvey = z.strictObject({
  name: z.string(),
  kind: z.enum(['customer', 'closer']),
  mail: Mail,
  page: PageTexts,
  questions: z.array(Question).min(1).max(4),
  language: Language.default('en'),
  languages: z.record(Language, Translation).default({}),
  via: Via.optional(),
});
export type FollowUpSurvey = z.output<typeof FollowUpSurvey>;

/** The survey in a person's language, or in its own where no translation exists. */
export function translateSurvey(survey: FollowUpSurvey, spoken: string | null): FollowUpSurvey {
  const language = findClosestLanguage(spoken, [survey.language, ...Object.keys(survey.languages)]);
  const translation = language && Object.hasOwn(survey.languages, language) ? survey.languages[language] : undefined;
  if (!language || !translation) return survey;
  return {
    ...survey,
    language,
    mail: { ...survey.mail, ...translation.mail },
    page: { ...survey.page, ...translation.page },
    questions: survey.questions.map((question) => {
      const own = Object.hasOwn(translation.questions, question.id) ? translation.questions[question.id] : undefined;
      if (!own) return question;
      const options = question.options.map(({ value, label }) => ({
        value,
        label: Object.hasOwn(own.options, value) ? (own.options[value] ?? label) : label,
      }));
      const ends = own.ends ?? question.ends;
      return { ...question, label: own.label ?? question.label, options, ...(ends ? { ends } : {}) };
    }),
  };
}

export const checkTranslations = (survey: FollowUpSurvey): { field: string; message: string }[] =>
  Object.entries(survey.languages).flatMap(([language, { questions }]) =>
    Object.entries(questions).flatMap(([id, { options }]) => {
      const field = `languages.${language}.questions.${id}`;
      const question = survey.questions.find((entry) => entry.id === id);
      if (!question) return [{ field, message: `is no question of this survey: ${id}` }];
      return Object.keys(options)
        .filter((value) => !question.options.some((option) => option.value === value))
        .map((value) => ({ field: `${field}.options.${value}`, message: `is no option of this question: ${value}` }));
    }),
  );

/** Reasons that surveys let people choose, as JSON of survey and value; what people write in a field is none. */
export const listReasonsToChoose = (surveys: ReadonlyMap<string, FollowUpSurvey>): string =>
  JSON.stringify(
    [...surveys].flatMap(([name, { questions }]) =>
      questions
        .filter(({ id, type }) => id === 'reason' && type === 'choice')
        .flatMap(({ options }) => options.map(({ value }) => [name, value])),
    ),
  );

const maxTextLength = 4000;

/** Reads a posted form. A map keeps field names away from prototypes. */
export function readPostedAnswers(
  survey: FollowUpSurvey,
  form: Map<string, string>,
): { answers: Record<string, string> } | { problems: { field: string; message: string }[] } {
  const answers: Record<string, string> = {};
  const problems: { field: string; message: string }[] = [];
  for (const question of survey.questions) {
    const given = (form.get(question.id) ?? '').trim();
    if (isBlank(given)) {
      if (question.required) problems.push({ field: question.id, message: 'Please choose an answer.' });
    } else if (question.type === 'text') {
      answers[question.id] = cut(given, maxTextLength);
    } else if (allowed(question).includes(given)) {
      answers[question.id] = given;
    } else {
      problems.push({ field: question.id, message: 'Please choose one of the answers shown.' });
    }
  }
  return problems.length > 0 ? { problems } : { answers };
}

const allowed = (question: SurveyQuestion): string[] =>
  question.type === 'scale' ? ['1', '2', '3', '4', '5'] : question.options.map(({ value }) => value);

/** Converts answers of the department's own tool into this survey's form: by alias, then by the mapped meaning. */
export function convertToFollowUpAnswers(
  { via, questions }: FollowUpSurvey,
  answers: (Pick<Answer, 'alias' | 'otherAliases' | 'text'> & { value: unknown })[],
): Map<string, string> {
  const form = new Map<string, string>();
  const aliases = new Map(Object.entries(via?.answers ?? {}));
  const values = new Map(Object.entries(via?.values ?? {}));
  for (const question of questions) {
    const answer = answers.find((each) => hasAlias(each, aliases.get(question.id) ?? ''));
    if (!answer) continue;
    const meant = new Map(
      Object.entries(values.get(question.id) ?? {}).map(([text, value]) => [text.trim().toLowerCase(), value]),
    );
    const text = answer.text.trim();
    form.set(question.id, meant.get(text.toLowerCase()) ?? plain(question, answer.value, text));
  }
  return form;
}

function plain(question: SurveyQuestion, value: unknown, text: string): string {
  if (question.type === 'text') return text;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const label = question.options.find((option) => option.label.toLowerCase() === text.toLowerCase());
  return label?.value ?? text.toLowerCase();
}

export type SurveySubmissionResult =
  | { status: 'thanks' }
  | { status: 'closed' }
  | { status: 'invalid'; problems: { field: string; message: string }[] };
