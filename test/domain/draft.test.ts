import { describe, expect, it } from 'vitest';
import type { Answer } from '#domain/responses/response.ts';
import { findSharedSentences, nameDraft } from '#domain/templates/draft.ts';
import type { Sentence } from '#domain/templates/sentences.ts';
import { answer, response } from './samples.ts';

const shared = (responses: Answer[][], low: Answer[] = []) =>
  findSharedSentences(
    responses.map((answers) => response(answers)),
    new Set(low),
  );
const is = (alias: string, value: string, comparison = 'is'): Sentence => ({
  about: `question ${alias}`,
  comparison,
  value,
});

describe('what responses have in common', () => {
  const two = answer('ease', 2);
  const one = answer('ease', 1);
  const typed = answer('ease', '1');

  it.each<[string, Answer[][], Sentence[]]>([
    ['a yes', [[answer('done', true)], [answer('done', true)]], [is('done', 'yes')]],
    ['a no', [[answer('done', false)]], [is('done', 'no')]],
    ['a yes and a no', [[answer('done', true)], [answer('done', false)]], []],
    ['a low score', [[two]], [is('ease', '2', '<=')]],
    ['low scores', [[one], [two]], [is('ease', '2', '<=')]],
    ['a low score and a high one', [[one], [answer('ease', 5)]], []],
    ['a score and a word', [[one], [answer('ease', 'low')]], []],
    ['a low score and one typed as a word', [[two], [typed]], []],
    ['an option of several', [[answer('part', ['a', 'b'])], [answer('part', ['c', 'b'])]], [is('part', 'b')]],
    ['no option', [[answer('part', ['a'])], [answer('part', ['b'])]], []],
    ['an option of 100 letters', [[answer('part', 'x'.repeat(100))]], [is('part', 'x'.repeat(100))]],
    ['a longer option', [[answer('part', 'x'.repeat(101))]], []],
    ['one’s own words', [[answer('part', 'a')], [answer('part', 'a', { freeText: true })]], []],
    ['a question that one did not answer', [[answer('part', 'a')], []], []],
    ['a question without an alias', [[answer('part', 'a', { alias: null })]], []],
    [
      'several questions',
      [
        [one, answer('part', 'a')],
        [answer('part', 'a'), two],
      ],
      [is('ease', '2', '<='), is('part', 'a')],
    ],
    ['nothing', [], []],
  ])('%s', (_, responses, sentences) => {
    expect(shared(responses, [one, two, typed])).toEqual(sentences);
  });
});

describe('the name of a draft', () => {
  it.each<[Sentence[], string, string]>([
    [[is('ease', '2', '<='), is('call-me', 'yes')], 'Ease at most 2, call me is yes', 'ease-at-most-2-call-me-is-yes'],
    [[], 'New template', 'new-template'],
    [[is('é', 'ü')], 'É is ü', 'e-is-u'],
    [[{ about: 'question ß', comparison: '<=', value: '…' }], 'SS at most …', 'at-most'],
    [
      [is('ease', `${'x'.repeat(40)} ${'y'.repeat(60)}`)],
      `Ease is ${'x'.repeat(40)} ${'y'.repeat(31)}`,
      `ease-is-${'x'.repeat(40)}-y`,
    ],
    [[is('ease', `${'x'.repeat(71)} y`)], `Ease is ${'x'.repeat(71)}`, `ease-is-${'x'.repeat(42)}`],
  ])('of %j', (sentences, title, name) => {
    expect(nameDraft(sentences, ['other'])).toEqual({ title, name });
  });

  it('is none that a file has', () => {
    const name = (...used: string[]) => nameDraft([], used).name;
    expect(name('new-template')).toBe('new-template-2');
    expect(name('new-template', 'other', 'new-template-2')).toBe('new-template-3');
  });

  it('ends before a dash that a cut would leave', () => {
    expect(nameDraft([is('a', `${'x'.repeat(44)} yz`)], []).name).toBe(`a-is-${'x'.repeat(44)}`);
  });
});
