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

const rounded = (value: number): string => (Math.round(value * 10) / 10).toLocaleString('en');

export const formatValue = (value: number, unit: Unit): string =>
  unit === 'share' ? `${Math.round(value * 100)} %` : unit === 'time' ? roughly(value) : rounded(value);

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

/** Median and ninth decile of times, each the smallest time that at least that part does not exceed. */
export function timeFigure(times: number[]): Figure {
  const sorted = Float64Array.from(times).sort();
  const quantile = (part: number) =>
    sorted.length < fewestForShare ? null : (sorted[Math.ceil(sorted.length * part) - 1] ?? null);
  return { count: times.length, total: times.length, value: quantile(0.5), low: null, high: quantile(0.9) };
}

export type Moments = { count: number; sum: number; squares: number };

/** Mean of scores with its interval of 95 % by the standard error. */
export function scoreFigure({ count, sum, squares }: Moments): Figure {
  if (count < fewestForShare) return { count, total: count, value: null, low: null, high: null };
  const mean = sum / count;
  const error = 1.96 * Math.sqrt(Math.max(squares / count - mean * mean, 0) / (count - 1));
  return { count, total: count, value: mean, low: mean - error, high: mean + error };
}
