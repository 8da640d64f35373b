import { lazy } from '../base/memoize.ts';
import { scriptsWithoutBlanks } from '../text/safe-text.ts';

/** A word of fewer people may show who they are. */
const fewestPeople = 3;
const mostTermsShown = 20;

export type RisingTerm = { term: string; now: number; before: number };

export type Sample = { person: string; words: string }[];

const segmenter = lazy(() => new Intl.Segmenter('en', { granularity: 'word' }));

const insignificant = /\d|^[^\p{L}]+$|n't$|^\p{Script=Hiragana}+$/u;

/** Of `it's` and `we're` the lists of stop words hold the first part. */
const contraction = /'(?:s|re|ve|ll|d|m)$/;

const withoutBlanks = new RegExp(`[${scriptsWithoutBlanks}]`, 'u');

/** Words of a text; only scripts without blanks between words need the slow search for their ends. */
function* wordsOf(text: string): Generator<{ word: string; index: number }> {
  if (!withoutBlanks.test(text))
    for (const { 0: word, index } of text.matchAll(/[\p{L}\p{M}\p{N}_]+(?:['.][\p{L}\p{M}\p{N}_]+)*/gu))
      yield { word, index };
  else
    for (const { segment: word, index, isWordLike } of segmenter().segment(text)) if (isWordLike) yield { word, index };
}

/** Words of a text in small letters and pairs of neighbours, without numbers, single letters and stop words. */
export function listTerms(text: string, stopWords: ReadonlySet<string>): Set<string> {
  const terms = new Set<string>();
  const small = text.normalize('NFKC').toLowerCase().replaceAll('’', "'");
  let last = { word: '', end: 0 };
  for (const { word, index } of wordsOf(small)) {
    const isTerm = word.length > 1 && !insignificant.test(word) && !stopWords.has(word.replace(contraction, ''));
    const gap = small.slice(last.end, index);
    if (isTerm) terms.add(word);
    if (isTerm && last.word !== '' && /^ ?$/.test(gap)) terms.add(`${last.word}${gap}${word}`);
    last = { word: isTerm ? word : '', end: index + word.length };
  }
  return terms;
}

/** Terms that a larger share of people used than before, the clearest rise first. A word that stands in a pair alone is left out. */
export function findRisingTerms(now: Sample, before: Sample, stopWords: ReadonlySet<string>): RisingTerm[] {
  const [counts, former] = [countPeople(now, stopWords), countPeople(before, stopWords)];
  const rise = ({ now: here, before: there }: RisingTerm) => {
    const [all, others] = [Math.max(counts.people, 1), Math.max(former.people, 1)];
    const share = (here + there) / (all + others);
    return (here / all - there / others) / Math.sqrt(share * (1 - share));
  };
  const risen = [...counts.terms]
    .map(([term, count]): RisingTerm => ({ term, now: count, before: former.terms.get(term) ?? 0 }))
    .filter((each) => each.now >= fewestPeople && each.now > each.before && rise(each) > 0)
    .toSorted((a, b) => rise(b) - rise(a) || b.now - a.now || b.term.length - a.term.length);
  const isInPair = ({ term, now: count }: RisingTerm) =>
    risen.some((pair) => pair.term !== term && pair.now === count && isPartOf(term, pair.term));
  return risen
    .slice(0, 3 * mostTermsShown)
    .filter((each) => !isInPair(each))
    .slice(0, mostTermsShown);
}

const isPartOf = (term: string, pair: string): boolean =>
  pair.startsWith(`${term} `) || pair.endsWith(` ${term}`) || (/^[^ -~]+$/.test(pair) && pair.includes(term));

function countPeople(sample: Sample, stopWords: ReadonlySet<string>) {
  const byPerson = Map.groupBy(sample, ({ person }) => person);
  const terms = new Map<string, number>();
  for (const texts of byPerson.values())
    for (const term of new Set(texts.flatMap(({ words }) => [...listTerms(words, stopWords)])))
      terms.set(term, (terms.get(term) ?? 0) + 1);
  return { people: byPerson.size, terms };
}
