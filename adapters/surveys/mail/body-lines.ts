import { Parser } from 'htmlparser2';
import { InvalidInputError } from '#domain/base/errors.ts';
import { cut, toShownText } from '#domain/text/safe-text.ts';

/* The body of a message as the lines that a person reads. */

const [mostLines, longestLine, mostTags] = [5000, 20_000, 20_000];

const unread = new Set(['head', 'style', 'script', 'title', 'template', 'noscript']);
const inline = new Set(
  'a abbr b bdi bdo big cite code em font i img ins label mark q s small span strong sub sup u wbr'.split(' '),
);

/** Lines of plain text without empty ones, and without the marks of a quotation. */
export function readTextLines(text: string): string[] {
  const lines = text.split('\n', mostLines + 1);
  if (lines.length > mostLines) throw new InvalidInputError(`has a text of more than ${mostLines} lines`);
  const shown = toShownText(text)
    .normalize('NFC')
    .replace(/[^\S\n]+/g, ' ');
  return shown.split('\n').flatMap((line) => cut(line.replace(/^(?: ?>)+/, '').trim(), longestLine) || []);
}

/** Lines of HTML: each block and each cell of a table begins one. An address stands in angle brackets after its words. */
export function readHtmlLines(html: string): string[] {
  if (html.split('<', mostTags + 1).length > mostTags) throw new InvalidInputError(`has more than ${mostTags} tags`);
  const parts: string[] = [];
  const links: { href: string; from: number }[] = [];
  let unreadDepth = 0;
  const parser = new Parser({
    onopentag(name, { href = '', alt = '' }) {
      if (unread.has(name)) unreadDepth += 1;
      if (!inline.has(name)) parts.push('\n');
      if (name === 'a') links.push({ href: href.trim(), from: parts.length });
      if (name === 'img' && alt.trim() !== '') parts.push(` ${alt} `);
    },
    ontext(text) {
      if (unreadDepth === 0) parts.push(text.replace(/\s+/g, ' '));
    },
    onclosetag(name) {
      if (unread.has(name)) unreadDepth -= 1;
      const { href, from } = (name === 'a' ? links.pop() : null) ?? { href: '', from: 0 };
      if (/^https?:/i.test(href) && parts.slice(from).join('').trim() !== href) parts.push(` <${href}>`);
      if (!inline.has(name)) parts.push('\n');
    },
  });
  parser.end(html);
  return readTextLines(parts.join('').replace(/\n\s*/g, '\n'));
}
