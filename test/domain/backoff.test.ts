import { describe, expect, it } from 'vitest';
import { IntegrationError } from '#domain/base/errors.ts';
import {
  callDeadlineMs,
  computeBackoffMs,
  computeLookupDelayMs,
  computeRefusalWaitMs,
  computeSilenceLimitMs,
  decideAfterRefusal,
} from '#domain/time/backoff.ts';
import { dayMs, hourMs, minuteMs, toIsoTextOrNull } from '#domain/time/units.ts';

const error = (code: IntegrationError['code'], retryAfterMs: number | null = null) =>
  new IntegrationError(code, 'create issue', { retryAfterMs, status: 503 });

describe('the wait before the next try', () => {
  it('grows, and a host is probed at least every 15 minutes', () => {
    const waits = Array.from({ length: 12 }, (_, index) => computeBackoffMs(index + 1, 0) / 1000);
    expect(waits).toEqual([5, 30, 120, 600, 900, 900, 900, 900, 900, 900, 900, 900]);
  });

  it('varies by up to a quarter', () => {
    expect(computeBackoffMs(2, 0.5)).toBe(33_750);
    expect(computeBackoffMs(2, 0.999_999)).toBeLessThanOrEqual(37_500);
  });

  it('is never nothing, whatever the attempt', () => {
    for (const attempt of [0, 1, 1000]) expect(computeBackoffMs(attempt, 0)).toBeGreaterThanOrEqual(5000);
  });
});

describe('a refusal', () => {
  it.each(['auth', 'unavailable', 'rate-limited', 'unknown'] as const)('of kind %s is tried again', (code) => {
    expect(decideAfterRefusal(error(code), 3, 0, 0)).toEqual({ next: 'wait', ms: 120_000 });
  });

  it('waits as long as the host asked, but no less than a second', () => {
    expect(decideAfterRefusal(error('rate-limited', 90_000), 1, 0, 0.9)).toEqual({ next: 'wait', ms: 90_000 });
    expect(decideAfterRefusal(error('rate-limited', 0), 5, 0, 0)).toEqual({ next: 'wait', ms: 1000 });
    expect(decideAfterRefusal(error('rate-limited', -5), 5, 0, 0)).toEqual({ next: 'wait', ms: 1000 });
  });

  it('of the content is final', () => {
    expect(decideAfterRefusal(error('rejected'), 1, 0, 0)).toEqual({
      next: 'give-up',
      why: 'create issue: rejected: status 503',
    });
  });

  it('is given up after 7 days, with the reason', () => {
    expect(decideAfterRefusal(error('unavailable'), 50, 7 * dayMs, 0)).toMatchObject({ next: 'wait' });
    expect(decideAfterRefusal(error('unavailable'), 50, 7 * dayMs + 1, 0)).toEqual({
      next: 'give-up',
      why: 'create issue: unavailable: status 503; tried for 7 days',
    });
  });

  it('of credentials is never given up: the queue of a paused tracker is kept', () => {
    expect(decideAfterRefusal(error('auth'), 50, 70 * dayMs, 0)).toMatchObject({ next: 'wait' });
  });

  it('can be told from silence: a call ends before its deadline', () => {
    expect(callDeadlineMs).toBeGreaterThan(15_000);
  });
});

describe('what was refused', () => {
  it('is tried again ever later, a part of an edit later than a whole one', () => {
    const waits = (isPart: boolean) =>
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 99].map((tries) => computeRefusalWaitMs(tries, isPart, 0) / minuteMs);
    expect(waits(false)).toEqual([1440, 2, 10, 30, 120, 360, 720, 1440, 1440, 1440]);
    expect(waits(true)).toEqual([10, 30, 120, 360, 720, 1440, 1440, 1440, 1440, 1440]);
    expect(computeRefusalWaitMs(1, false, 1)).toBe(2.5 * minuteMs);
    expect(computeRefusalWaitMs(1, false, 0.5)).toBe(2.25 * minuteMs);
  });

  it('is looked up after half the time since the call, within bounds', () => {
    const delays = [0, 9000, 10_001, 60_000, 29 * minuteMs, hourMs].map(computeLookupDelayMs);
    expect(delays).toEqual([5000, 5000, 5001, 30_000, 14.5 * minuteMs, 15 * minuteMs]);
  });
});

describe('the silence of a source', () => {
  it('is long after five times the usual gap, and a day at least', () => {
    expect(computeSilenceLimitMs([0, 1, 2, 3])).toBeNull();
    expect(computeSilenceLimitMs([0, 1, 2, 3, 4])).toBe(dayMs);
    expect(computeSilenceLimitMs([0, 0, 0, 0, 0].map((_, index) => index * dayMs))).toBe(5 * dayMs);
    // The longest gap is left out only among more than twenty.
    const times = (count: number) => {
      const days = Array.from({ length: count + 1 }, (_, index) => index);
      return [...days, count + 9, count + 11].map((day) => day * dayMs);
    };
    expect(computeSilenceLimitMs(times(10))).toBe(45 * dayMs);
    expect(computeSilenceLimitMs(times(18))).toBe(10 * dayMs);
  });
});

it('an instant in text, or none', () => {
  expect(toIsoTextOrNull(null)).toBeNull();
  expect(toIsoTextOrNull(0)).toBe('1970-01-01T00:00:00.000Z');
});
