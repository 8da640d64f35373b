import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { findPatternProblem, matchesPattern } from '#domain/responses/operators.ts';

/** Steps times characters that a pattern may take, of about 50 ns each. */
const mostWork = 1_000_000;
const stepsOf = (pattern: string) => RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE).programSize();

describe('a pattern (security 2, hostile 19)', () => {
  it('is refused when it is so large that a text of 2,000 characters would take more than 50 ms', () => {
    for (const pattern of ['([\\pL\\pN]{1,1000})!', '(\\w+\\s){0,100}refund', '(a?){200}a{200}']) {
      expect(stepsOf(pattern)).toBeGreaterThan(500);
      expect(findPatternProblem(pattern)).toMatch(/is too large \(\d+ steps of at most 500\): repeat less/);
    }
    for (const pattern of ['([\\pL\\pN]{1,200})!', '(\\w+\\s){0,50}refund', Array(60).fill('refunds').join('|')])
      expect(findPatternProblem(pattern)).toBeNull();
  });

  it('never reads more of a text than its size allows: the worst accepted one takes 1,000,000 steps', () => {
    for (const pattern of ['([\\pL\\pN]{1,247})!', '(\\w+\\s){0,50}refund!', 'a{20}!', 'cancel!']) {
      const steps = stepsOf(pattern);
      const read = Math.floor(mostWork / steps);
      expect(findPatternProblem(pattern)).toBeNull();
      expect(read).toBeGreaterThanOrEqual(2000);
      const [, end = ''] = /(\w{6})!$/.exec(pattern) ?? [];
      const ending = `${end || 'a'.repeat(20)}!`;
      const at = (length: number) => `${'. '.repeat(read).slice(0, length - ending.length)}${ending}`;
      expect([matchesPattern(pattern, at(read)), matchesPattern(pattern, at(read + 1))], pattern).toEqual([
        true,
        false,
      ]);
    }
  });

  it('of plain words reads a whole answer of 64 kB', () => {
    expect(matchesPattern('cancel', `${'A fair and long complaint. '.repeat(2400)}I cancel.`)).toBe(true);
  });
});
