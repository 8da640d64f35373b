import { dayMs, weekMs } from '../time/units.ts';

/** A share of responses, with the interval in which the true one lies with 95 % confidence. */
export interface Share {
  matched: number;
  total: number;
  /** All three between 0 and 1; null while there are too few responses to tell. */
  share: number | null;
  low: number | null;
  high: number | null;
}

/** Fewer responses than this say nothing worth acting on. */
export const fewestResponses = 10;

const z95 = 1.959963984540054;

/**
 * Wilson's score interval for a share, at 95 %: it stays within 0 and 1, and holds for small counts and for
 * shares near the ends.
 *
 * @see Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference
 */
export function wilson(matched: number, total: number): { low: number; high: number } {
  if (!(total > 0) || matched < 0 || matched > total)
    throw new RangeError(`no share: ${matched} of ${total}`);
  const share = matched / total;
  const z2 = z95 * z95;
  const middle = share + z2 / (2 * total);
  const spread = z95 * Math.sqrt((share * (1 - share) + z2 / (4 * total)) / total);
  const scale = 1 + z2 / total;
  return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) };
}

export function shareOf(matched: number, total: number): Share {
  if (total < fewestResponses) return { matched, total, share: null, low: null, high: null };
  return { matched, total, share: matched / total, ...wilson(matched, total) };
}

/** `14 of 60: 23 %, most likely between 14 and 35 %`, or how many too few there are. */
export function shareText({ matched, total, share, low, high }: Share): string {
  if (share === null || low === null || high === null) return `too few responses to tell: ${total}`;
  const percent = (part: number) => Math.round(part * 100);
  return `${matched} of ${total}: ${percent(share)} %, most likely between ${percent(low)} and ${percent(high)} %`;
}

/** One instant of a series, and whether that response was about the theme. */
export interface Sample {
  at: number;
  matched: boolean;
}

export interface ThemeRate {
  /** In the 90 days before the case was opened. */
  before: Share;
  /** From the opening to the closing, or to now while it is open. */
  during: Share;
  /** Both together: while the problem stood. */
  until: Share;
  /** Since the closing; null while it is open. */
  since: Share | null;
  weeks: { from: number; matched: number; total: number }[];
}

export const comparedMs = 90 * dayMs;

/**
 * How often responses are about a theme before its case was opened, while it was worked on, and since it was
 * closed. The response that opened it counts as during.
 */
export function themeRate(samples: Sample[], openedAt: number, closedAt: number | null): ThemeRate {
  const within = (from: number, to: number) => {
    const some = samples.filter(({ at }) => at >= from && at < to);
    return shareOf(some.filter(({ matched }) => matched).length, some.length);
  };
  const start = openedAt - comparedMs;
  const end = closedAt ?? Number.POSITIVE_INFINITY;
  const weeks = new Map<number, { matched: number; total: number }>();
  for (const { at, matched } of samples) {
    if (at < start) continue;
    const from = openedAt + Math.floor((at - openedAt) / weekMs) * weekMs;
    const week = weeks.get(from) ?? { matched: 0, total: 0 };
    weeks.set(from, { matched: week.matched + (matched ? 1 : 0), total: week.total + 1 });
  }
  return {
    before: within(start, openedAt),
    during: within(openedAt, end),
    until: within(start, end),
    since: closedAt === null ? null : within(closedAt, Number.POSITIVE_INFINITY),
    weeks: [...weeks].map(([from, week]) => ({ from, ...week })).sort((a, b) => a.from - b.from),
  };
}

/** Whether two shares are too far apart for chance alone: their intervals do not touch. Null when unknown. */
export function differ(share: Share, other: Share): boolean | null {
  if (share.low === null || share.high === null || other.low === null || other.high === null) return null;
  return share.high < other.low || other.high < share.low;
}
