import * as z from 'zod';
import type { IncomingAnswer, IncomingResponse, QuestionDescription } from '#domain/integrations/survey-source.ts';
import * as reading from '../../survey-reading.ts';

const Answer = z.object({
  choice_id: reading.Id.nullish(),
  row_id: reading.Id.nullish(),
  col_id: reading.Id.nullish(),
  other_id: reading.Id.nullish(),
  text: reading.Text,
  simple_text: reading.Text,
  download_url: reading.Text,
  choice_metadata: z.object({ weight: reading.Text }).nullish().catch(null),
});
type Answer = z.output<typeof Answer>;

const Question = z.object({
  id: reading.Id,
  heading: reading.Text,
  family: reading.Text,
  subtype: reading.Text,
  answers: z.array(Answer).max(reading.maxAnswers),
});
type Question = z.output<typeof Question>;

export const SurveyMonkeyResponse = z.object({
  id: reading.Id,
  survey_id: reading.Id,
  response_status: z.string(),
  collection_mode: reading.Text,
  date_created: reading.Text,
  date_modified: reading.Text,
  custom_variables: reading.Fields,
  custom_value: reading.Text,
  email_address: reading.Text,
  first_name: reading.Text,
  last_name: reading.Text,
  recipient_id: reading.Id.nullish().catch(null),
  collector_id: reading.Id.nullish().catch(null),
  analyze_url: reading.Text,
  metadata: z
    .object({
      contact: z
        .record(z.string(), z.object({ value: z.unknown() }))
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
  pages: z.array(z.object({ questions: z.array(Question) })).nullish(),
});
type SurveyMonkeyResponse = z.output<typeof SurveyMonkeyResponse>;

/** Whether somebody tried the survey out. */
export const isTestResponse = ({ collection_mode: mode }: SurveyMonkeyResponse): boolean =>
  mode === 'preview' || mode === 'survey_preview';

export function toIncomingResponse(given: SurveyMonkeyResponse): IncomingResponse {
  const { email_address, first_name, last_name, custom_value, recipient_id, collector_id } = given;
  const contact = Object.entries(given.metadata?.contact ?? {}).map(([name, { value }]) => [name, value]);
  const hidden = [
    ...reading.scalars({ email_address, first_name, last_name, custom_value, recipient_id, collector_id }),
    ...reading.scalars(Object.fromEntries(contact)),
    ...reading.scalars(given.custom_variables),
  ];
  return reading.responseOf({
    form: given.survey_id,
    responseId: given.id,
    ...reading.readTimes({ date_modified: given.date_modified, date_created: given.date_created }),
    partial: given.response_status !== 'completed',
    answers: (given.pages ?? []).flatMap(({ questions }) => questions).flatMap(toAnswers),
    hidden: new Map(hidden.filter(([, value]) => value !== '')),
    link: reading.toHttpsLink(given.analyze_url),
  });
}

function toAnswers(question: Question): IncomingAnswer[] {
  const rows = new Map<string, Answer[]>();
  for (const answer of question.answers) {
    const row = [answer.row_id, answer.col_id].filter(Boolean).join('.');
    rows.set(row, [...(rows.get(row) ?? []), answer]);
  }
  return [...rows].flatMap(([row, answers]) => toAnswersOfRow(question, row, answers));
}

function toAnswersOfRow(asked: Question, row: string, answers: Answer[]): IncomingAnswer[] {
  const { id, family } = asked;
  const heading = reading.stripHtml(asked.heading ?? '');
  const rowTexts = answers.flatMap((answer) => splitSimpleText(answer).rows);
  const rowTitle =
    heading && rowTexts.length > 0 ? reading.formatRowTitle(heading, [...new Set(rowTexts)].join(', ')) : '';
  const question = { id: row ? `${id}.${row}` : id, names: [], title: row ? rowTitle : heading };
  const file = answers.flatMap(({ download_url: url }) => url || []);
  if (file.length > 0) return [{ question, type: 'file', value: reading.unwrapSingleValue(file), freeText: true }];
  const typed = answers.filter(({ choice_id: choice }) => !choice).flatMap(({ text }) => text || []);
  // SurveyMonkey repeats identical answers.
  const picked = [
    ...new Map(answers.filter(({ choice_id: choice }) => choice).map((answer) => [answer.choice_id, answer])).values(),
  ];
  const [first] = picked;
  if (!first) {
    if (typed.length === 0) return [];
    const isDate = family === 'datetime';
    // A question with choices and "other", or a text field.
    const type = isDate ? 'date' : answers.some(({ other_id: other }) => other) ? 'choice' : 'text';
    return [{ question, type, value: typed.join(', '), freeText: true }];
  }
  const weight = Number(first.choice_metadata?.weight ?? Number.NaN);
  if (picked.length === 1 && typed.length === 0 && Number.isFinite(weight))
    return [{ question, type: 'number', value: weight, freeText: false }];
  const choiceIds = [...new Set(picked.flatMap(({ choice_id: choice, simple_text: text }) => (!text && choice) || []))];
  const unread = choiceIds.length > 0 ? { choiceIds } : {};
  const labels = [...new Set([...picked.map((answer) => splitSimpleText(answer).label), ...typed])];
  if (row)
    return [
      { question, type: 'matrix', value: reading.unwrapSingleValue(labels), ...unread, freeText: typed.length > 0 },
    ];
  const isMany = family === 'multiple_choice' || labels.length > 1;
  const value = isMany ? labels : reading.unwrapSingleValue(labels);
  return [{ question, type: isMany ? 'choices' : 'choice', value, ...unread, freeText: typed.length > 0 }];
}

/** `simple=true` writes "Row | Column | Choice" in a matrix. A choice without a text stays an id. */
function splitSimpleText({ simple_text: text, choice_id: choice, row_id: row, col_id: column }: Answer) {
  const parts = (text ?? '').split(' | ');
  const count = [row, column].filter(Boolean).length;
  const rows = parts.length > count ? parts.slice(0, count) : [];
  return { rows, label: parts.slice(rows.length).join(' | ') || choice || '' };
}

const Labelled = z.object({ id: reading.Id, text: reading.Text });
const Described = z.object({
  id: reading.Id,
  headings: z.array(z.object({ heading: reading.Text })).nullish(),
  answers: z
    .object({
      choices: z.array(Labelled).nullish(),
      rows: z.array(Labelled).nullish(),
      cols: z.array(Labelled.extend({ choices: z.array(Labelled).nullish() })).nullish(),
      other: Labelled.nullish(),
    })
    .nullish(),
});

export const SurveyMonkeySurvey = z.object({ pages: z.array(z.object({ questions: z.array(Described) })) });

export function describeQuestion({ id, headings, answers }: z.output<typeof Described>): QuestionDescription[] {
  const title = reading.stripHtml(headings?.[0]?.heading ?? '');
  const other = answers?.other ? [answers.other] : [];
  const textsOf = (all: z.output<typeof Labelled>[]) =>
    new Map(all.map((choice) => [choice.id, reading.stripHtml(choice.text ?? '')]));
  const choices = textsOf([...(answers?.choices ?? []), ...other]);
  const cell = (path: z.output<typeof Labelled>[], own: typeof choices) => ({
    id: [id, ...path.map((part) => part.id)].join('.'),
    names: [],
    title: reading.formatRowTitle(title, path.map(({ text }) => reading.stripHtml(text ?? '')).join(', ')),
    choices: own,
  });
  const rows = (answers?.rows ?? []).flatMap((row) => [
    cell([row], choices),
    ...(answers?.cols ?? []).map((column) => cell([row, column], textsOf(column.choices ?? []))),
  ]);
  return [{ id, names: [], title, choices }, ...rows];
}
