import PostalMime from 'postal-mime';
import { InvalidInputError } from '#domain/base/errors.ts';
import { cut, toShownText } from '#domain/text/safe-text.ts';

const [mostLines, longestLine, mostTags] = [5000, 20_000, 20_000];

/** Lines of plain text without empty ones, and without the marks of a quotation. */
export function readTextLines(text: string): string[] {
  const lines = text.split('\n', mostLines + 1);
  if (lines.length > mostLines) throw new InvalidInputError(`has a text of more than ${mostLines} lines`);
  const shown = toShownText(text)
    .normalize('NFC')
    .replace(/[^\S\n]+/g, ' ');
  return shown.split('\n').flatMap((line) => cut(line.replace(/^(?: ?>)+/, '').trim(), longestLine) || []);
}

// Each pattern ends at the next bracket or at the end of the text, so that no tag that is never closed is scanned twice.
const unread = /<!--.*?(?:-->|$)|<(head|style|script|title|template)\b.*?(?:<\/\1\s*>|$)/gis;
const image = /<img\b[^<>]*>/gi;
const alternative = /\balt\s*=\s*(?:"([^"]*)"|'([^']*)')/i;
const link = /<a\b([^<>]*)>(.*?)(?=<\/a\s*>|<a\b|$)/gi;
const inline =
  /<\/?(?:a|abbr|b|bdi|bdo|big|cite|code|em|font|i|img|ins|label|mark|q|s|small|span|strong|sub|sup|u|wbr)\b[^<>]*>/gi;
const block = /<\/?[a-z!][^<>]*>/gi;

/** Lines of HTML: each block and each cell of a table begins one. An address stands in angle brackets after its words. */
export async function readHtmlLines(html: string): Promise<string[]> {
  if (html.split('<', mostTags + 1).length > mostTags) throw new InvalidInputError(`has more than ${mostTags} tags`);
  const text = html
    .replaceAll(/\s+/g, ' ')
    .replaceAll(unread, ' ')
    .replaceAll(image, (tag) => ` ${alternative.exec(tag)?.slice(1).join('') ?? ''} `)
    .replaceAll(link, (_, attributes: string, words: string) => {
      const [, href = ''] = /\bhref\s*=\s*["']?\s*(https?:[^\s"'<>]*)/i.exec(attributes) ?? [];
      return href === '' || words.replaceAll(block, '').trim() === href ? words : `${words} &lt;${href}&gt;`;
    })
    .replaceAll(inline, '')
    .replaceAll(block, '\n')
    .replaceAll('<', '&lt;')
    .replaceAll(/\n\s*/g, '\n');
  return readTextLines(await decodeEntities(text));
}

/** The parser's own table of entities: it turns HTML into text beside a part that is text. */
async function decodeEntities(text: string): Promise<string> {
  const part = '--=_caselite\nContent-Type: text/';
  const message = `Content-Type: multipart/mixed; boundary="=_caselite"\n\n${part}plain\n\n.\n${part}html; charset=utf-8\n\n${text}\n--=_caselite--`;
  return (await PostalMime.parse(message)).text?.replace(/^\.\n/, '') ?? '';
}
