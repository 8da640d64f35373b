/**
 * Makes text from a delivery (a chosen option, a question's title) inert as Markdown on every tracker and in
 * a plain-text copy of it: no mention, reference, link, HTML, command or line break survives.
 */
export function inert(text: string, most = 200): string {
  const line = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u2800]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const cut = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(line)];
  const short =
    cut.length > most
      ? `${cut
          .slice(0, most - 1)
          .map(({ segment }) => segment)
          .join('')}…`
      : line;
  return short
    .replace(/[&<>@#]/g, (character) => entities[character] ?? '')
    .replace(/\b(https?|ftp|mailto):/gi, '$1&#58;\u2060')
    .replace(/\bwww\./gi, 'www&#46;\u2060')
    .replace(/([\\`*_{}[\]()!|~$])/g, '\\$1')
    .replace(/^([/!+\-\d.])/, '\u2060$1');
}

/** A word joiner after at and hash keeps a plain-text copy from mentioning and referring as well. */
const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '@': '&#64;\u2060',
  '#': '&#35;\u2060',
};
