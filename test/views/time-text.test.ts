import { expect, test } from 'vitest';
import { formatAge, formatDueTime, formatShortDuration, instantText } from '#src/views/time-text.ts';
import { at, now } from './sample-case.ts';

test('instants are shown in the workspace’s time zone', () => {
  expect(instantText('2026-11-24T08:30:00Z', 'Europe/Berlin')).toBe('Tue 24 Nov 2026, 09:30');
  expect(instantText('2026-11-24T08:30:00Z', 'America/New_York')).toBe('Tue 24 Nov 2026, 03:30');
  expect(instantText('2026-11-24T23:30:00Z', 'Asia/Tokyo', false)).toBe('Wed 25 Nov, 08:30');
});

test('a span is told in the one unit that matters', () => {
  expect(formatShortDuration(59 * 60_000)).toBe('59 min');
  expect(formatShortDuration(47 * 3_600_000)).toBe('47 h');
  expect(formatShortDuration(48 * 3_600_000)).toBe('2 d');
});

test('a due time stands before, at or after now', () => {
  expect(formatDueTime(at(5), now)).toBe('in 5 h');
  expect(formatDueTime(at(0), now)).toBe('due now');
  expect(formatDueTime(at(-50), now)).toBe('2 d overdue');
});

test('what is past is so long ago', () => {
  expect(formatAge(at(0), now)).toBe('just now');
  expect(formatAge(at(-3), now)).toBe('3 h ago');
});
