import type { IntegrationError } from '../base/errors.ts';
import { dayMs, hourMs, minuteMs, secondMs } from './units.ts';

const longestBackoffMs = 15 * minuteMs;
const backoffSteps = [5 * secondMs, 30 * secondMs, 2 * minuteMs, 10 * minuteMs];
const fewestTriesToGiveUp = 10;

export const giveUpAfterMs = 7 * dayMs;

export const callDeadlineMs = 20 * secondMs;

/** Delay until the next try, in milliseconds: growing, with up to a quarter more by chance, at most 15 minutes. */
export function computeBackoffMs(attempt: number, fraction: number): number {
  return Math.round((backoffSteps[Math.max(attempt - 1, 0)] ?? longestBackoffMs) * (1 + fraction / 4));
}

const refusalSteps = [2 * minuteMs, 10 * minuteMs, 30 * minuteMs, 2 * hourMs, 6 * hourMs, 12 * hourMs, dayMs];

/** Delay until a refused call or part of an edit is tried again by itself, in milliseconds. */
export function computeRefusalWaitMs(tries: number, isPart: boolean, fraction: number): number {
  const step = refusalSteps[Math.min(tries + (isPart ? 2 : 0), refusalSteps.length) - 1] ?? dayMs;
  return Math.round(step * (1 + fraction / 4));
}

/** Delay until the next lookup after a failed one, in milliseconds: half the time since the call. */
export const computeLookupDelayMs = (elapsedMs: number): number =>
  Math.round(Math.min(Math.max(elapsedMs / 2, 5 * secondMs), longestBackoffMs));

export type Next = { next: 'wait'; ms: number } | { next: 'give-up'; why: string };

/** Whether a call is old enough to be given up. Its queue may have been paused for most of its age, so some tries count as well. */
export const isTriedForLong = (attempts: number, ageMs: number): boolean =>
  ageMs > giveUpAfterMs && attempts >= fewestTriesToGiveUp;

/** Next step after a refused call, which certainly had no effect. */
export function decideAfterRefusal(error: IntegrationError, attempt: number, ageMs: number, fraction: number): Next {
  if (error.code === 'rejected') return { next: 'give-up', why: error.message };
  // A limit ends; wrong credentials pause the queue until an admin, who is notified, renews them.
  const isKept = error.code === 'auth' || error.code === 'rate-limited';
  if (isTriedForLong(attempt, ageMs) && !isKept) return { next: 'give-up', why: `${error.message}; tried for 7 days` };
  const wait = computeBackoffMs(attempt, fraction);
  return { next: 'wait', ms: error.retryAfterMs === null ? wait : Math.max(error.retryAfterMs, 1000) };
}

const fastPollingPeriodMs = 10 * minuteMs;
const slowPollingAfterMs = 2 * hourMs;
const least = 15 * secondMs;

type PollingIntervals = { every: number; slowest?: number | undefined };

/** Delay until the next poll in milliseconds, by the last activity or webhook; null when unknown. */
export function computePollDelayMs(bounds: PollingIntervals, lastActivityAt: number | null, now: number): number {
  const { every } = bounds;
  if (lastActivityAt === null) return every;
  const since = now - lastActivityAt;
  if (since < fastPollingPeriodMs) return Math.max(every / 4, Math.min(every, least));
  return since < slowPollingAfterMs ? every : (bounds.slowest ?? every * 2.5);
}

export const historyMs = 60 * dayMs;
const leastSilenceLimitMs = dayMs;
const fewestDeliveriesForLimit = 5;

/** Longest silence of a source in milliseconds: five times its 95th percentile gap, or more. */
export function computeSilenceLimitMs(times: number[]): number | null {
  if (times.length < fewestDeliveriesForLimit) return null;
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  gaps.sort((a, b) => a - b);
  const long = gaps[Math.ceil(gaps.length * 0.95) - 1] ?? 0;
  // A gap that came back, such as a weekend, is usual, however rare.
  return Math.max(leastSilenceLimitMs, 5 * long, Math.round(1.25 * (gaps.at(-2) ?? 0)));
}
