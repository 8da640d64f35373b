import { hourMs, minuteMs, secondMs } from './units.ts';

/** Time of fast polling after activity in a tracker, and idle time after which polling slows down. */
const fastPollingPeriodMs = 10 * minuteMs;
const slowPollingAfterMs = 2 * hourMs;
/**
 * Default of the fastest interval: a quarter of the usual one, at least this many milliseconds where the usual one is
 * longer.
 */
const least = 15 * secondMs;

export interface PollingIntervals {
  every: number;
  fastest?: number | undefined;
  slowest?: number | undefined;
}

/**
 * Delay until the next poll, in milliseconds.
 *
 * @param lastActivityAt instant of the last activity in the tracker, or of its last webhook; null when unknown
 */
export function computePollDelayMs(bounds: PollingIntervals, lastActivityAt: number | null, now: number): number {
  const { every } = bounds;
  if (lastActivityAt === null) return every;
  const since = now - lastActivityAt;
  if (since < fastPollingPeriodMs) return bounds.fastest ?? Math.max(every / 4, Math.min(every, least));
  return since < slowPollingAfterMs ? every : (bounds.slowest ?? every * 2.5);
}
