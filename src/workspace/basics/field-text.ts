import { InvalidInputError } from '#domain/base/errors.ts';
import { isBlank } from '#domain/text/safe-text.ts';

/**
 * A person's text in a field, trimmed.
 *
 * @throws InvalidInputError when it is empty or longer than `longest` characters
 */
export function wording(field: string, text: string, remedy: string, longest = 4000): string {
  const given = text.trim();
  if (isBlank(given)) refuseField(field, `is empty; ${remedy}`);
  if (given.length > longest) refuseField(field, `is longer than ${longest} characters`);
  return given;
}

/** Refuses a field. `message` continues a sentence that starts with the field's name. */
export function refuseField(field: string, message: string): never {
  throw new InvalidInputError(`${field}: ${message}`, [{ field, message }]);
}
