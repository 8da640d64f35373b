import type { Context, MiddlewareHandler } from 'hono';
import type * as z from 'zod';
import { mayBeJson } from '#adapters/json.ts';
import { AppError, describeProblems, InvalidInputError } from '#domain/base/errors.ts';
import { parseWithPlainFindings } from '#domain/base/plain-words.ts';
import { cut, toWellFormedCopy } from '#domain/text/safe-text.ts';
import { secondMs } from '#domain/time/units.ts';
import { refuseField } from '../workspace/basics/case-operation.ts';

const kibibyte = 1024;
/** Time for a whole body, so that a sender of a byte a second is cut off as well. */
const longestBodyMs = 30 * secondMs;

/** What a request says, checked; each problem names its field. */
export function validateRequestValue<Value>(schema: z.ZodType<Value>, value: unknown, name = 'body'): Value {
  const { value: read, findings } = parseWithPlainFindings(schema, value, 'is not known here');
  if (!findings) return read;
  const problems = findings.map(({ path, message }) => ({ field: path.join('.') || name, message }));
  throw new InvalidInputError(describeProblems(problems).replaceAll('\n', '; '), problems);
}

/** What a request's JSON says, checked. */
export const bodyOf = async <Value>(c: Context, schema: z.ZodType<Value>): Promise<Value> => {
  const type = c.req.header('content-type');
  if (!mayBeJson(type))
    throw new AppError('unsupported', `body: is of type ${cut(type ?? '', 60)}; send application/json`);
  const value = await c.req.json().catch(() => refuseField('body', 'is not JSON'));
  return toWellFormedCopy(validateRequestValue(schema, value));
};

/** Texts and files of a posted form by their names. */
export const readForm = async (c: Context): Promise<Map<string, string | File>> => {
  const fields = await c.req.parseBody().catch(() => refuseField('body', 'is no form that can be read; send it again'));
  return new Map(Object.entries(fields as Record<string, string | File>));
};

export type BodyLimit = { kibibytes: number; remedy: string };

/** Limit of every body that has none of its own. */
export const usualLimit: BodyLimit = { kibibytes: kibibyte, remedy: 'send less at once' };

/** Calls when the time for a body is over; @returns what stops the clock. */
type Deadline = (isOver: () => void) => () => void;

const endLongBody: Deadline = (isOver) => {
  const timer = setTimeout(isOver, longestBodyMs);
  return () => clearTimeout(timer);
};

function countUpTo(limit: BodyLimit, ending: AbortController): TransformStream<Uint8Array, Uint8Array> {
  let size = 0;
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > limit.kibibytes * kibibyte) ending.abort(tooLarge(limit));
      controller.enqueue(chunk);
    },
  });
}

/** A whole body, up to its time. One of unknown length is counted as it arrives, which is several times slower. */
function readWithin(request: Request, isCounted: boolean, limit: BodyLimit, deadline: Deadline): Promise<ArrayBuffer> {
  const ending = new AbortController();
  const { signal } = ending;
  const ended = new Promise<never>((_, failed) => signal.addEventListener('abort', () => failed(signal.reason)));
  const stop = deadline(() => ending.abort(tooSlow()));
  const body = isCounted ? request.body?.pipeThrough(countUpTo(limit, ending), { signal }) : null;
  const whole = body ? new Response(body).arrayBuffer() : request.arrayBuffer();
  const read = whole.catch(() => Promise.reject(brokenOff()));
  return Promise.race([read, ended]).finally(stop);
}

const tooSlow = (): AppError =>
  new AppError('too-slow', `body: did not arrive within ${longestBodyMs / secondMs} seconds; send it again`);

const brokenOff = () => new InvalidInputError('body: broke off before its end; send it again');

/** Lets a request through with its whole body, within a limit of size and time. */
export function limitBody(limit: BodyLimit, deadline = endLongBody): MiddlewareHandler {
  return async ({ req }, next) => {
    const { body, headers } = req.raw;
    const encoding = headers.get('content-encoding') ?? '';
    if (!/^(identity)?$/i.test(encoding.trim()))
      throw new AppError(
        'unsupported',
        `body: is encoded as ${encoding.slice(0, 40)}; send it without Content-Encoding`,
      );
    const length = Number(headers.get('content-length') ?? Number.NaN);
    if (length > limit.kibibytes * kibibyte) throw tooLarge(limit);
    // An address may stand under two routes.
    const known = await req.bodyCache.arrayBuffer;
    if (known && known.byteLength > limit.kibibytes * kibibyte) throw tooLarge(limit);
    if (body && !known) {
      const bytes = await readWithin(req.raw, Number.isNaN(length), limit, deadline);
      if (bytes.byteLength > limit.kibibytes * kibibyte) throw tooLarge(limit);
      Object.assign(req.bodyCache, { arrayBuffer: Promise.resolve(bytes) });
    }
    await next();
  };
}

function tooLarge({ kibibytes, remedy }: BodyLimit): AppError {
  const size = kibibytes < kibibyte ? `${kibibytes} KiB` : `${kibibytes / kibibyte} MiB`;
  return new AppError('too-large', `body: is larger than ${size}; ${remedy}`);
}
