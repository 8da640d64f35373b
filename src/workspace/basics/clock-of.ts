import type { CaseClock } from '#domain/time/clock.ts';
import type { Case } from '../store/case-record.ts';

/** A case's clock; one of before there were clocks counts around the clock. */
export function clockOf(found: Case): CaseClock {
  return (
    found.clock ?? {
      startAt: found.openedAt,
      goalMs: Math.max(found.dueAt - found.openedAt, 0),
      calendar: null,
      pauses: [],
    }
  );
}
