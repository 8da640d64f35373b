import { describe, expect, it } from 'vitest';
import { computeShare, differ, formatShare, wilson } from '#domain/base/share.ts';
import { computeThemeRate, fewestResponsesForThemeRate } from '#domain/loop/theme-rate.ts';

describe('a Wilson interval', () => {
  // Newcombe, R. G. (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [5, 10, 0.2366, 0.7634],
    [29, 29, 0.883, 1],
  ])('of %i in %i', (matched, total, low, high) => {
    const result = wilson(matched, total);
    expect(result.low).toBeCloseTo(low, 4);
    expect(result.high).toBeCloseTo(high, 4);
  });

  it('holds its share, stays within 0 and 1, and narrows as responses come in', () => {
    for (let total = 1; total <= 300; total += 7) {
      for (let matched = 0; matched <= total; matched += 3) {
        const { low, high } = wilson(matched, total);
        const share = matched / total;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(share + 1e-12);
        expect(high).toBeGreaterThanOrEqual(share - 1e-12);
        const ten = wilson(matched * 10, total * 10);
        expect(ten.high - ten.low).toBeLessThan(high - low);
      }
    }
  });

  it('is none of no responses', () => {
    expect(() => wilson(0, 0)).toThrow('no share: 0 of 0');
    expect(() => wilson(3, 2)).toThrow('no share: 3 of 2');
  });
});

describe('a share in words', () => {
  it('says counts and interval', () => {
    expect(formatShare(computeShare(14, 60))).toBe('14 of 60: 23 %, most likely between 14 and 35 %');
  });

  it.each([0, 3, 9])('of %i responses says that they are too few', (total) => {
    expect(formatShare(computeShare(0, total, fewestResponsesForThemeRate))).toBe(`too few responses: ${total}`);
  });

  it('of ten says something', () => {
    expect(computeShare(1, 10, fewestResponsesForThemeRate).share).toBe(0.1);
  });
});

describe('the rate of a theme', () => {
  const day = 86_400_000;
  const opened = 1000 * day;
  const at = (days: number, matched: boolean) => ({ at: opened + days * day, matched });

  it('is counted before the opening, until the closing, and since', () => {
    const samples = [at(-91, true), at(-90, true), at(-1, false), at(0, true), at(9.9, true), at(10, false)];
    const rate = computeThemeRate(samples, opened, opened + 10 * day);
    expect(rate.before).toMatchObject({ count: 1, total: 2 });
    expect(rate.during).toMatchObject({ count: 2, total: 2 });
    expect(rate.until).toMatchObject({ count: 3, total: 4 });
    expect(rate.since).toMatchObject({ count: 0, total: 1 });
  });

  it('has nothing since the closing of an open case', () => {
    expect(computeThemeRate([at(400, true)], opened, null)).toMatchObject({ during: { total: 1 }, since: null });
  });

  it('differs only where the intervals do not touch', () => {
    expect(differ(computeShare(30, 60), computeShare(2, 60))).toBe(true);
    expect(differ(computeShare(14, 60), computeShare(10, 60))).toBe(false);
    expect(differ(computeShare(14, 60), computeShare(0, 3, fewestResponsesForThemeRate))).toBeNull();
  });
});

describe('two shares', () => {
  const share = (low: number | null, high: number | null) => ({ count: 1, total: 2, share: 0.5, low, high });

  it.each([
    [share(0.1, 0.2), share(0.3, 0.4), true],
    [share(0.3, 0.4), share(0.1, 0.2), true],
    [share(0.1, 0.3), share(0.3, 0.4), false],
    [share(0.3, 0.4), share(0.1, 0.3), false],
    [share(null, 0.2), share(0.3, 0.4), null],
    [share(0.1, null), share(0.3, 0.4), null],
    [share(0.1, 0.2), share(null, 0.4), null],
    [share(0.1, 0.2), share(0.3, null), null],
  ])('%j and %j differ: %s', (one, other, expected) => {
    expect(differ(one, other)).toBe(expected);
  });

  it('are refused where they are none', () => {
    expect(() => wilson(-1, 10)).toThrow('no share: -1 of 10');
    expect(() => wilson(11, 10)).toThrow(RangeError);
    expect(() => wilson(0, 0)).toThrow(RangeError);
  });
});
