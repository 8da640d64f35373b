import * as z from 'zod';
import { computeShare, Share } from '../base/share.ts';
import { dayMs } from '../time/units.ts';

export const fewestResponsesForThemeRate = 10;

export type Sample = { at: number; matched: boolean };

export const ThemeRate = z.object({
  before: Share,
  during: Share.describe('From the opening to the closing, or to now while it is open'),
  until: Share.describe('Both together: while the problem stood'),
  since: Share.nullable().describe('Since the closing; null while it is open'),
});
export type ThemeRate = z.output<typeof ThemeRate>;

export const themeRateBaselineMs = 90 * dayMs;

/** Frequency of a theme before its case was opened, while it was worked on, and since it was closed. */
export function computeThemeRate(samples: Sample[], openedAt: number, closedAt: number | null): ThemeRate {
  const within = (from: number, to: number) => {
    const some = samples.filter(({ at }) => at >= from && at < to);
    return computeShare(some.filter(({ matched }) => matched).length, some.length, fewestResponsesForThemeRate);
  };
  const start = openedAt - themeRateBaselineMs;
  const end = closedAt ?? Number.POSITIVE_INFINITY;
  return {
    before: within(start, openedAt),
    during: within(openedAt, end),
    until: within(start, end),
    since: closedAt === null ? null : within(closedAt, Number.POSITIVE_INFINITY),
  };
}
