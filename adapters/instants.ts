import { Temporal } from 'temporal-polyfill';
import { memoize } from '#domain/base/memoize.ts';

/* Times as tools and spreadsheets write them. What may be read in two ways is refused, never guessed. */

/** Order of a date in numbers that does not begin with the year; `iso` accepts only dates with one reading. */
export type DateOrder = 'iso' | 'day-first' | 'month-first';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthName = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const clock = '(?:[t,\\s]+(?:at\\s+)?(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?\\s*([ap])?\\.?(?:m\\.?)?)?';
const offset =
  '\\s*(?:(?:utc|gmt)?\\s?([+-]\\d{1,2})(?::?(\\d{2}))?|(z|utc|gmt))?(?:\\s*(?:\\[[^\\]]*\\]|\\([^)]*\\)))?';

/** Hours of the zones that exports and mails write by name, as in RFC 2822 where that names them. */
const zoneHours: Record<string, string> = {
  ...{ EST: '-5', EDT: '-4', CST: '-6', CDT: '-5', MST: '-7', MDT: '-6', PST: '-8', PDT: '-7' },
  ...{ WET: '+0', WEST: '+1', CET: '+1', CEST: '+2', MEZ: '+1', MESZ: '+2', EET: '+2', EEST: '+3' },
};

/** Spellings of spreadsheets and Google's exports in other languages, and what the patterns read instead. */
const spellings: [RegExp, string][] = [
  [/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3 $4:$5:$6'],
  [/\s+/g, ' '],
  [/(\d[-/.]) (?=\d)/g, '$1'],
  [/ ?(?:오전|上午|午前)(?: ?([\d:]+))?/, ' $1 AM'],
  [/ ?(?:오후|下午|午後)(?: ?([\d:]+))?/, ' $1 PM'],
  [/\b([ap])\. ?m\b/i, '$1m'],
  [/(\d)(?:st|nd|rd|th)\b/i, '$1'],
  [/ uhr$/i, ''],
  [/ г\.|^\p{L}{2,}, ?(?=\d)/gu, ''],
  [/(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]/, '$1-$2-$3'],
  [/ de (?=\p{L}|\d{4})/giu, ' '],
  [/(\d),? (?:um|à|a las|às|om|alle|alle ore|kl\.?) (?=\d)/i, '$1 at '],
  [/( [+-]\d{4}) UTC$/, '$1'],
];

const dates: { pattern: string; fields: ('year' | 'month' | 'day' | 'first' | 'second' | 'name')[] }[] = [
  { pattern: '(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})', fields: ['year', 'month', 'day'] },
  { pattern: '(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4}|\\d{2})', fields: ['first', 'second', 'year'] },
  { pattern: `(\\d{1,2})\\.?[\\s-]?${monthName},?[\\s-](\\d{4}|\\d{2})`, fields: ['day', 'name', 'year'] },
  { pattern: `${monthName}\\s(\\d{1,2}),?\\s(\\d{4})`, fields: ['name', 'day', 'year'] },
];
const patterns = dates.map(({ pattern, fields }) => ({
  fields,
  expression: new RegExp(`^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\\s+)?${pattern}${clock}${offset}$`, 'i'),
}));

/** English months by their names in the languages of surveys. */
const monthsByName = memoize((languages: string[]) => {
  const nameOf = (language: string, month: number, style: 'long' | 'short') =>
    new Intl.DateTimeFormat(language, { day: 'numeric', month: style, timeZone: 'UTC' })
      .formatToParts(Date.UTC(2026, month, 1))
      .find(({ type }) => type === 'month')
      ?.value.toLowerCase()
      .replace('.', '');
  const styles = ['long', 'short'] as const;
  return new Map(
    languages.flatMap((language) =>
      months.flatMap((name, month) => styles.map((style) => [nameOf(language, month, style), name] as const)),
    ),
  );
});
const monthLanguages = ['de', 'fr', 'es', 'pt', 'nl', 'it', 'pl', 'ru', 'sv'];

/** A longer text is no time, and the patterns would look at each pair of its blanks. */
const longestTimeText = 200;

/** Instant in UTC milliseconds; null for a text that is no time or fits two. `zone` is that of a time without one. */
export function readTimeText(text: string, zone: string, order: DateOrder): number | null {
  if (text.length > longestTimeText) return null;
  for (const spell of [(given: string) => given, spellPlainly]) {
    const read = spell(text);
    for (const { fields, expression } of patterns) {
      const found = expression.exec(read);
      if (found) return toInstant(readDateFields(fields, found), found.slice(fields.length + 1), zone, order);
    }
  }
  return readIsoText(text, zone);
}

const spellPlainly = (text: string): string =>
  spellings
    .reduce((spelt, [spelling, read]) => spelt.replace(spelling, read), text)
    .replace(/\p{L}{3,}(?:\.(?= ))?/gu, (word) => {
      return monthsByName(monthLanguages).get(word.toLowerCase().replace('.', '')) ?? word;
    })
    .replace(/ ([A-Z]{3,4})$/, (whole, zoneName: string) => zoneHours[zoneName] ?? whole);

/** The rarer spellings of ISO 8601, such as `20261120T080000Z`. */
function readIsoText(text: string, zone: string): number | null {
  try {
    return /(?:z|[+-]\d\d(?::?\d\d)?)$/i.test(text) && /t/i.test(text)
      ? Temporal.Instant.from(text).epochMilliseconds
      : Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
  } catch {
    return null;
  }
}

const readDateFields = (fields: string[], matched: RegExpExecArray): Map<string, string> =>
  new Map(fields.map((name, index) => [name, matched[index + 1] ?? '']));

function toInstant(
  date: Map<string, string>,
  [hours, minutes, seconds, fraction, half, offsetHours, offsetMinutes, isUtc]: (string | undefined)[],
  zone: string,
  order: DateOrder,
): number | null {
  const number = (name: string) => Number(date.get(name));
  const name = date.get('name')?.toLowerCase().slice(0, 3);
  const numeric = date.has('first') ? orderDayAndMonth(number('first'), number('second'), order) : null;
  if (date.has('first') && !numeric) return null;
  const day = numeric?.day ?? number('day');
  const month = numeric?.month ?? (name ? months.indexOf(name) + 1 : number('month'));
  const year = number('year') + (date.get('year')?.length === 2 ? 2000 : 0);
  const isHalfDay = half !== undefined;
  const hour = isHalfDay ? (Number(hours) % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : Number(hours ?? 0);
  if (isHalfDay && (Number(hours) < 1 || Number(hours) > 12)) return null;
  const millisecond = Number((fraction ?? '').padEnd(3, '0').slice(0, 3));
  const parts = { year, month, day, hour, minute: Number(minutes ?? 0), second: Number(seconds ?? 0), millisecond };
  try {
    const local = Temporal.PlainDateTime.from(parts, { overflow: 'reject' });
    if (!offsetHours) return local.toZonedDateTime(isUtc ? 'UTC' : zone).epochMilliseconds;
    const sign = offsetHours.slice(0, 1);
    const padded = `${sign}${offsetHours.slice(1).padStart(2, '0')}:${offsetMinutes ?? '00'}`;
    return local.toZonedDateTime(padded).epochMilliseconds;
  } catch {
    return null;
  }
}

/** Day and month of two numbers; null where both orders give a date and none is named. */
function orderDayAndMonth(first: number, second: number, order: DateOrder): { day: number; month: number } | null {
  if (order === 'day-first' || (order === 'iso' && first > 12)) return { day: first, month: second };
  if (order === 'month-first' || second > 12) return { day: second, month: first };
  return null;
}
