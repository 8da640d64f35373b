import type * as z from 'zod';
import { InvalidInputError } from '#domain/errors.ts';

/** What a request says, checked; each problem names its field. */
export function readBody<Shape>(shape: z.ZodType<Shape>, value: unknown, name = 'body'): Shape {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => ({
    field: path.join('.') || name,
    message,
  }));
  throw new InvalidInputError(
    problems.map(({ field, message }) => `${field}: ${message}`).join('; '),
    problems,
  );
}
