import { describe, expect, it } from 'vitest';
import { pollIntervalMs } from '#domain/time/polling.ts';

const minute = 60_000;
const hour = 60 * minute;
const every = 2 * minute;
const now = 100 * hour;

describe('the time until the next poll', () => {
  it.each([
    ['nothing is known', null, every],
    ['something just happened', now, 30_000],
    ['something happened ten minutes ago', now - 10 * minute, every],
    ['nothing happened for two hours', now - 2 * hour, 5 * minute],
    ['our clock went back', now + hour, 30_000],
  ])('when %s', (_, activeAt, expected) => {
    expect(pollIntervalMs({ every }, activeAt, now)).toBe(expected);
  });

  it('keeps to the bounds of the settings', () => {
    const bounds = { every, fastest: minute, slowest: hour };
    expect(pollIntervalMs(bounds, now, now)).toBe(minute);
    expect(pollIntervalMs(bounds, now - 3 * hour, now)).toBe(hour);
  });

  it('is never made faster than 15 seconds by itself, nor slower than what is usual', () => {
    expect(pollIntervalMs({ every: 30_000 }, now, now)).toBe(15_000);
    expect(pollIntervalMs({ every: 1000 }, now, now)).toBe(1000);
  });
});
