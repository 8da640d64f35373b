import { toShownText } from '#domain/text/safe-text.ts';
import { readHtml } from './html-judge.ts';

const begin = (index: number) => `qqb${index}q`;
const end = 'qqe';
/** On one line, without marks of direction, which stay where the whole page has other words of that direction. */
const inOneLine = (text: string): string =>
  text
    .replace(/[\u200e\u200f\u061c]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** Words between two marks, by which a page is searched for what became of them. */
export const mark = (words: string, index: number): string => `${begin(index)} ${words} ${end}`;

/** What a page made of marked words beside showing them; with those that stand on it whole. */
export function judgePage(html: string, words: string[]): { faults: string[]; whole: Set<number> } {
  const { texts, attributes, shape } = readHtml(html);
  const shownWhole = new Set<number>();
  const faults = [
    ...attributes.flatMap(([name, value]) => {
      const opens = ['href', 'src', 'action', 'formaction', 'style', 'srcdoc'].includes(name);
      const isOwn = name === 'style' ? !value.includes('qqb') : /^(?:https?:\/\/|\/|\?|#|mailto:|\.?$)/.test(value);
      if (/^on|^srcdoc$/.test(name) || (opens && !isOwn)) return [`attribute ${name}="${value.slice(0, 80)}"`];
      return /qqb\d/.test(name) ? [`words in the name of an attribute: ${name}`] : [];
    }),
    ...shape.flatMap((part) =>
      Array.isArray(part) && /qqb|^(?:iframe|object|embed|base)$/.test(part[1]) ? [`element ${part[1]}`] : [],
    ),
  ];
  for (const run of [...texts, ...attributes.map(([, value]) => value)].map(inOneLine))
    for (const [, index = '', rest = ''] of run.matchAll(/qqb(\d+)q(.*?)(?=qqb|$)/gs)) {
      const shown = inOneLine(toShownText(words[Number(index)] ?? ''));
      const [given = '', ...after] = rest.split(end);
      if (after.length === 0 && !rest.includes('…') && !/[?&=]/.test(run.slice(0, run.indexOf('qqb'))))
        faults.push(`words ${index} break off: ${run.slice(0, 300)}`);
      if (after.length > 0 && inOneLine(given) === shown) shownWhole.add(Number(index));
    }
  return { faults, whole: shownWhole };
}
