import { describe, expect, it } from 'vitest';
import { toCalendar } from '#domain/time/calendar.ts';
import {
  dateAt,
  findNextInstantNotQuiet,
  findNextRegularInstant,
  findNextWallClockInstant,
  findStartOfDate,
  namePeriod,
  parseQuietHours,
} from '#domain/time/quiet-hours.ts';

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

  it('hold in the hour that comes twice, and end at the first end that is still to come', () => {
    const early = { ...night, hours: parseQuietHours('20:00-02:30') };
    expect(toldAt(early, '2026-10-25T00:10:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(toldAt(early, '2026-10-25T00:40:00Z')).toBe('2026-10-25T00:40:00.000Z');
    expect(toldAt(early, '2026-10-25T01:10:00Z')).toBe('2026-10-25T01:30:00.000Z');
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

describe('hours in text', () => {
  const minutes = (text: string) => {
    const [hour = 0, minute = 0] = text.split(':').map(Number);
    return hour * 60 + minute;
  };

  it.each(['00:00-23:59', '09:30-17:05', '19:59-20:10', ' 23:01-00:00 ', '10:00-19:45'])('%s are minutes', (text) => {
    const [from = '', until = ''] = text.trim().split('-');
    expect(parseQuietHours(text)).toEqual({ from: minutes(from), until: minutes(until) });
  });

  it.each([
    'x09:00-17:00',
    '09:00-17:00x',
    '30:00-07:00',
    '09:60-10:00',
    '09:00-25:00',
    '09:00-10:6x',
    '9:00-10:00',
    '29:00-07:00',
    '09:0a-10:00',
    'a9:00-10:00',
  ])('%s are none', (text) => {
    expect(parseQuietHours(text)).toBeNull();
  });

  it('of a day end on the same day', () => {
    const day = { hours: parseQuietHours('12:00-13:30'), calendar: null, timeZone: zone };
    expect(toldAt(day, '2026-11-24T10:59:59Z')).toBe('2026-11-24T10:59:59.000Z');
    expect(toldAt(day, '2026-11-24T11:00:00Z')).toBe('2026-11-24T12:30:00.000Z');
    expect(toldAt(day, '2026-11-24T12:29:00Z')).toBe('2026-11-24T12:30:00.000Z');
    expect(toldAt(day, '2026-11-24T12:30:00Z')).toBe('2026-11-24T12:30:00.000Z');
    expect(toldAt({ ...day, hours: null }, '2026-11-24T12:00:00Z')).toBe('2026-11-24T12:00:00.000Z');
  });

  it('do not hold a notice for ever where a calendar is always closed', () => {
    const closed = { ...office, week: office.week.map(() => []) };
    expect(toldAt({ ...night, calendar: closed }, '2026-11-24T10:00:00Z')).toBe('2026-11-24T10:00:00.000Z');
  });
});

describe('something regular', () => {
  const next = (every: 'week' | 'month', on: 'monday' | 'sunday', after: string, at = '08:15') =>
    iso(findNextRegularInstant({ every, on, at }, zone, Date.parse(after)));

  it('is due on its day of the week, or on the first of a month', () => {
    expect(next('week', 'monday', '2026-11-24T10:00:00Z')).toBe('2026-11-30T07:15:00.000Z');
    expect(next('week', 'monday', '2026-11-30T07:14:59Z')).toBe('2026-11-30T07:15:00.000Z');
    expect(next('week', 'monday', '2026-11-30T07:15:00Z')).toBe('2026-12-07T07:15:00.000Z');
    expect(next('week', 'sunday', '2026-03-28T10:00:00Z')).toBe('2026-03-29T06:15:00.000Z');
    expect(next('month', 'monday', '2026-11-24T10:00:00Z')).toBe('2026-12-07T07:15:00.000Z');
    expect(next('month', 'sunday', '2027-01-31T10:00:00Z', '23:59')).toBe('2027-02-07T22:59:00.000Z');
    expect(next('month', 'sunday', '2027-02-07T23:00:00Z')).toBe('2027-03-07T07:15:00.000Z');
  });

  it('has a period with a name', () => {
    const name = (every: 'week' | 'month', at: string) => namePeriod(every, Date.parse(at), zone);
    expect(name('month', '2026-11-30T23:30:00Z')).toBe('2026-12');
    expect(name('week', '2027-01-03T12:00:00Z')).toBe('2026-W53');
    expect(name('week', '2027-01-04T12:00:00Z')).toBe('2027-W01');
  });

  it('counts days on the wall clock', () => {
    expect(iso(findStartOfDate('2026-10-25', zone))).toBe('2026-10-24T22:00:00.000Z');
    expect(iso(findStartOfDate('2026-10-25', zone, 1))).toBe('2026-10-25T23:00:00.000Z');
    expect(dateAt(Date.parse('2026-10-24T22:00:00Z') + 0.7, zone)).toBe('2026-10-25');
  });
});
