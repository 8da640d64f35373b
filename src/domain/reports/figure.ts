import * as z from 'zod';
import { apiObject } from '../base/api-object.ts';
import { computeShare } from '../base/share.ts';
import { roughly } from '../time/clock.ts';

const number = z.number().nullable();
/** Totals below this number give counts only, because their shares and means would tell nothing. */
const fewestForShare = 20;

export const Figure = apiObject('Figure', {
  count: z.int().describe('Counted ones of a share; measured ones of a time or a score'),
  total: z.int().describe('What a share is of'),
  value: number.describe('Share between 0 and 1, median in milliseconds, or mean; null below 20'),
  low: number.describe('Lower end of the 95 % interval; null for times'),
  high: number.describe('Upper end of the 95 % interval; for times the ninth decile'),
});
export type Figure = z.output<typeof Figure>;

type Unit = 'share' | 'time' | 'score';

export const formatValue = (value: number, unit: Unit): string =>
  unit === 'share'
    ? `${Math.round(value * 100)} %`
    : unit === 'time'
      ? roughly(value)
      : (Math.round(value * 10) / 10).toLocaleString('en');

/** The value of a figure; for small totals its counts alone, with their unit. */
export function formatFigure({ count, total, value }: Figure, unit: Unit): string {
  if (value !== null) return formatValue(value, unit);
  if (unit === 'share') return `${count} of ${total}`;
  return `${count} ${unit === 'time' ? 'case' : 'score'}${count === 1 ? '' : 's'}`;
}

export function shareFigure(count: number, total: number): Figure {
  const { share, low, high } = computeShare(count, total, fewestForShare);
  return { count, total, value: share, low, high };
}

/** The nth smallest number, by Hoare's selection (1961), which moves the numbers; a sort of all takes ten times as long. */
function selectNth(all: Float64Array, nth: number): number {
  let [low, high] = [0, all.length - 1];
  const at = (index: number) => all[index] ?? 0;
  while (low < high) {
    const pivot = at((low + high) >> 1);
    let [left, right] = [low, high];
    while (left <= right) {
      while (at(left) < pivot) left += 1;
      while (at(right) > pivot) right -= 1;
      if (left > right) break;
      const moved = at(left);
      all[left] = at(right);
      all[right] = moved;
      left += 1;
      right -= 1;
    }
    if (nth <= right) high = right;
    else if (nth >= left) low = left;
    else break;
  }
  return at(nth);
}

/** Median and ninth decile of times, each the smallest time that at least that part does not exceed. */
export function timeFigure(times: number[]): Figure {
  const all = Float64Array.from(times);
  const quantile = (part: number) =>
    all.length < fewestForShare ? null : selectNth(all, Math.ceil(all.length * part) - 1);
  return { count: all.length, total: all.length, value: quantile(0.5), low: null, high: quantile(0.9) };
}

export type Moments = { count: number; sum: number; squares: number };

/** Mean of scores with its interval of 95 % by the standard error. */
export function scoreFigure({ count, sum, squares }: Moments): Figure {
  if (count < fewestForShare) return { count, total: count, value: null, low: null, high: null };
  const mean = sum / count;
  const error = 1.96 * Math.sqrt(Math.max(squares / count - mean * mean, 0) / (count - 1));
  return { count, total: count, value: mean, low: mean - error, high: mean + error };
}
