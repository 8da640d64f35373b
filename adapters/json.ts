import { InvalidInputError } from '#domain/base/errors.ts';

const maxJsonDepth = 64;
const maxJsonKeys = 10_000;

/**
 * JSON of unknown origin, its depth and keys checked before anything is built; integers too large stay text.
 *
 * @param type content type, whose charset counts where the body is not UTF-8
 */
export const readJson = (body: Uint8Array, limit = maxJsonKeys, type = ''): unknown =>
  readJsonText(decodeUtf8Text(body, type), 'The body', limit);

/** Whether a content type may be JSON. Many tools name none, or plain text. */
export const mayBeJson = (type = ''): boolean =>
  /^(|text\/(plain|json)|application\/(x-)?json|[\w.-]+\/[\w.-]+\+json)\s*([;,]|$)/i.test(type.trim());

/** @throws InvalidInputError also for a delivery of another content type */
export function readJsonDelivery({ body, headers }: { body: Uint8Array; headers: Record<string, string> }): unknown {
  if (!mayBeJson(headers['content-type']))
    throw invalid('The body', 'has the content type of something else; let the tool send application/json');
  return readJson(body, maxJsonKeys, headers['content-type']);
}

/** @throws InvalidInputError */
export function decodeUtf8Text(body: Uint8Array, type = ''): string {
  const [, named = 'utf-8'] = /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(type) ?? [];
  for (const charset of ['utf-8', named]) {
    try {
      return new TextDecoder(charset, { fatal: true, ignoreBOM: false }).decode(body);
    } catch {
      // The other one may fit.
    }
  }
  throw invalid('The body', 'is not UTF-8 text; let the tool send UTF-8');
}

/** JSON inside a text; `what` names it in errors, such as "The field MSG". */
export function readJsonText(text: string, what: string, limit = maxJsonKeys): unknown {
  checkJsonSize(text, what, limit);
  try {
    return JSON.parse(text, (key, value, context?: { source?: string }) => {
      // JSON.parse makes an own property of it, which is dropped because no field has this name.
      if (key === '__proto__') return undefined;
      const isInexactNumber = typeof value === 'number' && !isExactNumber(value);
      return isInexactNumber && context?.source ? context.source : value;
    });
  } catch {
    throw invalid(
      what,
      'is not JSON; let the tool escape quotes and line breaks in answers, and send them unencrypted',
    );
  }
}

/** JSON whose size needs no check; null for any other text. */
export function jsonOrNull(body: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
  } catch {
    return null;
  }
}

const maxFormFields = 10_000;

/** The fields of a URL-encoded body; of two with one name the first counts. @throws InvalidInputError */
export const parseFormBody = (body: Uint8Array): Map<string, string> => new Map(readFormFields(body).toReversed());

/** The fields of a URL-encoded body in order. @throws InvalidInputError */
export function readFormFields(body: Uint8Array): [string, string][] {
  const text = decodeUtf8Text(body);
  if (text.split('&', maxFormFields + 1).length > maxFormFields)
    throw invalid('The body', `has more than ${maxFormFields} fields`);
  const fields = [...new URLSearchParams(text)];
  // Bytes that are no UTF-8 are replaced while reading.
  const [broken] = fields.find((field) => field.join('').includes('\ufffd')) ?? [];
  if (broken !== undefined) throw invalid(`The field ${broken}`, 'is not URL-encoded UTF-8; let the tool send UTF-8');
  return fields;
}

const isExactNumber = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));

function invalid(what: string, problem: string): InvalidInputError {
  const field = what.replace(/^The (field )?/, '');
  return new InvalidInputError(`${what} ${problem}.`, [{ field, message: problem }]);
}

function checkJsonSize(text: string, what: string, limit: number): void {
  let [depth, deepest, keys, values] = [0, 0, 0, 0];
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x22) inText = !inText;
    else if (inText) index += code === 0x5c ? 1 : 0;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth -= 1;
    else if (code === 0x3a) keys += 1;
    else if (code === 0x2c) values += 1;
  }
  if (deepest > maxJsonDepth) throw invalid(what, `is nested deeper than ${maxJsonDepth} levels`);
  if (keys > limit) throw invalid(what, `has more than ${limit} keys`);
  if (values > 5 * limit) throw invalid(what, `has more than ${5 * limit} values`);
}
