import { Buffer } from 'node:buffer';
import { InvalidInputError } from '#domain/base/errors.ts';
import type { RawDelivery } from '#domain/integrations/survey-source.ts';
import { readFormFields, readJson, readJsonDelivery } from './json.ts';
import { parseShortNumber } from './survey-reading.ts';

/** The fields of a delivery as JSON: of JSON, or of a form by its content type. @throws InvalidInputError */
export function readDeliveredFields(delivery: RawDelivery): unknown {
  const kind = kindOfBody(delivery);
  if (kind === 'multipart') return convertFormToJson(readMultipartTexts(delivery.body));
  if (kind === 'form') return convertFormToJson(readFormFields(delivery.body));
  // Programs that name no type for their JSON send it under that of a form.
  return isForm(delivery) ? readJson(delivery.body) : readJsonDelivery(delivery);
}

const formType = 'application/x-www-form-urlencoded';
const isForm = ({ headers }: RawDelivery, type = formType): boolean =>
  headers['content-type']?.toLowerCase().startsWith(type) ?? false;

export function kindOfBody(delivery: RawDelivery): 'multipart' | 'form' | 'json' {
  if (isForm(delivery, 'multipart/form-data')) return 'multipart';
  return isForm(delivery) && !isJson(delivery.body) ? 'form' : 'json';
}

/**
 * `a.b` and `a[b]` nest, and `a[]` and repeated fields are lists. Short numbers become numbers,
 * because a form has no types.
 */
function convertFormToJson(fields: [string, string][]): unknown {
  const json: Record<string, unknown> = Object.create(null);
  for (const [name, value] of fields) {
    const isList = name.endsWith('[]');
    // The words of a question may hold dots, which nest nothing.
    const path = name
      .split(/[[\]]+/)
      .flatMap((part) => (/\s/.test(part) ? part : part.split('.')))
      .filter(Boolean)
      .slice(0, 20);
    const last = path.pop() ?? name;
    let target = json;
    for (const step of path) {
      const inner = target[step];
      if (typeof inner !== 'object') target[step] = Object.create(null);
      else if (Array.isArray(inner)) target[step] = Object.assign(Object.create(null), inner);
      target = target[step] as Record<string, unknown>;
    }
    const given = parseShortNumber(value) ?? value;
    const before = target[last];
    if (Array.isArray(before)) before.push(given);
    else if (before === undefined) target[last] = isList ? [given] : given;
    else if (typeof before !== 'object') target[last] = [before, given];
  }
  return json;
}

/** Whether a body begins as JSON does, perhaps after a mark of its order of bytes. */
export const isJson = (body: Uint8Array): boolean => /^(\xef\xbb\xbf)?\s*[{[]/.test(toByteText(body.subarray(0, 100)));

export const guessContentType = (body: Uint8Array): string =>
  isJson(body) ? 'application/json' : body[0] === 0x2d ? 'multipart/form-data' : formType;

const maxMultipartParts = 1000;

/** Text parts of a multipart/form-data body with their names; files are skipped, and the first line names the boundary. */
export const readMultipartTexts = (body: Uint8Array): [string, string][] =>
  splitMultipart(body).parts.flatMap(({ name, head, content }): [string, string][] =>
    name === null || /[;\s]filename\*?=/i.test(head)
      ? []
      : [[decode(name, 'name').replaceAll('%22', '"'), decode(content, name)]],
  );

/** The same body with one part emptied. */
export function clearMultipartPart(body: Uint8Array, cleared: string): Uint8Array {
  const { delimiter, parts, end } = splitMultipart(body);
  const texts = parts.map(({ name, head, content }) => head + (name === cleared ? '' : content));
  return Buffer.from(
    [...texts, end]
      .map((text) => delimiter + text)
      .join('')
      .slice(2),
    'latin1',
  );
}

/** Boundary of a body, for its content type. */
export function readBoundary(body: Uint8Array): string {
  const [, boundary] = /^\s*--([\x20-\x7e]{0,69}[\x21-\x7e])[ \t]*\r\n/.exec(toByteText(body.subarray(0, 200))) ?? [];
  if (!boundary) throw invalid('body', 'is not multipart/form-data');
  return boundary;
}

const toByteText = (body: Uint8Array): string => Buffer.from(body).toString('latin1');

function splitMultipart(body: Uint8Array) {
  const delimiter = `\r\n--${readBoundary(body)}`;
  // The first delimiter has no line end before it.
  const [, ...all] = `\r\n${toByteText(body)}`.split(delimiter, maxMultipartParts + 3);
  const count = all.findIndex((part) => part.startsWith('--'));
  if (all.length > maxMultipartParts + 1) throw invalid('body', `has more than ${maxMultipartParts} parts`);
  if (count < 0) throw invalid('body', 'ends in the middle of a part');
  const parts = all.slice(0, count).map((part) => {
    const blank = part.indexOf('\r\n\r\n');
    const start = blank < 0 ? part.length : blank + 4;
    const head = part.slice(0, start);
    const [, quoted, bare] = /[;\s]name=(?:"([^"\r\n]{0,2000})"|([^\s;"]{1,200}))/i.exec(head) ?? [];
    return { name: quoted ?? bare ?? null, head, content: part.slice(start) };
  });
  return { delimiter, parts, end: all.slice(count).join(delimiter) };
}

function decode(bytes: string, field: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    throw invalid(field, 'is not UTF-8 text');
  }
}

const invalid = (field: string, message: string): InvalidInputError =>
  new InvalidInputError(`The ${field === 'body' ? 'body' : `part ${field}`} ${message}.`, [{ field, message }]);
