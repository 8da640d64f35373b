import { expect, it } from 'vitest';
import { checkKnown, nearest, suggestKnownNames } from '#domain/base/nearest.ts';

it.each([
  ['high', ['high'], 'high'],
  ['HIGH', ['high'], 'high'],
  ['hihg', ['low', 'high'], 'high'],
  ['hgih', ['high'], 'high'],
  ['igh', ['high'], 'high'],
  ['hxgx', ['high'], null],
  ['on', ['off'], null],
  ['pneding', ['pending'], 'pending'],
  ['pxndxng', ['pending'], 'pending'],
  ['pxndxnx', ['pending'], null],
  ['pend', ['pending'], null],
  ['pendi', ['pending'], 'pending'],
  ['pendingly', ['pending'], 'pending'],
  ['gnidnep', ['pending'], null],
  ['abxde', ['abcde'], 'abcde'],
  ['abxye', ['abcde'], 'abcde'],
  ['closing', ['closings', 'closing'], 'closing'],
  ['x'.repeat(100), ['x'.repeat(100)], 'x'.repeat(100)],
  ['x'.repeat(101), ['x'.repeat(101)], null],
  ['bacd', ['abdc'], null],
  ['ba', ['ab'], 'ab'],
  ['ab', ['c'], null],
])('nearest to %s of %j is %s', (written, known, expected) => {
  expect(nearest(written, known)).toBe(expected);
});

it.each([
  ['hihg', ['high', 'low'], 'did you mean high?'],
  ['x', [], 'there is none yet'],
  ['xyz', ['high'], 'there is high'],
  ['xyz', ['high', 'low'], 'there are high, low'],
  ['xyz', 'abcdefghijklmno'.split(''), 'there are a, b, c, d, e, f, g, h, i, j, k, l, m, n, o'],
  ['xyz', 'abcdefghijklmnop'.split(''), 'there are a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, …'],
])('the remedy for %s among %j: %s', (written, known, remedy) => {
  expect(suggestKnownNames(written, known)).toBe(remedy);
});

it.each([
  [undefined, []],
  ['high', []],
  ['hihg', [[['severity'], 'is unknown: hihg; did you mean high?']]],
])('the name %s is reported unless it is known', (name, expected) => {
  const reported: unknown[] = [];
  checkKnown((path, message) => reported.push([path, message]), ['severity'], name, ['high'], 'is unknown');
  expect(reported).toEqual(expected);
});
