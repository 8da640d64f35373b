import { lazy } from '../base/memoize.ts';

/* Text of others without characters that nobody sees or that draw over others; the store keeps the original. */

const flags =
  /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}/u;
const rightToLeft =
  '[\\p{Script=Hebrew}\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Thaana}\\p{Script=Nko}\\p{Script=Adlam}]';
const joining =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Deva}\p{Script=Beng}\p{Script=Guru}\p{Script=Gujr}\p{Script=Orya}\p{Script=Taml}\p{Script=Telu}\p{Script=Knda}\p{Script=Mlym}\p{Script=Sinh}\p{Script=Khmr}\p{Script=Mymr}\p{Script=Tibt}]/u;

const invisible =
  /\u{1f3f4}[\u{e0020}-\u{e007f}]+|[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\ufff9-\ufffb\u2800]/gu;
const anyInvisible = new RegExp(invisible.source, 'u');
const anyRightToLeft = new RegExp(rightToLeft, 'u');
const anyLeftToRight = new RegExp(`(?!${rightToLeft})\\p{L}`, 'u');

/** Scripts that write no blanks between words, as the inside of a class of a pattern. */
export const scriptsWithoutBlanks =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';

/** Every text in a JSON value. */
export function listTexts(json: unknown): string[] {
  if (typeof json === 'string') return [json];
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(listTexts) : [];
}

/** A copy of a value, such as a delivery, whose texts hold no lone surrogates. */
export function toWellFormedCopy<Value>(value: Value): Value {
  const copy = (part: unknown): unknown => {
    if (typeof part === 'string') return part.toWellFormed();
    if (Array.isArray(part)) return part.map(copy);
    if (part instanceof Map) return new Map([...part].map(([key, each]) => [copy(key), copy(each)]));
    if (typeof part !== 'object' || part === null || part instanceof Uint8Array) return part;
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, copy(each)]));
  };
  return copy(value) as Value;
}

/** Text for people: line breaks and tabs stay, and so do the joiners and selectors that scripts and emoji need. */
export function toShownText(text: string): string {
  const clean = text.toWellFormed().replace(/\r\n?|[\u0085\u2028\u2029\v\f]/g, '\n');
  const shown = anyInvisible.test(clean.replace(/[\n\t]/g, '')) ? clean.replace(invisible, showCharacter) : clean;
  // More marks on one letter draw over other lines; some scripts need up to eight.
  return shown
    .replace(/([\p{M}&&\p{Script=Inherited}]{4})[\p{M}&&\p{Script=Inherited}]+/gv, '$1')
    .replace(/(\p{M}{8})\p{M}+/gu, '$1');
}

function showCharacter(character: string, offset: number, whole: string): string {
  if (character === '\n' || character === '\t') return character;
  if (character === '\u2800') return ' ';
  if (/\p{Noncharacter_Code_Point}/u.test(character)) return '\ufffd';
  if (character.startsWith('\u{1f3f4}')) return flags.exec(character)?.[0] ?? '\u{1f3f4}';
  const before = /.$/su.exec(whole.slice(Math.max(0, offset - 2), offset))?.[0] ?? '';
  const after = String.fromCodePoint(whole.codePointAt(offset + character.length) ?? 0);
  return isNeeded(character, before, after, whole) ? character : '';
}

function isNeeded(character: string, before: string, after: string, whole: string): boolean {
  if (character === '\u200d' && /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u.test(before))
    return /\p{Extended_Pictographic}/u.test(after);
  if (character === '\u200c' || character === '\u200d') return joining.test(before);
  if (character === '\ufe0e' || character === '\ufe0f')
    return /\p{Extended_Pictographic}/u.test(before) || (/[\d#*]/.test(before) && after === '\u20e3');
  if (/[\ufe00-\ufe0d\u{e0100}-\u{e01ef}]/u.test(character))
    return /[\p{Script=Han}\p{Sm}\p{Script=Mymr}\p{Script=Phag}]/u.test(before);
  if (/[\u180b-\u180f]/.test(character)) return /\p{Script=Mong}/u.test(before);
  if (character === '\u034f') return /\p{M}/u.test(before) && /\p{M}/u.test(after);
  if (/[\u200e\u200f\u061c]/.test(character)) return anyRightToLeft.test(whole) && before !== character;
  return false;
}

/** One line of text for people, at most `most` characters long. */
export const toShownLine = (text: string, most = 200): string =>
  cut(toShownText(text).replace(/\s+/g, ' ').trim(), most);

/** Text for comparisons: case, width and invisible characters do not count. */
export const fold = (text: string): string =>
  (isPlain(text) ? text : toComparable(text).replace(/\s+/gu, ' ').trim()).toLowerCase();

const isPlain = (text: string): boolean => /^(?:[!-~]+(?: [!-~]+)*)?$/.test(text);

/** Text for patterns, whose authors decide about case. */
export const toComparable = (text: string): string =>
  text.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}|(?!\s)\p{Cc}/gu, '');

