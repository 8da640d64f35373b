import { Temporal } from 'temporal-polyfill';
import { type Calendar, isClosedDay, parseMinutesAfterMidnight, weekdays } from './calendar.ts';

export interface Quiet {
  /** Minutes after midnight; `from` after `until` spans midnight. Null for no quiet hours. */
  hours: { from: number; until: number } | null;
  calendar: Calendar | null;
  timeZone: string;
}

/** Search limit in days: a year of closed days is a mistake in the calendar, so the notice goes out. */
const mostDaysSearched = 366;

/** `20:00-07:00` → minutes after midnight; null for any other text. */
export function parseQuietHours(text: string): Quiet['hours'] {
  if (!/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/.test(text.trim())) return null;
  const [from = 0, until = 0] = text.split('-').map(parseMinutesAfterMidnight);
  return from === until ? null : { from, until };
}

/** First instant from `at` on that is not quiet, in UTC milliseconds. */
export function findNextInstantNotQuiet({ hours, calendar, timeZone }: Quiet, at: number): number {
  let instant = at;
  for (let turns = 0; turns < 2 * mostDaysSearched; turns += 1) {
    const isClosed = calendar && isClosedDay({ ...calendar, timeZone }, instant);
    const next = isClosed
      ? findStartOfDate(dateAt(instant, timeZone), timeZone, 1)
      : hours && findEndOfQuietHours(hours, toWallClock(instant, timeZone));
    if (next === null) return instant;
    instant = next;
  }
  return at;
}

function findEndOfQuietHours({ from, until }: NonNullable<Quiet['hours']>, time: Temporal.ZonedDateTime) {
  const minute = time.hour * 60 + time.minute;
  const [isAfterStart, isBeforeEnd] = [minute >= from, minute < until];
  if (from < until ? !(isAfterStart && isBeforeEnd) : !(isAfterStart || isBeforeEnd)) return null;
  const day = time.toPlainDate().add({ days: from > until && isAfterStart ? 1 : 0 });
  const end = computeWallClockInstant(day, until, time.timeZoneId);
  // In the hour that comes twice, the first end may be over.
  return end > time.epochMilliseconds ? end : computeWallClockInstant(day, until, time.timeZoneId, 'later');
}

const toWallClock = (at: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(timeZone);

function computeWallClockInstant(
  day: Temporal.PlainDate,
  minutes: number,
  timeZone: string,
  disambiguation: 'compatible' | 'later' = 'compatible',
): number {
  const time = { hour: Math.floor(minutes / 60), minute: minutes % 60 };
  return day.toPlainDateTime(time).toZonedDateTime(timeZone, { disambiguation }).epochMilliseconds;
}

/** Next instant, from `at` on, at which the wall clock shows these minutes. */
export function findNextWallClockInstant(minutes: number, timeZone: string, at: number): number {
  const day = toWallClock(at, timeZone).toPlainDate();
  const today = computeWallClockInstant(day, minutes, timeZone);
  return today >= at ? today : computeWallClockInstant(day.add({ days: 1 }), minutes, timeZone);
}

interface Regularly {
  every: 'week' | 'month';
  /** Day of the week; of a month the first. */
  on: (typeof weekdays)[number];
  at: string;
}

/** Next instant after another at which something regular is due. */
export function findNextRegularInstant({ every, on, at }: Regularly, timeZone: string, after: number): number {
  const minutes = parseMinutesAfterMidnight(at);
  let instant = after;
  for (let days = 0; days < mostDaysSearched; days += 1) {
    instant = findNextWallClockInstant(minutes, timeZone, instant + 1);
    const { dayOfWeek, day } = Temporal.PlainDate.from(dateAt(instant, timeZone));
    if (weekdays[dayOfWeek - 1] === on && (every === 'week' || day <= 7)) break;
  }
  return instant;
}

/** Name of the week or month of an instant, `2026-W48` or `2026-11`. */
export function namePeriod(every: Regularly['every'], at: number, timeZone: string): string {
  const date = Temporal.PlainDate.from(dateAt(at, timeZone));
  return every === 'month'
    ? date.toPlainYearMonth().toString()
    : `${date.yearOfWeek}-W${String(date.weekOfYear).padStart(2, '0')}`;
}

/** First instant of a date, `YYYY-MM-DD`, or of one so many days later. */
export const findStartOfDate = (date: string, timeZone: string, daysLater = 0): number =>
  computeWallClockInstant(Temporal.PlainDate.from(date).add({ days: daysLater }), 0, timeZone);

/** First instant of a period of dates, and the first after it; undefined where a date is not given. */
export const findBoundsOfDays = (
  { from, to }: { from?: string | undefined; to?: string | undefined },
  zone: string,
) => ({
  from: from ? findStartOfDate(from, zone) : undefined,
  to: to ? findStartOfDate(to, zone, 1) : undefined,
});

/** An instant in ISO 8601, or the start of a date as above. */
export const readInstant = (text: string, timeZone: string, daysLater = 0): number =>
  text.includes('T') ? Date.parse(text) : findStartOfDate(text, timeZone, daysLater);

/** Date on a zone's wall clock, `YYYY-MM-DD`, or the one so many days later: not every day has 24 hours. */
export const dateAt = (at: number, timeZone: string, days = 0): string =>
  toWallClock(at, timeZone).toPlainDate().add({ days }).toString();
