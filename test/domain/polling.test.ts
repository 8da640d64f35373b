import { describe, expect, it } from 'vitest';
import { computePollDelayMs } from '#domain/time/backoff.ts';
import { hourMs, minuteMs } from '#domain/time/units.ts';

const every = 2 * minuteMs;
const now = 100 * hourMs;

describe('the time until the next poll', () => {
  it.each([
    ['nothing is known', null, every],
    ['something just happened', now, 30_000],
    ['something happened ten minutes ago', now - 10 * minuteMs, every],
    ['nothing happened for two hours', now - 2 * hourMs, 5 * minuteMs],
    ['our clock went back', now + hourMs, 30_000],
  ])('when %s', (_, activeAt, expected) => {
    expect(computePollDelayMs({ every }, activeAt, now)).toBe(expected);
  });

  it('keeps to the slowest of the settings', () => {
    expect(computePollDelayMs({ every, slowest: hourMs }, now - 3 * hourMs, now)).toBe(hourMs);
  });

  it('is never made faster than 15 seconds by itself, nor slower than what is usual', () => {
    expect(computePollDelayMs({ every: 30_000 }, now, now)).toBe(15_000);
    expect(computePollDelayMs({ every: 1000 }, now, now)).toBe(1000);
  });
});
