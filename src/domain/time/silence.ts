import { dayMs } from './units.ts';

export const historyMs = 60 * dayMs;
const leastSilenceLimitMs = dayMs;
const fewestDeliveriesForLimit = 5;

/**
 * How long a source may be silent, in milliseconds: five times its 95th percentile gap, at least 24 hours.
 *
 * @param times its deliveries within the last 60 days, oldest first
 * @returns null below five deliveries
 */
export function computeSilenceLimitMs(times: number[]): number | null {
  if (times.length < fewestDeliveriesForLimit) return null;
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  gaps.sort((a, b) => a - b);
  const long = gaps[Math.min(gaps.length - 1, Math.ceil(gaps.length * 0.95) - 1)] ?? 0;
  return Math.max(leastSilenceLimitMs, 5 * long);
}
