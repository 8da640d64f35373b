import * as z from 'zod';
import { InvalidInputError } from '#domain/base/errors.ts';
import type { AnswerType, IncomingAnswer, IncomingResponse } from '#domain/integrations/survey-source.ts';
import { cut } from '#domain/text/safe-text.ts';
import { type DateOrder, readTimeText } from './instants.ts';

/* Shared by the readers of all survey tools. */

export const maxAnswers = 1000;

/** Optional text. A number becomes text, and nothing of another type sets a response aside. */
export const Text = z
  .union([z.string(), z.union([z.number(), z.boolean()]).transform(String)])
  .nullish()
  .catch(null);

export const Fields = z.record(z.string(), z.unknown()).nullish().catch(null);

/** An id: text, or a number that becomes text. */
export const Id = z.union([z.string().min(1), z.number().transform(String)]);

const maxReadableInstant = Date.UTC(9999, 11, 31);

/** Reads a value by its schema. @throws InvalidInputError with the field */
export function readBySchema<Value>(title: string, schema: z.ZodType<Value>, given: unknown): Value {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'body', message }));
  const [first] = problems;
  throw new InvalidInputError(`Not a ${title}: ${first?.field}: ${first?.message}`, problems);
}

/** @throws InvalidInputError with the field, which holds too many answers */
export function checkAnswers(answers: unknown[], what: string, field: string): void {
  if (answers.length <= maxAnswers) return;
  const message = `has more than ${maxAnswers} answers`;
  throw new InvalidInputError(`${what} ${message}.`, [{ field, message }]);
}

/** @throws InvalidInputError with the field */
export const unusable = (title: string, field: string, message: string): InvalidInputError =>
  new InvalidInputError(`Not a ${title}: ${field}: ${message}`, [{ field, message }]);

/** Instant in UTC milliseconds from the usual spellings of a time, or from Unix time; null for other values. */
export function instant(given: unknown, zone = 'UTC', order: DateOrder = 'iso'): number | null {
  const at = readInstant(typeof given === 'string' ? given.trim() : given, zone, order);
  return at !== null && at >= 0 && at <= maxReadableInstant ? at : null;
}

function readInstant(given: unknown, zone: string, order: DateOrder): number | null {
  if (typeof given === 'number') return Math.round(given > 1e11 ? given : given * 1000);
  if (typeof given !== 'string' || given === '') return null;
  if (/^\d{9,14}(\.\d+)?$/.test(given)) return readInstant(Number(given), zone, order);
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
  const unreadable = given.map(
    ([name, value]) => `${name} is "${cut(toReadableText(value), 40)}", no time that can be read`,
  );
  const notes = unreadable.map(
    (problem) => `${problem}: the time of arrival counts; let the survey tool send a time such as 2026-11-24T08:00:00Z`,
  );
  return { at, notes };
}

/** Orders the states of one response: a finished one comes after every part of it, one without a time comes first. */
export const computeRevision = (at: number | null, partial: boolean): number => (at ?? 0) * 2 + (partial ? 0 : 1);

type Facts = Omit<IncomingResponse, 'revision' | 'submittedAt'>;

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
  Partial<Facts> & { at: number | null; changedAt?: number | null; receivedAt?: number }): IncomingResponse {
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
  if (Array.isArray(value)) return value.map(toReadableText).filter(Boolean).join(', ');
  const parts = Object.entries(value ?? {}).map(([name, part]) => [name, toReadableText(part)]);
  return parts.flatMap(([name, part]) => (part ? `${name}: ${part}` : [])).join('; ');
}

/** An answer of a form that is not understood, as text. */
export function createTextAnswer(question: IncomingAnswer['question'], value: unknown): IncomingAnswer[] {
  const text = toReadableText(value);
  return text === '' ? [] : [{ question, type: 'other', value: text, freeText: true }];
}

/** A number sent as text, with a decimal point or comma; inexact digits and grouped thousands stay text. */
export function toExactNumber(text: string): number | null {
  const plain = text.trim().replace(/^(-?\d{1,15}),(\d{1,2})$/, '$1.$2');
  if (!/^[+-]?\d{1,16}(\.\d+)?$/.test(plain)) return null;
  const number = Number(plain);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? null : number;
}

/** Scalars of an object by name, with a prefix before each name. */
export const scalars = (given: unknown, prefix = ''): [string, string][] =>
  Object.entries(given ?? {}).flatMap(([name, value]): [string, string][] => {
    const text = asText(value);
    return text === null ? [] : [[prefix + name, text]];
  });

/** HTML as readable text. */
export function stripHtml(html: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };
  return html
    .replace(/<(?:br|\/p|\/div|\/li|\/h\d)\b[^<>]*>/gi, ' ')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Whether the respondent typed the answer, such as a date of birth, in contrast to choosing it. */
export const isTypedByRespondent = (type: AnswerType): boolean =>
  !['choice', 'choices', 'number', 'yes-no', 'ranking', 'matrix'].includes(type);

/** The single value of a list of one. */
export function unwrapSingleValue(values: string[]): string | string[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}

/** One row of a matrix as a question of its own: `KEY.ROW`, "Title [Row]". */
export function createMatrixRowAnswer(
  question: { id: string; title: string },
  row: { id: string; title: string },
  value: string | string[],
): IncomingAnswer {
  return {
    question: { id: `${question.id}.${row.id}`, names: [], title: formatRowTitle(question.title, row.title) },
    type: 'matrix',
    value,
    freeText: false,
  };
}

export const formatRowTitle = (title: string, row: string): string =>
  [title, row && `[${row}]`].filter(Boolean).join(' ');
