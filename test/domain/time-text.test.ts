import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatAge,
  formatAmount,
  formatDays,
  formatDueTime,
  formatInstant,
  formatShortDuration,
} from '#domain/time/time-text.ts';

const now = Date.parse('2026-11-24T08:30:00Z');
const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();

test('an instant is shown in the time zone, with the year only where it is another', () => {
  expect(formatInstant(now, 'Europe/Berlin', now)).toBe('Tue 24 Nov, 09:30');
  expect(formatInstant(now, 'America/New_York', now)).toBe('Tue 24 Nov, 03:30');
  expect(formatInstant(Date.parse('2026-12-31T23:30:00Z'), 'Europe/Berlin', now)).toBe('Fri 1 Jan 2027, 00:30');
  expect(formatInstant(Date.parse('2026-12-31T23:30:00Z'), 'UTC', now)).toBe('Thu 31 Dec, 23:30');
  expect(formatInstant(Date.parse('2026-09-01T08:30:00Z'), 'UTC', now)).toBe('Tue 1 Sep, 08:30');
});

test('a span is told in the one unit that matters', () => {
  expect(formatShortDuration(59 * 60_000)).toBe('59 min');
  expect(formatShortDuration(47 * 3_600_000)).toBe('47 h');
  expect(formatShortDuration(48 * 3_600_000)).toBe('2 d');
});

test('a due time stands before, at or after now', () => {
  expect(formatDueTime(at(5), now)).toBe('in 5 h');
  expect(formatDueTime(at(0), now)).toBe('due now');
  expect(formatDueTime(at(-50), now)).toBe('2 d late');
});

test('what is past is so long ago', () => {
  expect(formatAge(at(0), now)).toBe('just now');
  expect(formatAge(at(-3), now)).toBe('3 h ago');
});

test('days are shown as times are, with the year where it is another', () => {
  const now = Date.UTC(2026, 10, 30);
  expect(formatDays({ from: '2026-09-02', to: '2026-11-30' }, now)).toBe('Wed 2 Sep to Mon 30 Nov');
  expect(formatDays({ from: '2026-11-30', to: '2026-11-30' }, now)).toBe('Mon 30 Nov');
  expect(formatDays({ from: '2025-12-29', to: '2026-01-04' }, now)).toBe('Mon 29 Dec 2025 to Sun 4 Jan');
});

test.each([
  [59_999, 'due now', 'just now'],
  [60_000, 'in 1 min', 'just now'],
  [-59_999, 'due now', 'just now'],
  [-60_000, '1 min late', '1 min ago'],
  [-3_599_999, '59 min late', '59 min ago'],
  [-3_600_000, '1 h late', '1 h ago'],
  [-172_799_999, '47 h late', '47 h ago'],
  [-259_199_999, '2 d late', '2 d ago'],
])('what lies %i ms ahead is told as %s and %s', (ms, due, age) => {
  expect([formatDueTime(now + ms, now), formatAge(new Date(now + ms).toISOString(), now)]).toEqual([due, age]);
});

test('an amount has its thousands apart, and no cents', () => {
  expect([formatAmount(1_234_567.5), formatAmount(0)]).toEqual(['1,234,568', '0']);
});

test('an instant is that of the wall clock in every zone', () => {
  const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2037, 0, 1) });
  fc.assert(
    fc.property(instant, fc.constantFrom(...Intl.supportedValuesOf('timeZone')), (then, timeZone) => {
      const wall = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(then);
      const [weekday, day, month, year, clock] = new Date(`${wall.replace(' ', 'T')}Z`).toUTCString().split(/,? /);
      const date = `${weekday} ${Number(day)} ${month}`;
      expect(formatInstant(then, timeZone, then)).toBe(`${date}, ${clock?.slice(0, 5)}`);
      expect(formatInstant(then, timeZone, 0)).toBe(`${date} ${year}, ${clock?.slice(0, 5)}`);
    }),
    { numRuns: 20 },
  );
});
