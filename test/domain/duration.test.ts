import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Duration, formatDuration, isDate, parseDuration, Rate, Span } from '#domain/time/duration.ts';

describe('a duration', () => {
  it.each([
    ['24 hours', 86_400_000],
    ['1 day', 86_400_000],
    ['90 seconds', 90_000],
    ['1.5 hours', 5_400_000],
    ['1.25 hours', 4_500_000],
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
    [0, '0 seconds'],
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

  it('has its bounds', () => {
    const message = (schema: typeof Duration, text: string) => schema.safeParse(text).error?.issues[0]?.message;
    expect(message(Duration, '3660 days')).toBeUndefined();
    expect(message(Duration, '3661 days')).toBe('is longer than 10 years');
    expect(message(Duration, '0 days')).toBeUndefined();
    expect(message(Span as never, '0 days')).toMatch(/^must be longer than nothing/);
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

it.each([
  ['2026-12-24', true],
  ['2028-02-29', true],
  ['2026-02-30', false],
  ['2026-13-01', false],
  ['2026-12-24T08:00', false],
  ['x', false],
])('%s is a date: %s', (text, is) => {
  expect(isDate(text)).toBe(is);
});

describe('a rate', () => {
  it('is a count in a time', () => {
    expect(Rate.parse(' 100 per hour ')).toEqual({ count: 100, ms: 3_600_000 });
    expect(Rate.parse('1 per day')).toEqual({ count: 1, ms: 86_400_000 });
  });

  it.each(['0 per hour', '100', '5 per week', '5 per days', '12345678 per day'])('is not %s', (text) => {
    expect(Rate.safeParse(text).error?.issues[0]?.message).toBe('is not a rate; write for example "100 per hour"');
  });
});