/** Whether a text shows nothing: blanks, line breaks and invisible characters. */
export const isBlank = (text: string): boolean =>
  !/[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);

const graphemes = lazy(() => new Intl.Segmenter('en', { granularity: 'grapheme' }));
const sentences = lazy(() => new Intl.Segmenter('en', { granularity: 'sentence' }));

/** The beginning of a text, at most `most` UTF-16 units with its end, cut between the characters that people see. */
export function cut(text: string, most: number, end = '…'): string {
  if (text.length <= most) return text;
  const room = Math.max(0, most - end.length);
  const at = graphemes().segment(text).containing(room)?.index ?? 0;
  // A single character may be longer than the room.
  return (at > 0 ? text.slice(0, at) : text.slice(0, room).replace(/[\ud800-\udbff]$/, '')) + end;
}

/** The beginning of a text up to the last whole sentence within `most`; without one near, up to a word. */
export function cutAtSentence(text: string, most: number): string {
  if (text.length <= most) return text;
  const part = cut(text, most, '');
  const last =
    sentences()
      .segment(part)
      .containing(part.length - 1)?.index ?? 0;
  const word = part.lastIndexOf(' ');
  return part.slice(0, last > most / 2 ? last : word > most / 2 ? word : part.length).trimEnd();
}

/** A value in a sentence of ours, isolated where its direction is another, so that neither reorders the other. */
export function isolate(text: string, direction: 'ltr' | 'rtl' = 'ltr'): string {
  const isMixed = direction === 'ltr' ? anyRightToLeft.test(text) : anyLeftToRight.test(text);
  return isMixed ? `\u2068${text}\u2069` : text;
}

const joiner = '\u2060';
const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '@': `&#64;${joiner}`,
  '#': `&#35;${joiner}`,
};

/** Text of a delivery escaped for Markdown: no mention, reference, link, HTML, command or line break survives. */
export const escapeMarkdown = (text: string, most = 200): string =>
  breakExpressions(toShownLine(text, most))
    .replace(/[&<>@#]/g, (character) => entities[character] ?? '')
    .replace(/:(?=\/\/|[\p{L}\p{N}_+-]+(?::|$))/gu, `&#58;${joiner}`)
    .replace(/\b(mailto|xmpp|tel|sms|callto|javascript|data):(?=\S)/gi, `$1&#58;${joiner}`)
    .replace(/www\./gi, `www${joiner}&#46;${joiner}`)
    .replace(/(?<=[\p{L}\d])\.(?=\p{L}{2})/gu, `.${joiner}`)
    .replace(/(?<=\b(?=\w*[a-z])\w{1,40})-(?=\d)|(?<=\bGHSA)-/gi, `&#45;${joiner}`)
    .replace(/[0-9a-f]{7,}/gi, (hash) => hash.replace(/.{6}(?=.)/g, `$&${joiner}`))
    .replace(/^([/!+\-\d.])/, `${joiner}$1`)
    .replace(/([\\`*_{}[\]()!|~$])/g, '\\$1');

/** Breaks up the openers of expression and template languages, which machines that read an issue may fill in. */
export const breakExpressions = (text: string): string =>
  text.replace(/[$#%@{]\{|\{(?=[{%#])|<[%?#]|\$\(/g, (opener) => [...opener, ''].join(joiner));

/** A text that Caselite folded in an issue: its summary, and what is folded. Escaped text holds no such tags. */
export const foldedText = /<details><summary>([^<]*)<\/summary>\n\n([\s\S]*?)\n\n<\/details>/g;
