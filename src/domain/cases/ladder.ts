import type { Escalation } from '../settings/people.ts';
import type { Calendar } from '../time/calendar.ts';
import { type CaseClock, dueOf } from '../time/clock.ts';

type LadderStepKind = 'reminder' | 'due' | 'level' | 'repeat' | 'escalated';

export type TakenLadderStep = { kind: LadderStepKind; level: number | null; at: number };

export interface NextLadderStep {
  kind: Exclude<LadderStepKind, 'escalated'>;
  share: number | null;
  level: number | null;
  /** UTC milliseconds. */
  at: number;
}

export interface LadderState {
  clock: CaseClock;
  dueAt: number;
  played: TakenLadderStep[];
  /** Acknowledgement since the last step; null without one. */
  acknowledgedAt: number | null;
  snoozedUntil: number | null;
}

/** The next step of a case's ladder with its instant, in working time; null while the clock is paused. */
export function computeNextLadderStep(
  escalation: Escalation,
  calendar: Calendar | null,
  state: LadderState,
): NextLadderStep | null {
  const step = unrested(escalation, calendar, state);
  return step && { ...step, at: Math.max(step.at, state.snoozedUntil ?? 0) };
}

function unrested(
  { remind, levels, repeat, hold }: Escalation,
  calendar: Calendar | null,
  { clock, dueAt, played, acknowledgedAt }: LadderState,
): NextLadderStep | null {
  const isOver = played.some(({ kind }) => kind === 'due');
  const share = remind[played.filter(({ kind }) => kind === 'reminder').length];
  if (!isOver && share !== undefined) {
    const at = dueOf({ ...clock, goalMs: Math.round((clock.goalMs * share) / 100) }, calendar);
    return at === null ? null : { kind: 'reminder', share, level: null, at: Math.min(at, dueAt) };
  }
  if (!isOver) {
    const isClockPaused = dueOf(clock, calendar) === null;
    return isClockPaused ? null : { kind: 'due', share: null, level: 0, at: dueAt };
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
