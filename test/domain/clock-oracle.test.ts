import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Calendar, computeWorkingMsBetween, toCalendar } from '#domain/time/calendar.ts';
import { type CaseClock, computeUsedWorkingMs, dueOf } from '#domain/time/clock.ts';
import { minuteMs } from '#domain/time/units.ts';
import { sampled } from '#test/harness/sampled.ts';

/*
 * The oracle has no calendar arithmetic: it asks Intl for the wall clock of every minute, and counts the minutes within
 * the hours. Windows lie around clock changes.
 */

const windowMinutes = 21 * 24 * 60;
const pad = (value: number) => String(value).padStart(2, '0');
const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const windows = [
  ['Europe/Berlin', Date.UTC(2026, 2, 20)],
  ['Europe/Berlin', Date.UTC(2026, 9, 16)],
  ['America/New_York', Date.UTC(2026, 2, 1)],
  ['America/New_York', Date.UTC(2026, 9, 25)],
  ['Australia/Lord_Howe', Date.UTC(2026, 3, 1)],
  ['Africa/Casablanca', Date.UTC(2026, 1, 8)],
  ['America/Havana', Date.UTC(2026, 2, 1)],
  ['Asia/Kathmandu', Date.UTC(2026, 4, 1)],
  ['UTC', Date.UTC(2026, 11, 18)],
] as const;

interface Wall {
  zone: string;
  start: number;
  /** One entry per minute of the window. */
  weekday: Uint8Array;
  minuteOfDay: Uint16Array;
  date: string[];
}

function wallOf(zone: string, start: number): Wall {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const wall: Wall = {
    zone,
    start,
    weekday: new Uint8Array(windowMinutes),
    minuteOfDay: new Uint16Array(windowMinutes),
    date: [],
  };
  for (let at = 0; at < windowMinutes; at += 1) {
    const parts = new Map(format.formatToParts(start + at * minuteMs).map(({ type, value }) => [type, value]));
    wall.weekday[at] = names.indexOf(parts.get('weekday') ?? '');
    wall.minuteOfDay[at] = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
    wall.date.push(`${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`);
  }
  return wall;
}

const walls = windows.map(([zone, start]) => wallOf(zone, start));

/** Hours in people's notation, and as bare numbers for the oracle. */
const hours = fc
  .array(
    fc.record({
      first: fc.nat(6),
      length: fc.nat(4),
      from: fc.nat(95).map((quarter) => quarter * 15),
      minutes: fc.integer({ min: 1, max: 60 }).map((quarter) => quarter * 15),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => {
    const open = Array.from({ length: 7 }, () => [] as [number, number][]);
    const texts: string[] = [];
    for (const { first, length, from, minutes } of parts) {
      const last = Math.min(6, first + length);
      const until = Math.min(1440, from + minutes);
      const days = open.slice(first, last + 1);
      if (days.some((spans) => spans.some(([a, b]) => from < b && a < until))) continue;
      for (const spans of days) spans.push([from, until]);
      const clock = (at: number) => `${pad(Math.floor(at / 60))}:${pad(at % 60)}`;
      texts.push(`${names[first]}-${names[last]} ${clock(from)}-${clock(until)}`);
    }
    return { text: texts.join(', '), open };
  });

const isOpen = (wall: Wall, open: [number, number][][], holidays: Set<string>, at: number) => {
  const now = wall.minuteOfDay[at] ?? 0;
  return (
    !holidays.has(wall.date[at] ?? '') &&
    (open[wall.weekday[at] ?? 0] ?? []).some(([from, until]) => now >= from && now < until)
  );
};

const cases = fc.record({
  wall: fc.constantFrom(...walls),
  hours,
  holidays: fc.array(fc.nat(20), { maxLength: 4 }),
  start: fc.nat(6 * 1440),
  goal: fc.integer({ min: 1, max: 24 * 60 }),
  pauses: fc.array(fc.tuple(fc.nat(4000), fc.integer({ min: 1, max: 2000 })), { maxLength: 3 }),
});

describe('the clock against a walk over every minute', () => {
  const runs = sampled(12_000, 3000);
  let played = 0;
  let across = 0;

  it('gives the same due time and the same time spent in thousands of cases', () => {
    fc.assert(
      fc.property(cases, ({ wall, hours: { text, open }, holidays: picked, start, goal, pauses }) => {
        const holidays = new Set(picked.map((day) => wall.date[day * 1440] ?? ''));
        const calendar: Calendar = toCalendar({ hours: text, holidays: [...holidays] }, wall.zone);
        // Pauses follow one another, as when a case is paused and resumed.
        let from = start;
        const stood = pauses.map(([after, length]) => {
          const pause = { from: from + after, to: from + after + length };
          from = pause.to;
          return pause;
        });
        let counted = 0;
        let due: number | null = null;
        let until = start;
        for (let at = start; at < windowMinutes && due === null; at += 1) {
          until = at + 1;
          const paused = stood.some((pause) => at >= pause.from && at < pause.to);
          if (!paused && isOpen(wall, open, holidays, at)) counted += 1;
          if (counted === goal) due = at + 1;
        }
        const instant = (at: number) => wall.start + at * minuteMs;
        const clock: CaseClock = {
          startAt: instant(start),
          goalMs: goal * minuteMs,
          calendar: 'office',
          pauses: stood.map((pause) => ({ from: instant(pause.from), to: instant(pause.to) })),
        };
        expect(computeUsedWorkingMs(clock, calendar, instant(until))).toBe(counted * minuteMs);
        played += 1;
        if (due === null) return;
        expect(dueOf(clock, calendar)).toBe(instant(due));
        const length = wall.minuteOfDay[due - 1] ?? 0;
        const shift = (length - (wall.minuteOfDay[start] ?? 0) - (due - 1 - start)) % 1440;
        if (shift !== 0) across += 1;
      }),
      { numRuns: runs },
    );
    expect(played).toBeGreaterThanOrEqual(runs);
    // The test is only meaningful if many cases cross a clock change.
    expect(across).toBeGreaterThan(300);
  }, 120_000);

  it('takes the hour that a night in spring does not have, and the one that autumn has twice', () => {
    const night = toCalendar({ hours: 'Sun 00:00-06:00', holidays: [] }, 'Europe/Berlin');
    const day = (month: number, date: number) => Date.UTC(2026, month, date, 12);
    expect(computeWorkingMsBetween(night, day(2, 28), day(2, 29))).toBe(5 * 60 * minuteMs);
    expect(computeWorkingMsBetween(night, day(9, 24), day(9, 25))).toBe(7 * 60 * minuteMs);
    expect(computeWorkingMsBetween(night, day(5, 6), day(5, 7))).toBe(6 * 60 * minuteMs);
  });
});
