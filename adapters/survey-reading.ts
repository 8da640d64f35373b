import * as z from 'zod';
import { InvalidInputError } from '#domain/base/errors.ts';
import { parseWithPlainFindings } from '#domain/base/plain-words.ts';
import type * as port from '#domain/integrations/index.ts';
import { cut } from '#domain/text/safe-text.ts';
import { type DateOrder, readTimeText } from './instants.ts';

/** An optional part that sets no response aside, whatever stands in it. */
export function lenient<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().catch(null);
}

/** Optional text. A number becomes text, and nothing of another type sets a response aside. */
export const Text = lenient(z.union([z.string(), z.union([z.number(), z.boolean()]).transform(String)]));

export const Fields = lenient(z.record(z.string(), z.unknown()));

/** An optional list without its odd entries. */
export const entries = <Schema extends z.ZodType>(schema: Schema) =>
  lenient(z.array(schema.nullable().catch(null)).transform((list) => list.filter((entry) => entry !== null)));

/** Answers of a list, whose odd entries are kept as text. */
export const readEachAnswer = <Value>(
  list: unknown[],
  schema: z.ZodType<Value>,
  toAnswers: (entry: Value) => port.IncomingAnswer[],
): port.IncomingAnswer[] =>
  list.flatMap((entry, index) => {
    const { success, data } = schema.safeParse(entry);
    return success ? toAnswers(data) : createTextAnswer({ id: `answer-${index + 1}`, names: [], title: '' }, entry);
  });

/** An id: text, or a number that becomes text. */
export const Id = z.union([z.string().min(1), z.number().transform(String)]);

const maxReadableInstant = Date.UTC(9999, 11, 31);

/** Reads a value by its schema. @throws InvalidInputError with the field */
export function readBySchema<Value>(title: string, schema: z.ZodType<Value>, given: unknown): Value {
  const { value, findings } = parseWithPlainFindings(schema, given);
  if (!findings) return value;
  throw notA(
    title,
    findings.map(({ path, message }) => ({
      field: path.join('.') || 'body',
      message: /^(is missing\b|must be )/.test(message)
        ? `${message.replace('group of settings', 'group of fields')}; ${advice}`
        : message,
    })),
  );
}

const advice = 'check that the kind of the source is the tool that sends';

/** @throws InvalidInputError with the field */
export const unusable = (title: string, field: string, message: string): InvalidInputError =>
  notA(title, [{ field, message }]);

const notA = (title: string, problems: { field: string; message: string }[]): InvalidInputError =>
  new InvalidInputError(`Not a ${title}: ${problems[0]?.field}: ${problems[0]?.message}`, problems);

/** Instant in UTC milliseconds from the usual spellings of a time, or from Unix time; null for other values. */
export function instant(given: unknown, zone = 'UTC', order: DateOrder = 'iso'): number | null {
  const at = readInstant(typeof given === 'string' ? given.trim() : given, zone, order);
  return at !== null && at >= 0 && at <= maxReadableInstant ? at : null;
}

function readInstant(given: unknown, zone: string, order: DateOrder): number | null {
  // Seconds, milliseconds, microseconds or nanoseconds.
  if (typeof given === 'number')
    return Math.round(given > 1e17 ? given / 1e6 : given > 1e14 ? given / 1e3 : given > 1e11 ? given : given * 1000);
  if (typeof given !== 'string' || given === '') return null;
  const [, unix] = /^(?:\/Date\()?(\d{9,13}(?:\.\d+)?|\d{16}|\d{19})(?:[+-]\d{4})?(?:\)\/)?$/.exec(given) ?? [];
  if (unix) return readInstant(Number(unix), zone, order);
  return readTimeText(given, zone, order);
}

