import { InvalidInputError } from '#domain/base/errors.ts';
import { joinBytes } from './signature.ts';

const maxMultipartParts = 1000;
const lineEndBytes = new TextEncoder().encode('\r\n');

type Part = { name: string; start: number; end: number; isFile: boolean };

/** Text parts of a multipart/form-data body by name; files are skipped, and the first line names the boundary. */
export function readMultipartTexts(body: Uint8Array): Map<string, string> {
  const parts = new Map<string, string>();
  for (const { name, start, end, isFile } of findMultipartParts(body)) {
    if (!isFile && !parts.has(name)) parts.set(name, decode(body.subarray(start, end), name));
  }
  return parts;
}

/** The same body with one part emptied. */
export function clearMultipartPart(body: Uint8Array, name: string): Uint8Array {
  const parts = findMultipartParts(body).filter((part) => part.name === name);
  return parts.reduceRight((left, { start, end }) => joinBytes([left.slice(0, start), left.slice(end)]), body);
}

/** Boundary of a body, for its content type. */
export function readBoundary(body: Uint8Array): string {
  const end = findBytes(body, lineEndBytes, 0);
  const line = end < 0 || end > 200 ? '' : String.fromCharCode(...body.subarray(0, end));
  const [, boundary] = /^--([\x21-\x7e]{1,70})$/.exec(line) ?? [];
  if (!boundary) throw invalid('body', 'is not multipart/form-data');
  return boundary;
}

function findMultipartParts(body: Uint8Array): Part[] {
  const delimiter = new TextEncoder().encode(`\r\n--${readBoundary(body)}`);
  const blankLineBytes = new TextEncoder().encode('\r\n\r\n');
  const parts: Part[] = [];
  // The first delimiter has no line end before it.
  let at = delimiter.length - lineEndBytes.length;
  while (!(body[at] === 0x2d && body[at + 1] === 0x2d)) {
    const start = findBytes(body, blankLineBytes, at);
    const end = start < 0 ? -1 : findBytes(body, delimiter, start + lineEndBytes.length);
    if (end < 0) throw invalid('body', 'ends in the middle of a part');
    const head = decode(body.subarray(at, start), 'body');
    const [, quoted, bare] = /[;\s]name=(?:"([^"\r\n]{0,200})"|([^\s;"]{1,200}))/i.exec(head) ?? [];
    const name = quoted ?? bare;
    if (name !== undefined)
      parts.push({
        name,
        start: Math.min(start + blankLineBytes.length, end),
        end,
        isFile: /[;\s]filename\*?=/i.test(head),
      });
    if (parts.length > maxMultipartParts) throw invalid('body', `has more than ${maxMultipartParts} parts`);
    at = end + delimiter.length;
  }
  return parts;
}

function findBytes(body: Uint8Array, wanted: Uint8Array, from: number): number {
  const first = wanted[0] ?? 0;
  for (let at = body.indexOf(first, from); at >= 0; at = body.indexOf(first, at + 1)) {
    if (wanted.every((byte, index) => body[at + index] === byte)) return at;
  }
  return -1;
}

function decode(bytes: Uint8Array, field: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid(field, 'is not UTF-8 text');
  }
}

const invalid = (field: string, message: string): InvalidInputError =>
  new InvalidInputError(`The ${field === 'body' ? 'body' : `part ${field}`} ${message}.`, [{ field, message }]);
