import { ara, deu, eng, fra, ita, jpn, nld, por, spa } from 'stopword';
import { expect, it } from 'vitest';
import { findRisingTerms, listTerms } from '#domain/reports/terms.ts';

const stopWords = new Set([ara, deu, eng, fra, ita, jpn, nld, por, spa].flat());
const terms = (text: string) => [...listTerms(text, stopWords)];
const people = (...texts: string[]) => texts.map((words, index) => ({ person: `p-${index}`, words }));
const rising = (now: string[], before: string[] = []) => findRisingTerms(people(...now), people(...before), stopWords);

it.each([
  ['en', 'The printer driver doesn’t install!', ['printer', 'driver', 'printer driver', 'install']],
  ['de', 'Der Druckertreiber fehlt nicht, die Lizenz schon.', ['druckertreiber', 'fehlt', 'lizenz']],
  ['fr', 'Le pilote est introuvable', ['pilote', 'introuvable']],
  ['es', 'El controlador falla siempre', ['controlador', 'falla', 'controlador falla']],
  ['pt', 'A impressora não imprime', ['impressora', 'imprime']],
  ['nl', 'De printer werkt niet', ['printer', 'werkt', 'printer werkt']],
  ['it', 'La stampante non stampa', ['stampante', 'stampa']],
  ['ja', '印刷するとエラーが出ます', ['印刷', 'エラー']],
  ['ar', 'الطابعة لا تعمل', ['الطابعة', 'تعمل']],
])('finds the words of a sentence in %s', (_, text, found) => {
  expect(terms(text)).toEqual(expect.arrayContaining(found));
});

it.each([
  ['slow page', ['slow', 'page', 'slow page']],
  ['it is slow', ['slow']],
  ['it doesn’t', []],
  ['we’ve, they’re, I’d, it’ll, it’s', []],
  ['the printer’s driver', ["printer's", 'driver', "printer's driver"]],
  ['O’Brien called', ["o'brien", 'called', "o'brien called"]],
  ['x slow', ['slow']],
  ['slow, page', ['slow', 'page']],
  ['slow  page', ['slow', 'page']],
  ['印刷エラー', ['印刷', 'エラー', '印刷エラー']],
  ['印刷 エラー', ['印刷', 'エラー', '印刷 エラー']],
  ['印刷。エラー', ['印刷', 'エラー']],
])('the terms of %j are %j', (text, found) => {
  expect(terms(text)).toEqual(found);
});

it('leaves out stop words, numbers and pairs across a mark', () => {
  expect(terms('It is 4711, printer. Driver A1!')).toEqual(['printer', 'driver']);
});

it('counts people, not mentions, and only what three of them used more than before', () => {
  const again = [1, 2, 3].map(() => ({ person: 'one', words: 'slow slow slow' }));
  expect(findRisingTerms(again, [], stopWords)).toEqual([]);
  expect(rising(['slow page', 'slow page', 'fast'])).toEqual([]);
  expect(rising(['slow page', 'slow, really', 'slow', 'fast'], ['fast', 'slow', 'good', 'fine'])).toEqual([
    { term: 'slow', now: 3, before: 1 },
  ]);
});

it('does not call rising what only has more people around it', () => {
  const now = ['slow', 'slow', 'slow', ...Array.from({ length: 17 }, () => 'fine')];
  expect(rising(now, ['slow', 'slow', 'fine'])).toMatchObject([{ term: 'fine' }]);
});

it('shows a pair in place of the words that stand in it alone', () => {
  expect(rising(['Printer driver', 'printer driver', 'a printer driver broke']).map(({ term }) => term)).toEqual([
    'printer driver',
  ]);
});

/** Texts of so many people, each word used by as many as it says. */
const used = (total: number, words: Record<string, number>) =>
  Array.from({ length: total }, (_, index) =>
    Object.entries(words)
      .filter(([, count]) => index < count)
      .map(([word]) => word)
      .join('. '),
  );
const found = (now: string[], before: string[]) => rising(now, before).map(({ term }) => term);

it('begins with the clearest rise, then with what more people used, then with the longer word', () => {
  const now = used(10, { installer: 6, printer: 3, manual: 9, licenses: 3, fax: 3 });
  expect(found(now, used(10, { installer: 3, manual: 6 }))).toEqual([
    'licenses',
    'printer',
    'fax',
    'manual',
    'installer',
  ]);
});

it('leaves out what as large a share of people used, or more people before', () => {
  expect(found(used(8, { printer: 4 }), used(4, { printer: 2 }))).toEqual([]);
  expect(found(used(4, { printer: 4 }), used(3, { printer: 3 }))).toEqual([]);
  expect(found(used(5, { printer: 3 }), used(20, { printer: 4 }))).toEqual([]);
  expect(found(used(5, { printer: 3 }), used(20, { printer: 3 }))).toEqual([]);
});

it('leaves out a word that stands in a pair alone, in scripts without blanks too', () => {
  expect(found(['slow page', 'slow page', 'slow page'], [])).toEqual(['slow page']);
  expect(found(['slow page', 'slow page', 'slow page', 'slow'], [])).toEqual(['slow', 'slow page']);
  expect(found(['印刷エラー', '印刷エラー', '印刷エラー'], [])).toEqual(['印刷エラー']);
  expect(found(['印刷', '印刷', '印刷'], [])).toEqual(['印刷']);
  expect(found(['page pageant', 'page pageant', 'page pageant', 'page'], [])).toEqual(['page', 'page pageant']);
});

it('shows twenty at most', () => {
  const words = Object.fromEntries(
    Array.from({ length: 25 }, (_, index) => [`word${'abcdefghijklmnopqrstuvwxy'[index]}`, 3]),
  );
  expect(rising(used(3, words))).toHaveLength(20);
});