/** The first readable time of several fields; an unreadable one is noted, because the arrival then replaces it. */
export function readTimes(
  fields: Record<string, unknown>,
  { zone, order }: { zone?: string; order?: DateOrder } = {},
): { at: number | null; notes: string[] } {
  const given = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const times = given.map(([, value]) => instant(value, zone, order));
  const at = times.find((time) => time !== null) ?? null;
  if (at !== null) return { at, notes: [] };
  const remedy = 'the time of arrival counts; let the survey tool send a time such as 2026-11-24T08:00:00Z';
  const notes = given.map(
    ([name, value]) => `${name} is "${cut(toReadableText(value), 40)}", no time that can be read: ${remedy}`,
  );
  return { at, notes };
}

/** Orders the states of one response: a finished one comes after every part of it, one without a time comes first. */
export const computeRevision = (at: number | null, partial: boolean): number => (at ?? 0) * 2 + (partial ? 0 : 1);

type Facts = Omit<port.IncomingResponse, 'revision' | 'submittedAt'>;

/**
 * A response, in most tools finished, in no language, and with nothing beside its answers.
 * @param given.at when it was submitted; null where the tool sends no time
 * @param given.changedAt when its state came about, where that is another time
 * @param given.receivedAt when the delivery arrived, which replaces a time that is not sent
 */
export function responseOf({
  at,
  changedAt = at,
  receivedAt = 0,
  ...given
}: Pick<Facts, 'form' | 'responseId' | 'answers'> &
  Partial<Facts> & { at: number | null; changedAt?: number | null; receivedAt?: number }): port.IncomingResponse {
  return {
    formTitle: null,
    partial: false,
    language: null,
    hidden: new Map(),
    link: null,
    ...given,
    revision: computeRevision(changedAt ?? at, given.partial ?? false),
    submittedAt: at ?? receivedAt,
  };
}

/** The same as what a delivery holds. */
export const parsedResponse = (given: Parameters<typeof responseOf>[0]): port.ParsedDelivery => ({
  kind: 'response',
  response: responseOf(given),
});

/** An https address that a page may link to; null for others. */
export const toHttpsLink = (given: unknown): string | null =>
  typeof given === 'string' && given.startsWith('https://') ? given : null;

/** A scalar as text; null for other values. */
export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** Any value as text, so that nothing answered is dropped: parts of lists and objects with their names. */
export function toReadableText(value: unknown): string {
  const text = asText(value);
  if (text !== null) return text.trim();
  if (Array.isArray(value)) return toReadableTexts(value).join(', ');
  const parts = Object.entries(value ?? {}).map(([name, part]) => [name, toReadableText(part)]);
  return parts.flatMap(([name, part]) => (part ? `${name}: ${part}` : [])).join('; ');
}

/** The readable entries of a list. */
export const toReadableTexts = (values: unknown[]): string[] => values.flatMap((value) => toReadableText(value) || []);

type Question = port.IncomingAnswer['question'];

/** An answer, or none for an empty value. */
export const answered = (
  question: Question,
  type: port.AnswerType,
  value: port.IncomingAnswer['value'] | null | undefined,
  freeText = isTypedByRespondent(type),
): port.IncomingAnswer[] => {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return [];
  // Of a picture as text, such as a signature, only its kind is kept.
  const [drawn] = (typeof value === 'string' && /^data:\w+\/[\w.+-]+(?=;base64,)/.exec(value)) || [];
  return [{ question, freeText, ...(drawn ? { type: 'file', value: drawn } : { type, value }) }];
};

/** An answer of a form that is not understood, as text. */
export const createTextAnswer = (question: Question, value: unknown): port.IncomingAnswer[] =>
  answered(question, 'other', toReadableText(value));

/** Answers to a question of unknown type: an object is a table with an answer per row. */
export function createUntypedAnswers(question: Question, value: unknown, hasTypedCells = true): port.IncomingAnswer[] {
  if (typeof value === 'number') return answered(question, 'number', value);
  if (typeof value === 'boolean') return answered(question, 'yes-no', value);
  if (typeof value === 'string') return answered(question, 'text', value.trim() && value);
  if (Array.isArray(value)) return answered(question, 'choices', toReadableTexts(value), true);
  return Object.entries(value ?? {}).flatMap(([row, picked]) =>
    createMatrixRowAnswer(question, { id: row, title: row }, toReadableText(picked), hasTypedCells),
  );
}

