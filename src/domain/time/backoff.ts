import type { IntegrationError } from '../base/errors.ts';
import { dayMs, hourMs, minuteMs, secondMs } from './units.ts';

const steps = [
  5 * secondMs,
  30 * secondMs,
  2 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  12 * hourMs,
];
const probe = 15 * minuteMs;

/** Time after which no call is tried again. */
export const giveUpAfterMs = 7 * dayMs;

/** Time after which a call without an answer counts as unknown. */
export const callDeadlineMs = 20 * secondMs;

/** Delay until the next try, in milliseconds: growing, with up to a quarter more by chance, at most 15 minutes. */
export function computeBackoffMs(attempt: number, fraction: number): number {
  const step = steps[Math.min(attempt, steps.length) - 1] ?? 5 * secondMs;
  return Math.round(Math.min(step, probe) * (1 + fraction / 4));
}

const refusalSteps = [2 * minuteMs, 10 * minuteMs, 30 * minuteMs, 2 * hourMs, 6 * hourMs, 12 * hourMs, dayMs];

/**
 * Delay until a refused call is tried again by itself, in milliseconds.
 *
 * @param isPart whether it is a part of an edit: one refused edit may have several
 */
export function computeRefusalWaitMs(tries: number, isPart: boolean, fraction: number): number {
  const step = refusalSteps[Math.min(tries + (isPart ? 2 : 0), refusalSteps.length) - 1] ?? dayMs;
  return Math.round(step * (1 + fraction / 4));
}

/** Delay until the next lookup after a failed one, in milliseconds: half the time since the call. */
export function computeLookupDelayMs(elapsedMs: number): number {
  return Math.round(Math.min(Math.max(elapsedMs / 2, 5 * secondMs), probe));
}

export type Next = { next: 'wait'; ms: number } | { next: 'give-up'; why: string };

/** Next step after a refused call, which certainly had no effect. */
export function decideAfterRefusal(error: IntegrationError, attempt: number, ageMs: number, fraction: number): Next {
  if (error.code === 'rejected') return { next: 'give-up', why: error.message };
  // Wrong credentials pause the whole queue and an admin is notified, so the row is kept however long it takes.
  if (ageMs > giveUpAfterMs && error.code !== 'auth')
    return { next: 'give-up', why: `${error.message}; tried for 7 days` };
  const wait = computeBackoffMs(attempt, fraction);
  return { next: 'wait', ms: error.retryAfterMs === null ? wait : Math.max(error.retryAfterMs, 1000) };
}
