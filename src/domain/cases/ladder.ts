import type { Escalation } from '../settings/people.ts';
import type { Calendar } from '../time/calendar.ts';
import { type CaseClock, dueOf } from '../time/clock.ts';

export type StepKind = 'reminder' | 'due' | 'level' | 'repeat' | 'escalated';

/** A step that was played, or passed over for a reason. */
interface PlayedStep {
  kind: StepKind;
  level: number | null;
  at: number;
}

export interface NextStep {
  kind: Exclude<StepKind, 'escalated'>;
  /** Of a reminder: the share of the goal after which it comes, in percent. */
  share: number | null;
  /** Which of the ladder's levels is told; null for a reminder. */
  level: number | null;
  /** Instant, UTC milliseconds. */
  at: number;
}

/** What the next step is counted from. */
export interface LadderState {
  clock: CaseClock;
  dueAt: number;
  played: PlayedStep[];
  /** An acknowledgement since the last step; null where there is none. */
  acknowledgedAt: number | null;
  snoozedUntil: number | null;
}

/**
 * The next step of a case's ladder and when it comes; null while the clock stands still. Reminders come after shares
 * of the goal, the first level at the goal, each further one a wait after the one before, and then the last again and
 * again. All waits are working time, pauses left out.
 */
export function nextStep(
  escalation: Escalation,
  calendar: Calendar | null,
  state: LadderState,
): NextStep | null {
  const step = unrested(escalation, calendar, state);
  return step && { ...step, at: Math.max(step.at, state.snoozedUntil ?? 0) };
}

function unrested(
  { remind, levels, repeat, hold }: Escalation,
  calendar: Calendar | null,
  { clock, dueAt, played, acknowledgedAt }: LadderState,
): NextStep | null {
  const isOver = played.some(({ kind }) => kind === 'due');
  const share = remind[played.filter(({ kind }) => kind === 'reminder').length];
  if (!isOver && share !== undefined) {
    const at = dueOf({ ...clock, goalMs: Math.round((clock.goalMs * share) / 100) }, calendar);
    return at === null ? null : { kind: 'reminder', share, level: null, at: Math.min(at, dueAt) };
  }
  if (!isOver) {
    const trackerHarnesses = dueOf(clock, calendar) === null;
    return trackerHarnesses ? null : { kind: 'due', share: null, level: 0, at: dueAt };
  }
  const last = played.at(-1)?.at ?? dueAt;
  const reached = Math.max(...played.map(({ level }) => level ?? 0));
  const level = Math.min(reached + 1, levels.length - 1);
  const wait = reached + 1 < levels.length ? (levels[level]?.wait ?? repeat) : repeat;
  const after = (startAt: number, goalMs: number) => dueOf({ ...clock, startAt, goalMs }, calendar);
  const at = acknowledgedAt === null ? after(last, wait) : after(acknowledgedAt, hold);
  const kind = reached + 1 < levels.length ? 'level' : 'repeat';
  return at === null ? null : { kind, share: null, level, at };
}
