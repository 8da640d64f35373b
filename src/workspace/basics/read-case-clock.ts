import type { Case } from '#domain/cases/case-record.ts';
import type { CaseClock } from '#domain/time/clock.ts';

export function readCaseClock(caseRecord: Case): CaseClock {
  return (
    caseRecord.clock ?? {
      startAt: caseRecord.openedAt,
      goalMs: Math.max(caseRecord.dueAt - caseRecord.openedAt, 0),
      calendar: null,
      pauses: [],
    }
  );
}
