import { InvalidInputError } from '#domain/base/errors.ts';
import { decodeUtf8Text } from './json.ts';

const maxFormFields = 10_000;

/** Reads a URL-encoded body; of two fields with one name the first counts. @throws InvalidInputError */
export function parseFormBody(body: Uint8Array): Map<string, string> {
  const text = decodeUtf8Text(body);
  if (text.split('&', maxFormFields + 1).length > maxFormFields)
    throw invalid('body', `has more than ${maxFormFields} fields`);
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    // Bytes that are no UTF-8 are replaced while reading.
    if (`${name}${value}`.includes('\ufffd')) throw invalid(name, 'is not URL-encoded UTF-8');
    if (!fields.has(name)) fields.set(name, value);
  }
  return fields;
}

const invalid = (field: string, message: string): InvalidInputError =>
  new InvalidInputError(`The ${field === 'body' ? 'body' : `field ${field}`} ${message}.`, [{ field, message }]);
