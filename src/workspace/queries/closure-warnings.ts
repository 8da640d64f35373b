import { closingBurstWindowMs, type ClosureWarning, findClosureWarnings } from '#domain/loop/closure-warnings.ts';
import type { Core } from '../core.ts';
import { countClosedAlongside, closingsOfCase, firstAnswerDelayMs, type StoredClosing } from '../store/closings.ts';

/** Closure warnings of a case, closing by closing; for review, never a score of a person. */
export function closureWarningsOfCase(
  core: Core,
  caseId: string,
): { generation: number; warnings: ClosureWarning[] }[] {
  return closingsOfCase(core.sql, caseId).map((closing) => ({
    generation: closing.generation,
    warnings: closureWarningsOfClosing(core, closing),
  }));
}

export function closureWarningsOfClosing(core: Core, closing: StoredClosing): ClosureWarning[] {
  const isCurrent = closing.generation === closing.current;
  return findClosureWarnings({
    ...closing,
    closedAt: closing.at,
    dueAt: isCurrent ? closing.dueAt : null,
    isClosedByPerson: Object.hasOwn(core.settings.workspace.people, closing.who),
    alongside: countClosedAlongside(core.sql, closing, closingBurstWindowMs),
    answeredAfterMs: firstAnswerDelayMs(core.sql, closing),
  });
}
