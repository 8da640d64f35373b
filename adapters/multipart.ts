import { Buffer } from 'node:buffer';
import { InvalidInputError } from '#domain/base/errors.ts';

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

export const toByteText = (body: Uint8Array): string => Buffer.from(body).toString('latin1');

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
