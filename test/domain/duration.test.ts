import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Duration, formatDuration, parseDuration } from '#domain/time/duration.ts';

describe('a duration', () => {
  it.each([
    ['24 hours', 86_400_000],
    ['1 day', 86_400_000],
    ['90 seconds', 90_000],
    ['1.5 hours', 5_400_000],
    ['2weeks', 1_209_600_000],
    [' 5 minutes ', 300_000],
  ])('%j is read', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([[''], ['5'], ['hours'], ['-1 hour'], ['1 month'], ['1h'], ['1 day 2 hours'], ['1e3 days'], ['٣ days']])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeNull();
      expect(Duration.safeParse(text).error?.issues[0]?.message).toContain('write for example "24 hours"');
    },
  );

  it.each([
    [1000, '1 second'],
    [90_000, '90 seconds'],
    [60_000, '1 minute'],
    [3_600_000, '1 hour'],
    [86_400_000, '24 hours'],
    [3 * 86_400_000, '72 hours'],
    [5 * 86_400_000, '5 days'],
    [7 * 86_400_000, '7 days'],
    [14 * 86_400_000, '2 weeks'],
    [30 * 86_400_000, '30 days'],
  ])('%i ms are said as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('is read again as it was said', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds * 1000))).toBe(seconds * 1000);
      }),
      { numRuns: 1000 },
    );
  });
});
