import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNextHigherSeverity } from '#domain/templates/options.ts';
import {
  addWorkingTime,
  computeWorkingMsBetween,
  findEndOfWorkingDay,
  isClosedDay,
  parseWorkingHours,
  toCalendar,
} from '#domain/time/calendar.ts';
import {
  type CaseClock,
  computeGoalAfterReopening,
  computeUsedWorkingMs,
  dueOf,
  isPaused,
  pause,
  resume,
  roughly,
} from '#domain/time/clock.ts';
import { hourMs } from '#domain/time/units.ts';

const office = toCalendar(
  { hours: 'Mon-Thu 09:00-12:00 13:00-17:00, Fri 09:00-15:00', holidays: ['2026-12-25'] },
  'Europe/Berlin',
);
const utc = (text: string) => Date.parse(`${text}Z`);

describe('working hours', () => {
  it('are read as people write them', () => {
    expect(parseWorkingHours('mon 09:00-12:00 13:00-17:30, Sat-Sun 00:00-24:00')?.map((day) => day.length)).toEqual([
      2, 0, 0, 0, 0, 1, 1,
    ]);
  });

  it('are put in order, whatever blanks are between them', () => {
    expect(parseWorkingHours('Mon  13:00-17:00   09:00-12:00')?.[0]).toEqual([
      { from: 540, until: 720 },
      { from: 780, until: 1020 },
    ]);
  });

  it('count in their own time zone, or in that of the workspace', () => {
    const zone = (own?: string) =>
      toCalendar({ hours: 'Mon 09:00-17:00', holidays: [], 'time-zone': own }, 'UTC').timeZone;
    expect([zone('Asia/Tokyo'), zone()]).toEqual(['Asia/Tokyo', 'UTC']);
    expect(() => toCalendar({ hours: 'never', holidays: [] }, 'UTC')).toThrow('the hours of a calendar cannot be read');
  });

  it('begin to count at once, and no time is none', () => {
    const saturday = utc('2026-11-28T12:00');
    expect(addWorkingTime(office, saturday, 0)).toBe(saturday);
    expect(addWorkingTime(null, saturday, -5)).toBe(saturday);
    expect(addWorkingTime(office, utc('2026-11-27T13:00'), hourMs)).toBe(utc('2026-11-27T14:00'));
    expect(addWorkingTime(office, utc('2026-11-27T13:30'), hourMs)).toBe(utc('2026-11-30T08:30'));
    expect(computeWorkingMsBetween(null, 5, 3)).toBe(0);
    expect(computeWorkingMsBetween(office, saturday, saturday + 45 * hourMs)).toBe(hourMs);
    const holidays = Array.from({ length: 4000 }, (_, day) =>
      new Date(saturday + day * 24 * hourMs).toISOString().slice(0, 10),
    );
    const closed = { ...office, holidays: new Set(holidays) };
    expect(addWorkingTime(closed, saturday, 1)).toBe(saturday + 3700 * 24 * hourMs);
  });

  it('follow the wall clock of their zone on any day', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC'];
    const day = fc.date({ min: new Date('1990-01-01'), max: new Date('8999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.constantFrom(...zones), (at, timeZone) => {
        const date = at.toISOString().slice(0, 10);
        const noon = toCalendar({ hours: 'Mon-Sun 12:00-13:00', holidays: [] }, timeZone);
        const end = findEndOfWorkingDay(noon, date, 'UTC');
        const wall = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
        expect(wall.format(end)).toBe(`${date} 13:00`);
      }),
    );
  });

  it.each([
    ['Mon-Fri'],
    ['Mon-Fri 9-17'],
    ['Mon-Fri 17:00-09:00'],
    ['Fri-Mon 09:00-17:00'],
    ['Mon 09:00-12:00 11:00-13:00'],
    ['Mon 09:00-24:30'],
    ['Mon 09:75-10:00'],
    ['Noday 09:00-17:00'],
    ['Abc 09:00-17:00, Mon 09:00-17:00'],
    ['Fri-Mon 09:00-17:00, Wed 09:00-17:00'],
    ['Mon 09:00-09:00'],
    ['Mon 09:60-11:00'],
    ['xMon 09:00-17:00'],
    ['Mon 09:00-17:00 x'],
    ['Mon 09:00-17:00,'],
    [''],
  ])('are refused: %s', (text) => {
    expect(parseWorkingHours(text)).toBeNull();
  });
});

