const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // A word joiner after at and hash keeps a plain-text copy from mentioning or referring.
  '@': '&#64;\u2060',
  '#': '&#35;\u2060',
};

/**
 * Escapes text of a delivery, such as a choice or a question's title, for the Markdown of every tracker and its
 * plain-text copy: no mention, reference, link, HTML, command or line break survives.
 */
export function escapeMarkdown(text: string, most = 200): string {
  return toSingleLine(text, most)
    .replace(/[&<>@#]/g, (character) => entities[character] ?? '')
    .replace(/(https?|ftp|mailto):/gi, '$1&#58;\u2060')
    .replace(/www\./gi, 'www&#46;\u2060')
    .replace(/\b([A-Za-z]{1,10})-(?=\d)/g, '$1&#45;\u2060')
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{7,}\b/gi, (hash) => `${hash.slice(0, 3)}\u2060${hash.slice(3)}`)
    .replace(/([\\`*_{}[\]()!|~$])/g, '\\$1')
    .replace(/^([/!+\-\d.])/, '\u2060$1');
}

const characterSegmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** One visible line of plain text, cut between characters. For titles, which no tracker reads as Markdown. */
export function toSingleLine(text: string, most = 200): string {
  const line = text
    .toWellFormed()
    .normalize('NFC')
    .replace(invisible, (character, offset: number, whole: string) =>
      replaceInvisibleCharacter(character, offset, whole),
    )
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= most) return line;
  const characters = [...characterSegmenter.segment(line)];
  if (characters.length <= most) return line;
  return `${characters
    .slice(0, most - 1)
    .map(({ segment }) => segment)
    .join('')}…`;
}

/** Controls, formats, separators, fillers, tags and the variation selectors that nobody types. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u2800\u3164\u115f\u1160\uffa0\u{e0000}-\u{e0fff}]/gu;

/** Joiners between joinable characters stay: emoji families and words of some scripts need them. */
function replaceInvisibleCharacter(character: string, offset: number, whole: string): string {
  if (character !== '\u200d' && character !== '\u200c') return ' ';
  const before = /[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u.test(whole.slice(0, offset));
  const after = /^[\p{L}\p{Extended_Pictographic}]/u.test(whole.slice(offset + 1));
  return before && after ? character : ' ';
}
