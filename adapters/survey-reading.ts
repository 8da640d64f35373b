import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import { InvalidInputError } from '#domain/base/errors.ts';
import type { AnswerType, IncomingAnswer, IncomingResponse } from '#domain/integrations/survey-source.ts';

/* Shared by the readers of all survey tools. */

export const maxAnswers = 1000;

/** Optional text. */
export const Text = z.string().nullish();

/** An id: text, or a number that becomes text. */
export const Id = z.union([z.string().min(1), z.number().transform(String)]);

const maxReadableInstant = Date.UTC(9999, 11, 31);

/**
 * Reads a value by its schema.
 *
 * @throws InvalidInputError with the field
 */
export function readBySchema<Value>(title: string, schema: z.ZodType<Value>, given: unknown): Value {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => ({
    field: path.join('.') || 'body',
    message,
  }));
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
export function unusable(title: string, field: string, message: string): InvalidInputError {
  return new InvalidInputError(`Not a ${title}: ${field}: ${message}`, [{ field, message }]);
}

/**
 * An instant in UTC milliseconds from ISO 8601, or from Unix time in seconds or milliseconds; null for other values.
 *
 * @param zone time zone of a time without an offset
 */
export function instant(given: unknown, zone = 'UTC'): number | null {
  const at = readInstant(typeof given === 'string' ? given.trim() : given, zone);
  return at !== null && at >= 0 && at <= maxReadableInstant ? at : null;
}

function readInstant(given: unknown, zone: string): number | null {
  if (typeof given === 'number') return Math.round(given > 1e11 ? given : given * 1000);
  if (typeof given !== 'string' || given === '') return null;
  if (/^\d{9,14}(\.\d+)?$/.test(given)) return readInstant(Number(given), zone);
  if (/(?:Z|GMT|[+-]\d\d:?\d\d)$/i.test(given)) {
    const at = Date.parse(given);
    return Number.isNaN(at) ? null : at;
  }
  try {
    return Temporal.PlainDateTime.from(given).toZonedDateTime(zone).epochMilliseconds;
  } catch {
    return null;
  }
}

/** Orders the states of one response: a finished one comes after every part of it, one without a time comes first. */
export function computeRevision(at: number | null, partial: boolean): number {
  return (at ?? 0) * 2 + (partial ? 0 : 1);
}

type Facts = Omit<IncomingResponse, 'revision' | 'submittedAt'>;

/**
 * A response, in most tools finished, in no language, and with nothing beside its answers.
 *
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
export function toHttpsLink(given: unknown): string | null {
  return typeof given === 'string' && given.startsWith('https://') ? given : null;
}

/** A scalar as text; null for other values. */
export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** Scalars of an object by name, with a prefix before each name. */
export function scalars(given: unknown, prefix = ''): [string, string][] {
  return Object.entries(given ?? {}).flatMap(([name, value]): [string, string][] => {
    const text = asText(value);
    return text === null ? [] : [[prefix + name, text]];
  });
}

/** HTML as readable text. */
export function stripHtml(html: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };
  return html
    .replace(/<[^<>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities[name] ?? '')
    .trim();
}

/** Whether the respondent typed the answer, such as a date of birth, in contrast to choosing it. */
export function isTypedByRespondent(type: AnswerType): boolean {
  return !['choice', 'choices', 'number', 'yes-no', 'ranking', 'matrix'].includes(type);
}

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

export function formatRowTitle(title: string, row: string): string {
  return [title, row && `[${row}]`].filter(Boolean).join(' ');
}
