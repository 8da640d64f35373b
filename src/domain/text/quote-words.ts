import { maskIdentifiers } from './mask-identifiers.ts';
import { cutAtSentence, escapeMarkdown, toShownText } from './safe-text.ts';

export type QuotedText = { question: string; text: string; url: string | null };

const roomForNote = 300;

/** Texts quoted within `room` characters; one that does not fit is cut after a sentence, with a link to the whole. */
export function quoteWithin(texts: QuotedText[], room: number): string {
  const parts: string[] = [];
  let left = room - roomForNote;
  for (const { question, text, url } of texts) {
    const head = `**${escapeMarkdown(question, 120)}**\n\n`;
    // Masked before the cut, because part of an identifier is not recognised.
    const masked = maskIdentifiers(toShownText(text));
    const given = cutAtSentence(masked, Math.max(0, left - head.length));
    const { quoted, isWhole } = quoteLines(given.split('\n'), left - head.length);
    if (quoted !== '') parts.push(head + quoted);
    left -= head.length + quoted.length + 2;
    if (isWhole && given.length === masked.length) continue;
    parts.push(url ? `Cut; [the full response is here](${url}).` : 'Cut; the full text is on the case page.');
    break;
  }
  return parts.join('\n\n');
}

function quoteLines(lines: string[], room: number): { quoted: string; isWhole: boolean } {
  let quoted = '';
  for (const given of lines) {
    const line = given.trim();
    if (line === '') continue;
    const start = quoted === '' ? '> ' : '\n>\n> ';
    const left = room - quoted.length - start.length;
    const whole = escapeMarkdown(line, Number.POSITIVE_INFINITY);
    if (whole.length <= left) {
      quoted += start + whole;
      continue;
    }
    // Escapes need room too, so that less of the line fits than its length says.
    for (let most = left; most > 40; most = Math.floor(most * 0.8)) {
      const part = escapeMarkdown(cutAtSentence(line, most), Number.POSITIVE_INFINITY);
      if (part.length <= left) return { quoted: quoted + start + part, isWhole: false };
    }
    return { quoted, isWhole: false };
  }
  return { quoted, isWhole: true };
}
