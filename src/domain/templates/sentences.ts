export interface Sentence {
  /** `question ALIAS`, `customer ATTRIBUTE`, or `tier`, `words` or `language`. */
  about: string;
  comparison: string;
  value: string;
}

/** A condition as sentences, all or any of which must hold. */
export type Sentences = { join: 'all' | 'any'; rows: Sentence[] };

export const comparisons: Record<string, string> = {
  is: 'is',
  'any-of': 'is one of',
  '<=': 'is at most',
  '>=': 'is at least',
  '<': 'is less than',
  '>': 'is more than',
  between: 'is between',
  contains: 'contains',
  answered: 'is answered',
  nps: 'is, as a recommendation, a',
  csat: 'is, as satisfaction,',
  ces: 'is, as effort,',
  matches: 'matches the pattern',
};

const lists = new Set(['tier', 'words', 'language']);

type Test = Record<string, unknown>;
type When = Record<string, unknown>;

export const mostSentences = 12;

/** @returns null for a condition that sentences cannot say, such as one inside another */
export function readSentences(when: When): Sentences | null {
  const { source: _, ...condition } = when;
  const join = 'any' in condition ? 'any' : 'all';
  const alone = 'all' in condition || 'any' in condition ? condition[join] : [condition];
  if (!Array.isArray(alone) || (Array.isArray(condition[join]) && Object.keys(condition).length > 1)) return null;
  const rows = Object.keys(condition).length === 0 ? [] : alone.map(readTest);
  const known = rows.filter((row) => row !== null);
  return known.length === rows.length && rows.length <= mostSentences ? { join, rows: known } : null;
}

function readTest(test: unknown): Sentence | null {
  const { scale: _, ...parts } = (test ?? {}) as Test;
  const entries = Object.entries(parts);
  // A comma parts the values of a sentence, and a form takes one line without blanks at its ends.
  const isUnfit = (value: unknown): boolean =>
    Array.isArray(value) ? value.some((item) => isUnfit(item) || /,/.test(item)) : /^$|^\s|\s$|\n/.test(String(value));
  if (entries.some(([, value]) => isUnfit(value))) return null;
  const [first, second] = entries;
  if (entries.length === 1 && first && lists.has(first[0]))
    return { about: first[0], comparison: 'any-of', value: show(first[1]) };
  const isAbout = first?.[0] === 'question' || first?.[0] === 'customer';
  if (entries.length !== 2 || !first || !second || !isAbout || !Object.hasOwn(comparisons, second[0])) return null;
  return { about: `${first[0]} ${first[1]}`, comparison: second[0], value: show(second[1]) };
}

const show = (value: unknown): string =>
  Array.isArray(value) ? value.join(', ') : value === true ? 'yes' : value === false ? 'no' : String(value);

/** The condition of sentences, or no condition without any. A sentence that is as it was keeps the test that it came from, with all its settings. */
export function writeSentences(when: When, { join, rows }: Sentences): When {
  const { source } = when;
  const before = readSentences(when);
  const known = before?.rows ?? [];
  const tests = [when[before?.join ?? join] ?? [withoutSource(when)]].flat();
  const written = rows.map((row) => {
    const same = tests[known.findIndex((each) => JSON.stringify(each) === JSON.stringify(row))];
    const alike = tests[known.findIndex((each) => isAlike(each, row))];
    return same ?? { ...writeTest(row), ...scaleOf(row, alike) };
  });
  return { ...(source === undefined ? {} : { source }), ...(written.length === 0 ? {} : { [join]: written }) };
}

const isAlike = (one: Sentence, other: Sentence) => one.about === other.about && one.comparison === other.comparison;

const usualScales: Record<string, number> = { csat: 5, ces: 7 };

function scaleOf({ comparison }: Sentence, before: unknown): { scale?: unknown } {
  const { scale = usualScales[comparison] } = (before ?? {}) as { scale?: unknown };
  return scale === undefined ? {} : { scale };
}

const withoutSource = ({ source: _, ...rest }: When): When => rest;

function writeTest({ about, comparison, value }: Sentence): Test {
  const items = value.split(',').map((item) => item.trim());
  if (lists.has(about)) return { [about]: items };
  const [head = '', ...name] = about.split(' ');
  const read: Record<string, () => unknown> = {
    'any-of': () => items.map(toValue),
    between: () => items.map(toValue),
    answered: () => !['no', 'false'].includes(value.toLowerCase()),
    contains: () => value,
    matches: () => value,
  };
  return { [head]: name.join(' '), [comparison]: (read[comparison] ?? (() => toValue(value)))() };
}

/** Digits that a number would change, such as 007, stay a text. */
const toValue = (text: string): string | number => (String(Number(text)) === text ? Number(text) : text);
