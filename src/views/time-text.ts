import { dayMs, hourMs, minuteMs } from '#domain/time/units.ts';

/** Formatters are slow to make, and a page has hundreds of instants in one zone. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
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

/** `Tue 24 Nov 2026, 09:30` on the clocks of the workspace; without the year where another text tells it. */
export function instantText(iso: string, timeZone: string, withYear = true): string {
  const parts = formatOf(timeZone).formatToParts(new Date(iso));
  // Put together here, since the commas of a locale differ from one runtime to the next.
  const part = (wanted: Intl.DateTimeFormatPartTypes) =>
    parts.find(({ type }) => type === wanted)?.value ?? '';
  const date = [part('weekday'), part('day'), part('month'), ...(withYear ? [part('year')] : [])].join(' ');
  return `${date}, ${part('hour')}:${part('minute')}`;
}

/** A length of time in the one unit that matters: `45 min`, `5 h`, `2 d`. Begun units do not count. */
export function spanText(ms: number): string {
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  return ms < 2 * dayMs ? `${Math.floor(ms / hourMs)} h` : `${Math.floor(ms / dayMs)} d`;
}

/** How a due time stands to now: `in 5 h`, `due now`, `2 d overdue`. */
export function dueText(dueAt: string, now: number): string {
  const left = Date.parse(dueAt) - now;
  if (Math.abs(left) < minuteMs) return 'due now';
  return left > 0 ? `in ${spanText(left)}` : `${spanText(-left)} overdue`;
}

/** How long ago something was: `just now`, `3 h ago`. */
export function agoText(at: string, now: number): string {
  const past = now - Date.parse(at);
  return past < minuteMs ? 'just now' : `${spanText(past)} ago`;
}

/** An amount without a currency: the workspace's own, as it was given. */
export const moneyText = (amount: number): string => new Intl.NumberFormat('en').format(Math.round(amount));
