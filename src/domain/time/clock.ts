import { addWorkingTime, type Calendar, computeWorkingMsBetween } from './calendar.ts';
import { formatDuration } from './duration.ts';
import { minuteMs } from './units.ts';

/** One running closure goal with its start and pauses. Instants are UTC milliseconds. */
export interface CaseClock {
  startAt: number;
  /** Working time allowed, in milliseconds. */
  goalMs: number;
  /** Name of the calendar; null counts around the clock. */
  calendar: string | null;
  /** In order; the last pause may still be open. */
  pauses: { from: number; to: number | null }[];
}

export const reopenGoalRules = ['full goal', 'remaining', 'half'] as const;
export type ReopenGoalRule = (typeof reopenGoalRules)[number];

/** Working time used until an instant, without pauses, in milliseconds. */
export const computeUsedWorkingMs = (clock: CaseClock, calendar: Calendar | null, until: number): number =>
  runs(clock).reduce((sum, { from, to }) => sum + computeWorkingMsBetween(calendar, from, Math.min(to, until)), 0);

/** Instant at which the goal runs out; null while a pause holds the clock before that. */
export function dueOf(clock: CaseClock, calendar: Calendar | null): number | null {
  let left = clock.goalMs;
  for (const { from, to } of runs(clock)) {
    if (to === Number.POSITIVE_INFINITY) return addWorkingTime(calendar, from, left);
    const usage = computeWorkingMsBetween(calendar, from, to);
    if (usage >= left) return addWorkingTime(calendar, from, left);
    left -= usage;
  }
  return null;
}

function runs({ startAt, pauses }: CaseClock): { from: number; to: number }[] {
  const result: { from: number; to: number }[] = [];
  let from: number | null = startAt;
  for (const pause of pauses) {
    if (from !== null && pause.from > from) result.push({ from, to: pause.from });
    from = pause.to === null ? null : Math.max(pause.to, startAt);
  }
  if (from !== null) result.push({ from, to: Number.POSITIVE_INFINITY });
  return result;
}

export const isPaused = (clock: CaseClock): boolean => clock.pauses.at(-1)?.to === null;

/** Starts a pause. Idempotent. */
export const pause = (clock: CaseClock, at: number): CaseClock =>
  isPaused(clock) ? clock : { ...clock, pauses: [...clock.pauses, { from: at, to: null }] };

/** Ends the pause. Idempotent. */
export function resume(clock: CaseClock, at: number): CaseClock {
  const last = clock.pauses.at(-1);
  if (last?.to !== null) return clock;
  return { ...clock, pauses: [...clock.pauses.slice(0, -1), { from: last.from, to: at }] };
}

/** The goal after a reopening: the whole goal again, the part that was left when the case was resolved, or half. */
export function computeGoalAfterReopening(
  rule: ReopenGoalRule,
  goalMs: number,
  usedWorkingMs: number,
): { goalMs: number; why: string } {
  const goal = formatDuration(goalMs);
  if (rule === 'full goal') return { goalMs, why: `the full ${goal} again after the reopening` };
  if (rule === 'half') return { goalMs: Math.round(goalMs / 2), why: `half of ${goal} after the reopening` };
  const left = Math.max(goalMs - usedWorkingMs, 0);
  const rest = left === 0 ? 'nothing' : roughly(left);
  return { goalMs: left, why: `what remained of ${goal} after the reopening: ${rest}` };
}

/** Hours, rounded to the minute: working time is never shown in days. */
export function roughly(ms: number): string {
  const minutes = Math.round(ms / minuteMs);
  if (minutes < 1) return formatDuration(ms);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 && `${hours} h`, rest > 0 && `${rest} min`].filter(Boolean).join(' ');
}
