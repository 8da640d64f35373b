import { Buffer } from 'node:buffer';

/* Words that may appear nowhere outside, and how programs on the way may have written them. */

const bytesOf = (text: string, encoding: 'utf8' | 'utf16le' = 'utf8') => Buffer.from(text, encoding);
const escaped = (text: string, write: (code: number) => string) =>
  [...bytesOf(text)].map((byte) => write(byte)).join('');
const hex = (byte: number) => byte.toString(16).padStart(2, '0');
/** Base64 of words that stand in a longer text, without the signs that depend on their neighbours. */
const inside = (text: string, before: number) =>
  bytesOf(' '.repeat(before) + text)
    .toString('base64')
    .slice(before + 1, -4);

export const encodings: Record<string, (text: string) => string> = {
  plain: (text) => text,
  percent: (text) => escaped(text, (byte) => `%${hex(byte)}`),
  'twice percent': (text) => escaped(text, (byte) => `%25${hex(byte)}`),
  base64: (text) => bytesOf(text).toString('base64').replace(/=+$/, ''),
  'base64 inside': (text) => inside(text, 1),
  'base64 further inside': (text) => inside(text, 2),
  hex: (text) => bytesOf(text).toString('hex'),
  'decimal entities': (text) => escaped(text, (byte) => `&#${byte};`),
  'hexadecimal entities': (text) => escaped(text, (byte) => `&#x${hex(byte)};`),
  'quoted-printable': (text) => escaped(text, (byte) => `=${hex(byte).toUpperCase()}`),
  'JavaScript escapes': (text) => escaped(text, (byte) => `\\u00${hex(byte)}`),
  'UTF-16': (text) => bytesOf(text, 'utf16le').toString('latin1'),
  'UTF-16 in hex': (text) => bytesOf(text, 'utf16le').toString('hex'),
  'UTF-16 in base64': (text) => bytesOf(text, 'utf16le').toString('base64').replace(/=+$/, ''),
  punycode: (text) => `xn--${text}-9za`,
  reversed: (text) => [...text].reverse().join(''),
  'split by blanks that nobody sees': (text) => [...text].join('\u200b'),
  'split by joiners': (text) => [...text].join('\u2060'),
  'wide letters': (text) => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
};

/** A text as its readers see it: entities and escapes read, and without what nobody sees. */
const asRead = (text: string): string =>
  text
    .replace(/&#x([\da-f]{1,6});/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&#(\d{1,6});/g, (_, code) => String.fromCodePoint(Number(code)))
    .normalize('NFKC')
    .replace(/[\p{Default_Ignorable_Code_Point}\\]/gu, '');

/** Which of these words stand in a text, in any encoding. */
export function findCanaries(text: string, canaries: Iterable<string>): string[] {
  const views = [...new Set([text, asRead(text)])].map((view) => view.toLowerCase());
  return [...canaries].filter((canary) =>
    Object.values(encodings).some((encode) => views.some((view) => view.includes(encode(canary).toLowerCase()))),
  );
}
