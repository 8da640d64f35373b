import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type * as z from 'zod';
import { InvalidInputError } from '#domain/base/errors.ts';
import { parseWithPlainFindings } from '#domain/base/plain-words.ts';
import { refuseField } from '../workspace/basics/field-text.ts';

/** What a request says, checked; each problem names its field. */
export function validateRequestValue<Value>(schema: z.ZodType<Value>, value: unknown, name = 'body'): Value {
  const { value: read, findings } = parseWithPlainFindings(schema, value, 'is not known here');
  if (!findings) return read;
  const problems = findings.map(({ path, message }) => ({ field: path.join('.') || name, message }));
  throw new InvalidInputError(problems.map(({ field, message }) => `${field}: ${message}`).join('; '), problems);
}

/** What a request's JSON says, checked. */
export const bodyOf = async <Value>(c: Context, schema: z.ZodType<Value>): Promise<Value> => {
  const value = await c.req.json().catch(() => refuseField('body', 'is not JSON'));
  return validateRequestValue(schema, value);
};

export function atMost(mebibytes: number, remedy: string) {
  return bodyLimit({
    maxSize: mebibytes * 1024 * 1024,
    onError: () => {
      throw new InvalidInputError(`body: is larger than ${mebibytes} MiB; ${remedy}`);
    },
  });
}
