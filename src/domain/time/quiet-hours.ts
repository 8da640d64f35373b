import { Temporal } from 'temporal-polyfill';
import { type Calendar, isClosedDay } from './calendar.ts';

/** When somebody wants no notices: hours of each day on their wall clock, and whole days without working hours. */
export interface Quiet {
  /** Minutes after midnight; `from` after `until` runs over midnight. Null for no such hours. */
  hours: { from: number; until: number } | null;
  /** Days on which this calendar has no hours are quiet as a whole. */
  calendar: Calendar | null;
  timeZone: string;
}

/** A year of nothing but closed days is a mistake in the calendar: then it is told after all. */
const mostDays = 366;

/** `20:00-07:00` → minutes after midnight; null when it is not like that. */
export function parseQuietHours(text: string): Quiet['hours'] {
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  if (!match) return null;
  const [, fromHour, fromMinute, hour, minute] = match.map(Number);
  const from = (fromHour ?? 0) * 60 + (fromMinute ?? 0);
  const until = (hour ?? 0) * 60 + (minute ?? 0);
  return from === until ? null : { from, until };
}

/** The first instant from `at` on that is not quiet; `at` itself where it is not. UTC milliseconds. */
export function quietUntil(quiet: Quiet, at: number): number {
  const calendar = quiet.calendar && { ...quiet.calendar, timeZone: quiet.timeZone };
  let instant = at;
  for (let turns = 0; turns < 2 * mostDays; turns += 1) {
    const time = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(quiet.timeZone);
    if (calendar && isClosedDay(calendar, instant)) {
      instant = startOfNextDay(time);
      continue;
    }
    const next = quiet.hours && endOfHours(quiet.hours, time);
    if (next === null) return instant;
    instant = next;
  }
  return at;
}

/** When the quiet hours end that an instant lies in; null when it lies in none. */
function endOfHours(
  { from, until }: { from: number; until: number },
  time: Temporal.ZonedDateTime,
): number | null {
  const minute = time.hour * 60 + time.minute;
  const day = time.toPlainDate();
  if (from < until) return minute >= from && minute < until ? wallClock(day, until, time.timeZoneId) : null;
  if (minute >= from) return wallClock(day.add({ days: 1 }), until, time.timeZoneId);
  return minute < until ? wallClock(day, until, time.timeZoneId) : null;
}

function wallClock(day: Temporal.PlainDate, minutes: number, timeZone: string): number {
  const plainTime = Temporal.PlainTime.from({ hour: Math.floor(minutes / 60), minute: minutes % 60 });
  return day.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
}

function startOfNextDay(time: Temporal.ZonedDateTime): number {
  return time.toPlainDate().add({ days: 1 }).toZonedDateTime(time.timeZoneId).epochMilliseconds;
}

/** The next time at which a wall clock shows these minutes, `at` itself included. */
export function nextWallClock(minutes: number, timeZone: string, at: number): number {
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
  const today = wallClock(day, minutes, timeZone);
  return today >= at ? today : wallClock(day.add({ days: 1 }), minutes, timeZone);
}

/** The date on a zone's wall clock, `YYYY-MM-DD`. */
export function dateAt(at: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(at))
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
}
