import * as z from 'zod';
import type { IncomingAnswer, IncomingResponse, QuestionDescription } from '#domain/integrations/survey-source.ts';
import * as reading from '../../survey-reading.ts';

export const QualtricsResponse = z.object({
  responseId: z.string().min(1),
  values: z.record(z.string(), z.unknown()),
  labels: reading.Fields,
});
type QualtricsResponse = z.output<typeof QualtricsResponse>;

/** Facts about the response, not the respondent. */
const metadata = new Set([
  'startDate',
  'endDate',
  'status',
  'ipAddress',
  'progress',
  'duration',
  'finished',
  'recordedDate',
  '_recordId',
  'locationLatitude',
  'locationLongitude',
  'userLanguage',
]);

/** Column of a question; in a loop the loop's number comes first. */
const column = /^(?:\w{1,10}_)?QID\d+(?:#\d+)?(?:_(.+))?$/;

/** Qualtrics' own marks: 1 preview, 2 test, 8 spam. */
export const isTestResponse = ({ values }: QualtricsResponse): boolean =>
  ['1', '2', '8'].includes(reading.asText(values.status) ?? '');

export const toIncomingResponse = (form: string, { responseId, values, labels }: QualtricsResponse): IncomingResponse =>
  reading.responseOf({
    form,
    responseId,
    ...reading.readTimes({ endDate: values.endDate, recordedDate: values.recordedDate }),
    changedAt: reading.instant(values.recordedDate),
    partial: reading.asText(values.finished) === '0',
    language: reading.asText(values.userLanguage)?.toLowerCase() ?? null,
    answers: Object.entries(values)
      .filter(([name]) => column.test(name))
      .flatMap(([name, value]) => toAnswers(name, value, labels?.[name])),
    hidden: new Map(reading.scalars(values).filter(([name]) => !column.test(name) && !metadata.has(name))),
  });

function toAnswers(name: string, value: unknown, label: unknown): IncomingAnswer[] {
  const part = column.exec(name)?.[1] ?? '';
  const question = { id: name, names: part === 'TEXT' ? [name.replace(/_TEXT$/, '')] : [], title: '' };
  if (Array.isArray(value)) {
    const labels = Array.isArray(label) ? label : value;
    const texts = labels.flatMap((entry) => reading.toReadableText(entry) || []);
    return [{ question, type: 'choices', value: texts, freeText: false }];
  }
  if (/^FILE_(NAME|SIZE|TYPE)$/.test(part)) return [];
  const text = reading.asText(value);
  if (text === null) return reading.createTextAnswer(question, value);
  if (text === '') return [];
  if (part === 'FILE_ID') return [{ question, type: 'file', value: text, freeText: true }];
  // Columns of typed words end in TEXT, also those beside "other".
  if (/(^|_)TEXT$/.test(part)) return [{ question, type: 'text', value: text, freeText: true }];
  const chosen = reading.asText(label);
  if (/^\d+(_\d+)*$/.test(part) && chosen !== null)
    return [{ ...reading.createMatrixRowAnswer(question, { id: '', title: '' }, chosen), question }];
  if (chosen !== null) return [{ question, type: 'choice', value: chosen, freeText: false }];
  if (typeof value === 'number') return [{ question, type: 'number', value, freeText: false }];
  return [{ question, type: 'text', value: text, freeText: true }];
}

const Choices = z.union([
  z.record(z.string(), z.object({ Display: reading.Text })),
  // Qualtrics sends an empty object as an empty list.
  z.array(z.unknown()).transform((): Record<string, { Display?: string | null }> => ({})),
]);
const Question = z.object({
  QuestionText: reading.Text,
  DataExportTag: reading.Text,
  ChoiceDataExportTags: z.record(z.string(), z.string()).nullish().catch(null),
  QuestionType: reading.Text,
  Choices: Choices.nullish(),
  Answers: Choices.nullish(),
});

export const QualtricsSurvey = z.object({ Questions: z.record(z.string(), Question) });

export function describeQuestion(id: string, question: z.output<typeof Question>): QuestionDescription[] {
  const title = reading.stripHtml(question.QuestionText ?? '');
  const tag = question.DataExportTag ? [question.DataExportTag] : [];
  const tagsOf = (key: string, end = '') =>
    [question.ChoiceDataExportTags?.[key], ...tag.map((name) => `${name}_${key}`)].flatMap((name) =>
      name ? [`${name}${end}`] : [],
    );
  const texts = (choices: z.output<typeof Choices> | null | undefined) =>
    Object.entries(choices ?? {}).map(([key, { Display }]): [string, string] => [
      key,
      reading.stripHtml(Display ?? ''),
    ]);
  const choices = texts(question.Choices);
  if (question.QuestionType === 'Matrix') {
    const answers = new Map(texts(question.Answers));
    return choices.map(([key, row]) => ({
      id: `${id}_${key}`,
      names: tagsOf(key),
      title: reading.formatRowTitle(title, row),
      choices: answers,
    }));
  }
  const isText = question.QuestionType === 'TE';
  const others = choices.map(([key, choice]) => ({
    id: `${id}_${key}_TEXT`,
    names: tagsOf(key, '_TEXT'),
    title: reading.formatRowTitle(title, choice),
    choices: new Map<string, string>(),
  }));
  return [
    { id: isText ? `${id}_TEXT` : id, names: isText ? [id, ...tag] : tag, title, choices: new Map(choices) },
    ...others,
  ];
}
