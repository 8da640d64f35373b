import { Temporal } from 'temporal-polyfill';
import { remember } from '#domain/base/memoize.ts';
import { dayMs, minuteMs, secondMs, toIsoText } from './units.ts';

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
/** Search limit: a calendar without working hours would let a clock run for ever. */
export const mostWorkingTimeMs = 3700 * dayMs;

export interface Calendar {
  timeZone: string;
  /** Per weekday from Monday: minutes after midnight, in order, without overlap. */
  week: { from: number; until: number }[][];
  /** `2026-12-25` */
  holidays: Set<string>;
}

export type CalendarSettings = { hours: string; holidays: string[]; 'time-zone'?: string | undefined };

export function toCalendar(settings: CalendarSettings, timeZone: string): Calendar {
  // Cached, because each due time needs a calendar's hours and they never change.
  const week = remember(weeks, settings.hours, () => parseWorkingHours(settings.hours), mostWeekPatternsCached);
  if (!week) throw new Error('the hours of a calendar cannot be read');
  return { timeZone: settings['time-zone'] ?? timeZone, week, holidays: new Set(settings.holidays) };
}

const weeks = new Map<string, Calendar['week'] | null>();
const mostWeekPatternsCached = 500;

/** `Mon-Thu 09:00-12:00 13:00-17:30, Fri 09:00-15:00` → minutes by weekday; null for any other text. */
export function parseWorkingHours(text: string): Calendar['week'] | null {
  const week: Calendar['week'] = weekdays.map(() => []);
  for (const part of text.split(',')) {
    const match = /^([A-Za-z]{3})(?:-([A-Za-z]{3}))?((?:\s+\d\d:\d\d-\d\d:\d\d)+)$/.exec(part.trim());
    if (!match) return null;
    const first = findWeekdayIndex(match[1]);
    const last = match[2] ? findWeekdayIndex(match[2]) : first;
    if (first < 0 || last < first) return null;
    for (const span of (match[3] ?? '').trim().split(/\s+/)) {
      const [from = Number.NaN, until = Number.NaN] = span.split('-').map(parseMinutesAfterMidnight);
      if (!(from < until) || until > 1440) return null;
      for (const day of week.slice(first, last + 1)) day.push({ from, until });
    }
  }
  for (const day of week) day.sort((a, b) => a.from - b.from);
  const overlaps = week.some((day) => day.some(({ from }, at) => from < (day[at - 1]?.until ?? 0)));
  return overlaps ? null : week;
}

const findWeekdayIndex = (name = '') => weekdays.findIndex((weekday) => weekday.slice(0, 3) === name.toLowerCase());

/** `08:30` → 510; NaN for minutes beyond an hour. */
export function parseMinutesAfterMidnight(text: string): number {
  const [hours = Number.NaN, minutes = Number.NaN] = text.split(':').map(Number);
  return minutes < 60 ? hours * 60 + minutes : Number.NaN;
}

/** Working time between two instants, in milliseconds. Without a calendar all time counts. */
export function computeWorkingMsBetween(calendar: Calendar | null, from: number, to: number): number {
  if (to <= from) return 0;
  if (!calendar) return to - from;
  let sum = 0;
  for (const span of generateWorkingSpansFrom(calendar, from)) {
    if (span.from >= to) break;
    sum += Math.min(span.until, to) - span.from;
  }
  return sum;
}

/** The first instant at which `ms` of working time have passed since `from`, at most ten years after it. */
export function addWorkingTime(calendar: Calendar | null, from: number, ms: number): number {
  if (!calendar || ms <= 0) return from + Math.max(ms, 0);
  let left = ms;
  for (const span of generateWorkingSpansFrom(calendar, from)) {
    const length = span.until - span.from;
    if (left <= length) return span.from + left;
    left -= length;
  }
  return from + mostWorkingTimeMs;
}

/** Whether an instant falls on a day without working hours. */
export function isClosedDay(calendar: Calendar, at: number): boolean {
  const { offset } = findOffsetPeriod(calendar.timeZone, at);
  return findWorkingHoursOnDay(calendar, Math.floor((at + offset) / dayMs)).length === 0;
}

/** End of a date's working day, or of the last working day before it, as an instant. */
export function findEndOfWorkingDay(calendar: Calendar | null, date: string, timeZone: string): number {
  const zone = calendar?.timeZone ?? timeZone;
  const computeStartOfDay = (day: Temporal.PlainDate) => day.toZonedDateTime(zone).epochMilliseconds;
  let day = Temporal.PlainDate.from(date);
  for (let back = 0; calendar && back < 366; back += 1, day = day.subtract({ days: 1 })) {
    const next = computeStartOfDay(day.add({ days: 1 }));
    let last: number | null = null;
    for (const span of generateWorkingSpansFrom(calendar, computeStartOfDay(day))) {
      if (span.from >= next) break;
      last = Math.min(span.until, next);
    }
    if (last !== null) return last;
  }
  return computeStartOfDay(Temporal.PlainDate.from(date).add({ days: 1 })) - secondMs;
}

function* generateWorkingSpansFrom(calendar: Calendar, from: number): Generator<{ from: number; until: number }> {
  const giveUp = from + mostWorkingTimeMs;
  let at = from;
  while (at < giveUp) {
    const { offset, until } = findOffsetPeriod(calendar.timeZone, at);
    const end = Math.min(until, giveUp);
    for (let day = Math.floor((at + offset) / dayMs); day * dayMs - offset < end; day += 1) {
      for (const hours of findWorkingHoursOnDay(calendar, day)) {
        const opens = Math.max(day * dayMs + hours.from * minuteMs - offset, at);
        const closes = Math.min(day * dayMs + hours.until * minuteMs - offset, end);
        if (opens < closes) yield { from: opens, until: closes };
      }
    }
    at = end;
  }
}

/** @param day days since 1970-01-01, which was a Thursday */
function findWorkingHoursOnDay(calendar: Calendar, day: number): { from: number; until: number }[] {
  if (calendar.holidays.size > 0 && calendar.holidays.has(toIsoText(day * dayMs).slice(0, 10))) return [];
  return calendar.week[(((day + 3) % 7) + 7) % 7] ?? [];
}

/** A period in which a zone's offset from UTC does not change. */
type Stretch = { from: number; until: number; offset: number };

const stretches = new Map<string, Stretch[]>();

function findOffsetPeriod(timeZone: string, at: number): Stretch {
  const known = remember(stretches, timeZone, (): Stretch[] => []);
  const result = known.find(({ from, until }) => from <= at && at < until);
  if (result) return result;
  const time = Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(timeZone);
  const until = time.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
  const longer = known.find((stretch) => stretch.until === until);
  if (longer) {
    longer.from = Math.min(longer.from, Math.floor(at));
    return longer;
  }
  const made = { from: Math.floor(at), until, offset: time.offsetNanoseconds / 1e6 };
  known.push(made);
  return made;
}
