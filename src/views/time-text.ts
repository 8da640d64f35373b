import { dayMs, hourMs, minuteMs } from '#domain/time/units.ts';

/** Cached, because formatters are slow to create and a page shows hundreds of instants. */
const formats = new Map<string, Intl.DateTimeFormat>();

function getCachedFormatter(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, made);
  return made;
}

/** `Tue 24 Nov 2026, 09:30` on the workspace's wall clock; the year is optional. */
export function instantText(iso: string, timeZone: string, withYear = true): string {
  const parts = getCachedFormatter(timeZone).formatToParts(new Date(iso));
  // Joined by hand, because a locale's commas differ between runtimes.
  const part = (wanted: Intl.DateTimeFormatPartTypes) => parts.find(({ type }) => type === wanted)?.value ?? '';
  const date = [part('weekday'), part('day'), part('month'), ...(withYear ? [part('year')] : [])].join(' ');
  return `${date}, ${part('hour')}:${part('minute')}`;
}

/** A duration in its largest unit, rounded down: `45 min`, `5 h`, `2 d`. */
export function formatShortDuration(ms: number): string {
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  return ms < 2 * dayMs ? `${Math.floor(ms / hourMs)} h` : `${Math.floor(ms / dayMs)} d`;
}

/** Due time relative to now: `in 5 h`, `due now`, `2 d overdue`. */
export function formatDueTime(dueAt: string, now: number): string {
  const left = Date.parse(dueAt) - now;
  if (Math.abs(left) < minuteMs) return 'due now';
  return left > 0 ? `in ${formatShortDuration(left)}` : `${formatShortDuration(-left)} overdue`;
}

/** Age of an instant: `just now`, `3 h ago`. */
export function formatAge(at: string, now: number): string {
  const past = now - Date.parse(at);
  return past < minuteMs ? 'just now' : `${formatShortDuration(past)} ago`;
}

/** An amount without a currency, which is the workspace's own. */
export const formatAmount = (amount: number): string => new Intl.NumberFormat('en').format(Math.round(amount));
