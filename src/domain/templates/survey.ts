import * as z from 'zod';
import { Language } from '../base/names.ts';
import { closestLanguage } from '../text/fixed-texts.ts';

const Option = z.strictObject({ value: z.string(), label: z.string() });

const Question = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  type: z.enum(['choice', 'scale', 'text']),
  label: z.string(),
  required: z.boolean().default(false),
  options: z.array(Option).default([]),
  /** For a scale: what its ends mean. */
  ends: z.tuple([z.string(), z.string()]).optional(),
});
type SurveyQuestion = z.output<typeof Question>;

/** The same survey in another language; what is left out stays as it is. */
const Translation = z.strictObject({
  mail: z
    .strictObject({ subject: z.string(), text: z.string(), button: z.string(), reminder: z.string() })
    .partial()
    .default({}),
  page: z.strictObject({ title: z.string(), intro: z.string(), thanks: z.string() }).partial().default({}),
  /** By the question's id. */
  questions: z
    .record(
      z.string(),
      z.strictObject({
        label: z.string().optional(),
        /** By the option's value. */
        options: z.record(z.string(), z.string()).default({}),
        ends: z.tuple([z.string(), z.string()]).optional(),
      }),
    )
    .default({}),
});

/** The same questions asked in the department's own survey tool. */
const Via = z.strictObject({
  /** The source by which the answers come back. */
  source: z.string(),
  /** The survey's address, with {{ token }} where its hidden field takes the case token. */
  link: z
    .string()
    .regex(/^https:\/\/\S/, 'must be an address that begins with https://')
    .refine((link) => /\{\{-?\s*token/.test(link), 'must hold {{ token }}, or no answer finds its case'),
  /** Where the token comes back: `hidden.case`, or a question's alias. */
  token: z.string(),
  /** Which alias of the source answers which question of this survey. */
  answers: z.record(z.string(), z.string()),
  /** What the tool's answers mean: question, the tool's own text, and the value here. */
  values: z.record(z.string(), z.record(z.string(), z.string())).default({}),
});

/** A short survey that Caselite hosts. Texts are Liquid; the first question decides the verdict. */
export const FollowUpSurvey = z.strictObject({
  name: z.string(),
  kind: z.enum(['customer', 'closer']),
  mail: z.strictObject({
    subject: z.string(),
    text: z.string(),
    button: z.string(),
    reminder: z.string(),
  }),
  page: z.strictObject({ title: z.string(), intro: z.string(), thanks: z.string() }),
  questions: z.array(Question).min(1).max(4),
  /** The language of the texts above. */
  language: Language.default('en'),
  languages: z.record(Language, Translation).default({}),
  via: Via.optional(),
});
export type FollowUpSurvey = z.output<typeof FollowUpSurvey>;

/** A survey in the language that somebody speaks, or in its own where there is no translation. */
export function surveyIn(survey: FollowUpSurvey, spoken: string | null): FollowUpSurvey {
  const language = closestLanguage(spoken, [survey.language, ...Object.keys(survey.languages)]);
  const translation =
    language && Object.hasOwn(survey.languages, language) ? survey.languages[language] : undefined;
  if (!language || !translation) return survey;
  return {
    ...survey,
    language,
    mail: { ...survey.mail, ...translation.mail },
    page: { ...survey.page, ...translation.page },
    questions: survey.questions.map((question) => {
      const own = Object.hasOwn(translation.questions, question.id)
        ? translation.questions[question.id]
        : undefined;
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

/** What a translation names and the survey does not have: the place and what is wrong there. */
export function translationProblems(survey: FollowUpSurvey): { field: string; message: string }[] {
  return Object.entries(survey.languages).flatMap(([language, { questions }]) =>
    Object.entries(questions).flatMap(([id, { options }]) => {
      const field = `languages.${language}.questions.${id}`;
      const question = survey.questions.find((entry) => entry.id === id);
      if (!question) return [{ field, message: `is no question of this survey: ${id}` }];
      return Object.keys(options)
        .filter((value) => !question.options.some((option) => option.value === value))
        .map((value) => ({
          field: `${field}.options.${value}`,
          message: `is no option of this question: ${value}`,
        }));
    }),
  );
}

const longestText = 4000;

/** Reads a posted form; a map, so that no field name reaches a prototype. */
export function readAnswers(
  survey: FollowUpSurvey,
  form: Map<string, string>,
): { answers: Record<string, string> } | { problems: { field: string; message: string }[] } {
  const answers: Record<string, string> = {};
  const problems: { field: string; message: string }[] = [];
  for (const question of survey.questions) {
    const given = (form.get(question.id) ?? '').trim();
    if (given === '') {
      if (question.required) problems.push({ field: question.id, message: 'Please choose an answer.' });
    } else if (question.type === 'text') {
      answers[question.id] = given.slice(0, longestText);
    } else if (allowed(question).includes(given)) {
      answers[question.id] = given;
    } else {
      problems.push({ field: question.id, message: 'Please choose one of the answers shown.' });
    }
  }
  return problems.length > 0 ? { problems } : { answers };
}

/** The values that a question takes. */
function allowed(question: SurveyQuestion): string[] {
  return question.type === 'scale' ? ['1', '2', '3', '4', '5'] : question.options.map(({ value }) => value);
}

/** Answers of the department's own tool as this survey's form: by alias, then by what the settings say they mean. */
export function readVia(
  { via, questions }: FollowUpSurvey,
  answers: { alias: string | null; value: unknown; text: string }[],
): Map<string, string> {
  const form = new Map<string, string>();
  for (const question of questions) {
    const alias = via && Object.hasOwn(via.answers, question.id) ? via.answers[question.id] : undefined;
    const answer = alias === undefined ? undefined : answers.find((entry) => entry.alias === alias);
    if (!answer) continue;
    const meant = new Map(
      Object.entries((via && Object.hasOwn(via.values, question.id) && via.values[question.id]) || {}).map(
        ([text, value]) => [text.trim().toLowerCase(), value],
      ),
    );
    const text = answer.text.trim();
    form.set(question.id, meant.get(text.toLowerCase()) ?? plain(question, answer.value, text));
  }
  return form;
}

/** What needs no mapping: the value itself, its label, a plain yes or no. */
function plain(question: SurveyQuestion, value: unknown, text: string): string {
  if (question.type === 'text') return text;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const label = question.options.find((option) => option.label.toLowerCase() === text.toLowerCase());
  return label?.value ?? text.toLowerCase();
}

/** What became of a form that a person sent. */
export type AnswerResult =
  | { status: 'thanks' }
  | { status: 'closed' }
  | { status: 'invalid'; problems: { field: string; message: string }[] };
