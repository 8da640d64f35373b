import * as z from 'zod';
import { dayMs, hourMs, minuteMs, secondMs, weekMs } from './units.ts';

const unitMs = { second: secondMs, minute: minuteMs, hour: hourMs, day: dayMs, week: weekMs } as const;

/** `24 hours`, `1 day`, `90 seconds` → milliseconds; null for any other text. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(second|minute|hour|day|week)s?$/.exec(text.trim());
  if (!match) return null;
  return Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]);
}

/** A duration in the largest unit that gives a whole number. */
export function formatDuration(ms: number): string {
  for (const unit of ['week', 'day', 'hour', 'minute'] as const) {
    const count = ms / unitMs[unit];
    if (Number.isInteger(count) && count >= 1 && (unit !== 'day' || count > 3) && (unit !== 'week' || count > 1))
      return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
  }
  const seconds = Math.round(ms / secondMs);
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}

const longestDurationMs = 3660 * unitMs.day;
const durationErrorMessage = 'is not a duration; write for example "24 hours" or "5 days"';

/** A duration in a settings file, as milliseconds. */
export const Duration = z
  .string(durationErrorMessage)
  .refine((text) => parseDuration(text) !== null, durationErrorMessage)
  .transform((text) => parseDuration(text) ?? 0)
  .refine((ms) => ms <= longestDurationMs, 'is longer than 10 years');

export const Span = Duration.refine((ms) => ms > 0, 'must be longer than nothing; write for example "1 hour"');

const Day = z.iso.date();

/** Whether a text is a day of the calendar, `2026-11-24`; 30 February is none. */
export const isDate = (text: string): boolean => Day.safeParse(text).success;

/** `100 per hour` in a settings file: a count per number of milliseconds. */
export const Rate = z.string().transform((text, context) => {
  const match = /^([1-9]\d{0,6}) per (minute|hour|day)$/.exec(text.trim());
  if (!match) {
    context.addIssue({ code: 'custom', message: 'is not a rate; write for example "100 per hour"' });
    return z.NEVER;
  }
  return { count: Number(match[1]), ms: unitMs[match[2] as keyof typeof unitMs] };
});
