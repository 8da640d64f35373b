import { remember } from '#domain/base/memoize.ts';
import { dayMs, hourMs, minuteMs } from './units.ts';

/** Cached, because formatters are slow to create and a page shows hundreds of instants. */
const formats = new Map<string, Intl.DateTimeFormat>();

const createFormatter = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });

/** `Tue 3 Nov, 14:20` on a zone's wall clock, with the year where it is another than now: `Sat 2 Jan 2027, 09:30`. */
export function formatInstant(at: number, timeZone: string, now: number): string {
  // Joined by hand, because a locale's commas differ between runtimes.
  const format = remember(formats, timeZone, () => createFormatter(timeZone));
  const read = (instant: number) => {
    const parts = format.formatToParts(Math.floor(instant));
    return (wanted: Intl.DateTimeFormatPartTypes) => parts.find(({ type }) => type === wanted)?.value ?? '';
  };
  const part = read(at);
  const year = part('year') === read(now)('year') ? '' : ` ${part('year')}`;
  return `${part('weekday')} ${part('day')} ${part('month').slice(0, 3)}${year}, ${part('hour')}:${part('minute')}`;
}

/** Days as `Mon 23 Nov to Sun 29 Nov`, one day alone, each with the year where it is another than now. */
export const formatDays = (days: { from: string; to: string }, now: number): string =>
  [...new Set([days.from, days.to])]
    .map((day) => formatInstant(Date.parse(day), 'UTC', now).replace(/,.*/, ''))
    .join(' to ');

/** A duration in its largest unit, rounded down: `45 min`, `5 h`, `2 d`. */
export function formatShortDuration(ms: number): string {
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  return ms < 2 * dayMs ? `${Math.floor(ms / hourMs)} h` : `${Math.floor(ms / dayMs)} d`;
}

/** Due time relative to now: `in 5 h`, `due now`, `2 d late`. */
export function formatDueTime(dueAt: string | number, now: number): string {
  const left = new Date(dueAt).getTime() - now;
  if (Math.abs(left) < minuteMs) return 'due now';
  return left > 0 ? `in ${formatShortDuration(left)}` : `${formatShortDuration(-left)} late`;
}

/** Age of an instant: `just now`, `3 h ago`. */
export function formatAge(at: string, now: number): string {
  const past = now - Date.parse(at);
  return past < minuteMs ? 'just now' : `${formatShortDuration(past)} ago`;
}

/** An amount without a currency, which is the workspace's own. */
export const formatAmount = (amount: number): string => new Intl.NumberFormat('en').format(Math.round(amount));
