import type { CaseClock } from '../time/clock.ts';

/** Deadlines of a case and the state of its escalation ladder. Instants are UTC milliseconds. */
export interface CaseTimes {
  dueAt: number;
  /** Computation of the due time, one step a line. */
  dueWhy: string[];
  /** Closure goal and pauses that `dueAt` is computed from; `null` where no goal is known. */
  clock: CaseClock | null;
  overdue: boolean;
  firstContactDueAt: number | null;
  firstContactAt: number | null;
  /** Run of the escalation ladder, from 1; a reopening and a new goal after a missed one start the next run. */
  ladder: number;
  /** Time of the acknowledgement since the ladder's last step. */
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
  /** End of the ladder's pause. */
  snoozedUntil: number | null;
}
