import { describe, expect, it } from 'vitest';
import { toCalendar } from '#domain/time/calendar.ts';
import { findNextInstantNotQuiet, findNextWallClockInstant, parseQuietHours } from '#domain/time/quiet-hours.ts';

const zone = 'Europe/Berlin';
const office = toCalendar({ hours: 'Mon-Fri 09:00-17:00', holidays: ['2026-12-25'] }, zone);
const night = { hours: parseQuietHours('20:00-07:00'), calendar: null, timeZone: zone };
const iso = (at: number) => new Date(at).toISOString();
const toldAt = (quiet: Parameters<typeof findNextInstantNotQuiet>[0], at: string) =>
  iso(findNextInstantNotQuiet(quiet, Date.parse(at)));

describe('quiet hours', () => {
  it.each([
    ['2026-11-24T18:59:59Z', '2026-11-24T18:59:59.000Z'],
    ['2026-11-24T19:00:00Z', '2026-11-25T06:00:00.000Z'],
    ['2026-11-25T05:59:59Z', '2026-11-25T06:00:00.000Z'],
    ['2026-11-25T06:00:00Z', '2026-11-25T06:00:00.000Z'],
  ])('over midnight: at %s it may be told at %s', (at, told) => {
    expect(toldAt(night, at)).toBe(told);
  });

  it.each([
    ['the clocks go forward', '2026-03-28T19:30:00Z', '2026-03-29T05:00:00.000Z'],
    ['the clocks go back', '2026-10-24T18:30:00Z', '2026-10-25T06:00:00.000Z'],
  ])('end on the wall clock when %s', (_, at, told) => {
    expect(toldAt(night, at)).toBe(told);
  });

  it('are of the person’s own time zone', () => {
    expect(toldAt({ ...night, timeZone: 'America/New_York' }, '2026-11-24T19:00:00Z')).toBe('2026-11-24T19:00:00.000Z');
  });

  it.each([
    ['a weekend', '2026-11-27T20:00:00Z', '2026-11-30T06:00:00.000Z'],
    ['a holiday before a weekend', '2026-12-25T10:00:00Z', '2026-12-28T06:00:00.000Z'],
  ])('hold through %s of the calendar', (_, at, told) => {
    expect(toldAt({ ...night, calendar: office }, at)).toBe(told);
  });

  it.each(['20-07', '20:00', '24:00-07:00', '07:00-07:00'])('%s are none', (text) => {
    expect(parseQuietHours(text)).toBeNull();
  });
});

describe('a digest', () => {
  it('comes when the clock next shows its time', () => {
    const next = (at: string) => iso(findNextWallClockInstant(8 * 60, zone, Date.parse(at)));
    expect(next('2026-11-24T06:00:00Z')).toBe('2026-11-24T07:00:00.000Z');
    expect(next('2026-11-24T07:00:00Z')).toBe('2026-11-24T07:00:00.000Z');
    expect(next('2026-11-24T07:00:01Z')).toBe('2026-11-25T07:00:00.000Z');
  });
});
