import { InvalidInputError } from '#domain/base/errors.ts';
import { decodeUtf8Text } from './json.ts';

const maxFormFields = 10_000;

/**
 * Reads a URL-encoded body; of two fields with one name the first counts.
 *
 * @throws InvalidInputError
 */
export function parseFormBody(body: Uint8Array): Map<string, string> {
  const pairs = decodeUtf8Text(body).split('&', maxFormFields + 1);
  if (pairs.length > maxFormFields) throw invalid('body', `has more than ${maxFormFields} fields`);
  const fields = new Map<string, string>();
  for (const pair of pairs) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = decode(at < 0 ? pair : pair.slice(0, at), 'body');
    if (!fields.has(name)) fields.set(name, decode(at < 0 ? '' : pair.slice(at + 1), name));
  }
  return fields;
}

function decode(text: string, field: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalid(field, 'is not URL-encoded UTF-8');
  }
}

function invalid(field: string, message: string): InvalidInputError {
  return new InvalidInputError(`The ${field === 'body' ? 'body' : `field ${field}`} ${message}.`, [{ field, message }]);
}
