import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type * as z from 'zod';
import { InvalidInputError } from '#domain/errors.ts';
import { readPlainly } from '#domain/plain-words.ts';

/** What a request says, checked; each problem names its field. */
export function readBody<Shape>(shape: z.ZodType<Shape>, value: unknown, name = 'body'): Shape {
  const { value: read, findings } = readPlainly(shape, value);
  if (!findings) return read;
  const problems = findings.map(({ path, message }) => ({ field: path.join('.') || name, message }));
  throw new InvalidInputError(
    problems.map(({ field, message }) => `${field}: ${message}`).join('; '),
    problems,
  );
}

/** What a request's JSON says, checked; text that is no JSON is checked as null. */
export const bodyOf = async <Shape>(c: Context, shape: z.ZodType<Shape>): Promise<Shape> =>
  readBody(shape, await c.req.json().catch(() => null));

/** Refuses a larger body before it is read. */
export function atMost(mebibytes: number, remedy: string) {
  return bodyLimit({
    maxSize: mebibytes * 1024 * 1024,
    onError: () => {
      throw new InvalidInputError(`body: is larger than ${mebibytes} MiB; ${remedy}`);
    },
  });
}
