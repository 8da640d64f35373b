const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Formatters are slow to make, and a page has hundreds of instants in one zone. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** `Tue, 24 Nov 2026, 09:30` on the clocks of the workspace; without the year where another text tells it. */
export function instantText(iso: string, timeZone: string, withYear = true): string {
  const key = `${timeZone} ${withYear}`;
  const known = formats.get(key);
  const format =
    known ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      ...(withYear ? { year: 'numeric' } : {}),
      hour: '2-digit',
      minute: '2-digit',
    });
  if (!known) formats.set(key, format);
  return format.format(new Date(iso));
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