describe('a date that a person wrote', () => {
  it.each([
    ['a full day', '2026-11-26', '2026-11-26T16:00'],
    ['a short day', '2026-11-27', '2026-11-27T14:00'],
    ['a Sunday means the Friday before', '2026-11-29', '2026-11-27T14:00'],
    ['a holiday means the day before', '2026-12-25', '2026-12-24T16:00'],
    ['a day in summer', '2026-07-01', '2026-07-01T15:00'],
  ])('is the end of that working day: %s', (_, date, end) => {
    expect(new Date(findEndOfWorkingDay(office, date, 'UTC')).toISOString().slice(0, 16)).toBe(end);
  });

  it('is never an hour of the day after, nor of another year', () => {
    const weekend = toCalendar({ hours: 'Fri 09:00-17:00, Sun 00:00-24:00', holidays: [] }, 'UTC');
    expect(findEndOfWorkingDay(weekend, '2026-11-28', 'UTC')).toBe(utc('2026-11-27T17:00'));
    const noon = utc('2026-11-28T12:00');
    const holidays = Array.from({ length: 400 }, (_, day) =>
      new Date(noon - day * 24 * hourMs).toISOString().slice(0, 10),
    );
    const closed = { ...weekend, holidays: new Set(holidays) };
    expect(findEndOfWorkingDay(closed, '2026-11-28', 'UTC')).toBe(utc('2026-11-28T23:59:59'));
  });

  it('is the end of the day where there is no calendar', () => {
    expect(findEndOfWorkingDay(null, '2026-10-25', 'Europe/Berlin')).toBe(utc('2026-10-25T22:59:59'));
  });

  it('stands on a closed day or not', () => {
    expect(isClosedDay(office, utc('2026-11-28T12:00'))).toBe(true);
    expect(isClosedDay(office, utc('2026-12-25T12:00'))).toBe(true);
    expect(isClosedDay(office, utc('2026-11-26T23:30'))).toBe(false);
    expect(isClosedDay(office, utc('2026-11-27T23:30'))).toBe(true);
  });
});

describe('a clock', () => {
  const clock: CaseClock = { startAt: 0, goalMs: 10 * hourMs, calendar: null, pauses: [] };

  it('stands still between pause and resume, however often it is told', () => {
    const paused = pause(pause(clock, 2 * hourMs), 3 * hourMs);
    expect(isPaused(paused)).toBe(true);
    expect(paused.pauses).toEqual([{ from: 2 * hourMs, to: null }]);
    expect(dueOf(paused, null)).toBeNull();
    // Nothing is left of the goal, and the case waits from its first moment.
    const atOnce = { ...paused, goalMs: 0 };
    expect(dueOf({ ...atOnce, pauses: [{ from: atOnce.startAt, to: null }] }, null)).toBeNull();
    expect(computeUsedWorkingMs(paused, null, 9 * hourMs)).toBe(2 * hourMs);
    const running = resume(resume(paused, 5 * hourMs), 6 * hourMs);
    expect(isPaused(running)).toBe(false);
    expect(dueOf(running, null)).toBe(13 * hourMs);
    expect(computeUsedWorkingMs(running, null, 6 * hourMs)).toBe(3 * hourMs);
  });

  it('keeps its earlier pauses when another one ends', () => {
    const twice = resume(pause(resume(pause(clock, hourMs), 2 * hourMs), 3 * hourMs), 5 * hourMs);
    expect(twice.pauses.map(({ from, to }) => [from / hourMs, (to ?? 0) / hourMs])).toEqual([
      [1, 2],
      [3, 5],
    ]);
    expect(resume(clock, hourMs)).toBe(clock);
    expect(dueOf(twice, null)).toBe(13 * hourMs);
    expect(computeUsedWorkingMs(twice, null, 4 * hourMs)).toBe(2 * hourMs);
    expect(computeUsedWorkingMs(twice, null, 6 * hourMs)).toBe(3 * hourMs);
  });

  it('counts no time before its start, whatever pauses stand there', () => {
    const later = { ...clock, startAt: 4 * hourMs };
    expect(dueOf({ ...later, pauses: [{ from: hourMs, to: 2 * hourMs }] }, null)).toBe(14 * hourMs);
    expect(dueOf({ ...later, pauses: [{ from: hourMs, to: 6 * hourMs }] }, null)).toBe(16 * hourMs);
    expect(computeUsedWorkingMs(later, null, 2 * hourMs)).toBe(0);
    expect(dueOf({ ...later, pauses: [{ from: hourMs, to: null }] }, null)).toBeNull();
  });

  it.each([
    [29_999, '30 seconds'],
    [30_000, '1 min'],
    [90_000, '2 min'],
    [60 * 60_000, '1 h'],
    [49 * 60 * 60_000 + 60_000, '49 h 1 min'],
  ])('tells %i ms as %s', (ms, text) => expect(roughly(ms)).toBe(text));

  it('that ran out before the pause stays run out', () => {
    expect(dueOf(pause(clock, 11 * hourMs), null)).toBe(10 * hourMs);
  });

  it.each([
    ['full goal', 3, 10, /the full 10 hours again/],
    ['half', 3, 5, /half of 10 hours/],
    ['remaining', 3, 7, /what remained of 10 hours.*7 h/],
    ['remaining', 12, 0, /nothing/],
  ] as const)('after a reopening has its %s', (rule, usage, left, why) => {
    const after = computeGoalAfterReopening(rule, 10 * hourMs, usage * hourMs);
    expect(after.goalMs).toBe(left * hourMs);
    expect(after.why).toMatch(why);
  });
});

describe('one severity higher', () => {
  it('stops at the top, and leaves what is not listed', () => {
    const list = ['urgent', 'high', 'low'];
    expect([...list, 'odd'].map((value) => findNextHigherSeverity(list, value))).toEqual([
      'urgent',
      'urgent',
      'high',
      'odd',
    ]);
  });
});