/** A text that is a score of at most three digits as a number. */
export const createScoreOrText = (question: Question, text: string): port.IncomingAnswer[] => {
  const score = parseShortNumber(text.trim());
  return score === null ? answered(question, 'text', text) : answered(question, 'number', score);
};

/** A number of at most three digits; longer ones are ids, post codes and telephone numbers, and stay text. */
export const parseShortNumber = (text: string): number | null =>
  /^(?:0|[1-9]\d{0,2})$/.test(text) ? Number(text) : null;

/** A question of a form, with the texts of its choices by their ids. */
export const describeQuestion = (
  id: string,
  title: string,
  choices: Iterable<[string, string]> = [],
  names: string[] = [],
): port.QuestionDescription => ({ id, names, title, choices: new Map(choices) });

/** A number sent as text, with a decimal point or comma; inexact digits and grouped thousands stay text. */
export function toExactNumber(text: string): number | null {
  const plain = text.trim().replace(/^(-?\d{1,15}),(\d{1,2})$/, '$1.$2');
  if (!/^[+-]?\d{1,16}(\.\d+)?$/.test(plain)) return null;
  const number = Number(plain);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? null : number;
}

/** Yes and no as programs write them; null for other values. */
export function toYesNo(value: unknown): boolean | null {
  const text = asText(value)?.trim() ?? '';
  return /^(yes|y|true|1)$/i.test(text) ? true : /^(no|n|false|0)$/i.test(text) ? false : null;
}

/** Scalars of an object by name, with a prefix before each name. */
export const scalars = (given: unknown, prefix = ''): [string, string][] =>
  Object.entries(given ?? {}).flatMap(([name, value]): [string, string][] => {
    const text = asText(value);
    return text === null ? [] : [[prefix + name, text]];
  });

const entities: Record<string, string> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', euro: '€', hellip: '…' },
  ...{ lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', ndash: '–', mdash: '—' },
};

/** A text with the characters that entities of HTML stand for. */
export const decodeEntities = (text: string): string =>
  text.replace(/&(?:#(?:x([\da-f]{1,6})|(\d{1,7}))|([a-z]{2,6}));/gi, (whole, hex, decimal, name) => {
    if (name) return entities[name.toLowerCase()] ?? whole;
    const point = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });

/** HTML as readable text. */
export function stripHtml(html: string): string {
  const text = html.replace(/<(?:br|\/p|\/div|\/li|\/h\d)\b[^<>]*>/gi, ' ').replace(/<[^<>]*>/g, '');
  return decodeEntities(text).replace(/\s+/g, ' ').trim();
}

const chosenTypes: port.AnswerType[] = ['choice', 'choices', 'ranking'];

/** Whether an answer holds the respondent's own words: one of the choices that none of those offered is, or typed. */
export const holdsOwnWords = (
  type: port.AnswerType,
  values: string[],
  offered: string[] | null | undefined,
): boolean =>
  chosenTypes.includes(type) ? values.some((value) => !offered?.includes(value)) : isTypedByRespondent(type);

/** Whether the respondent typed the answer, such as a date of birth, in contrast to choosing it. */
export const isTypedByRespondent = (type: port.AnswerType): boolean =>
  !['choice', 'choices', 'number', 'yes-no', 'ranking', 'matrix'].includes(type);

/** The single value of a list of one. */
export function unwrapSingleValue(values: string[]): string | string[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}

/** One row of a matrix as a question of its own: `KEY.ROW`, "Title [Row]". */
export const createMatrixRowAnswer = (
  { id, title }: Pick<Question, 'id' | 'title'>,
  row: { id: string; title: string },
  value: string | string[],
  freeText = false,
): port.IncomingAnswer[] =>
  answered({ id: `${id}.${row.id}`, names: [], title: formatRowTitle(title, row.title) }, 'matrix', value, freeText);

export const formatRowTitle = (title: string, row: string): string =>
  [title, row && `[${row}]`].filter(Boolean).join(' ');
