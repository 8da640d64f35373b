import * as z from 'zod';

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
export type SurveyQuestion = z.output<typeof Question>;

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
});
export type FollowUpSurvey = z.output<typeof FollowUpSurvey>;

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
export function allowed(question: SurveyQuestion): string[] {
  return question.type === 'scale' ? ['1', '2', '3', '4', '5'] : question.options.map(({ value }) => value);
}
