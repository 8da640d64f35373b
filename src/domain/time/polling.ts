import { hourMs, minuteMs } from './units.ts';

/** After something happened a tracker is asked more often for so long; after so long without anything, less. */
const livelyMs = 10 * minuteMs;
const quietMs = 2 * hourMs;
/** A quarter of the usual interval is as fast as it gets unless said; not below this, where the usual one is longer. */
const least = 15_000;

export interface PollingBounds {
  every: number;
  fastest?: number | undefined;
  slowest?: number | undefined;
}

/**
 * Milliseconds until the next poll.
 *
 * @param activeAt when something last happened in the tracker, or it said so by a webhook; null when that is not known
 */
export function pollIntervalMs(bounds: PollingBounds, activeAt: number | null, now: number): number {
  const { every } = bounds;
  if (activeAt === null) return every;
  const since = now - activeAt;
  if (since < livelyMs) return bounds.fastest ?? Math.max(every / 4, Math.min(every, least));
  return since < quietMs ? every : (bounds.slowest ?? every * 2.5);
}
