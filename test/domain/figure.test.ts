import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFigure, scoreFigure, shareFigure, timeFigure } from '#domain/reports/figure.ts';
import { hourMs, minuteMs } from '#domain/time/units.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const moments = (scores: number[]) => ({
  count: scores.length,
  sum: scores.reduce((sum, score) => sum + score, 0),
  squares: scores.reduce((sum, score) => sum + score * score, 0),
});

describe('a figure', () => {
  it.each([
    ['a share', shareFigure(9, 20), 'share', '45 %'],
    ['a share of few', shareFigure(9, 19), 'share', '9 of 19'],
    ['a time', timeFigure(upTo(20).map(() => 2 * hourMs)), 'time', '2 h'],
    ['times of few', timeFigure(upTo(19)), 'time', '19 cases'],
    ['the time of one', timeFigure([minuteMs]), 'time', '1 case'],
    ['no times', timeFigure([]), 'time', '0 cases'],
    ['a mean', scoreFigure({ count: 2000, sum: 3_000_250, squares: 1e10 }), 'score', '1,500.1'],
    ['scores of few', scoreFigure(moments(upTo(19))), 'score', '19 scores'],
    ['one score', scoreFigure(moments([5])), 'score', '1 score'],
  ] as const)('of %s reads %s', (_, figure, unit, text) => {
    expect(formatFigure(figure, unit)).toBe(text);
  });

  it('of times has the median and the ninth decile', () => {
    expect(timeFigure(upTo(20).toReversed())).toEqual({ count: 20, total: 20, value: 10, low: null, high: 18 });
    expect(timeFigure(upTo(19))).toEqual({ count: 19, total: 19, value: null, low: null, high: null });
    expect(timeFigure(upTo(21)).value).toBe(11);
  });

  it('of times is that of the sorted ones', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 20, maxLength: 80 }), (times) => {
        const sorted = times.toSorted((a, b) => a - b);
        const { value, high } = timeFigure(times);
        expect(value).toBe(sorted[Math.ceil(times.length / 2) - 1]);
        expect(high).toBe(sorted[Math.ceil(times.length * 0.9) - 1]);
      }),
    );
  });

  it('of scores has its mean and the interval of the standard error', () => {
    // The scores 1 to 5, four times each: variance 2, standard error √(2 / 19).
    const figure = scoreFigure(moments(upTo(20).map((n) => 1 + (n % 5))));
    expect(figure).toMatchObject({ count: 20, total: 20, value: 3 });
    expect(figure.low).toBeCloseTo(3 - 1.96 * Math.sqrt(2 / 19), 9);
    expect(figure.high).toBeCloseTo(3 + 1.96 * Math.sqrt(2 / 19), 9);
    expect(scoreFigure({ count: 20, sum: 2, squares: 0.2 - 1e-17 })).toMatchObject({ low: 0.1, high: 0.1 });
    expect(scoreFigure(moments(upTo(19)))).toEqual({ count: 19, total: 19, value: null, low: null, high: null });
  });
});
