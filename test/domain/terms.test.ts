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
