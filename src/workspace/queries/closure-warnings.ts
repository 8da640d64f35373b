import { type ClosureWarning, closingBurstWindowMs, findClosureWarnings } from '#domain/loop/closure-warnings.ts';
import type { Core } from '../core.ts';
import {
  closingsOfCase,
  countClosingsByCloserNearby,
  findFirstAnswerDelayMs,
  type StoredClosing,
} from '../store/closings.ts';

/** Closure warnings of a case, closing by closing; for review, never a score of a person. */
export function findClosureWarningsOfCase(
  core: Core,
  caseId: string,
): { generation: number; warnings: ClosureWarning[] }[] {
  return closingsOfCase(core.sql, caseId).map((closing) => ({
    generation: closing.generation,
    warnings: findClosureWarningsOfClosing(core, closing),
  }));
}

export function findClosureWarningsOfClosing(core: Core, closing: StoredClosing): ClosureWarning[] {
  const isCurrentClosing = closing.generation === closing.current;
  return findClosureWarnings({
    ...closing,
    closedAt: closing.at,
    dueAt: isCurrentClosing ? closing.dueAt : null,
    isClosedByPerson: Object.hasOwn(core.settings.workspace.people, closing.who),
    alongside: countClosingsByCloserNearby(core.sql, closing, closingBurstWindowMs),
    customerAnswerDelayMs: findFirstAnswerDelayMs(core.sql, closing),
  });
}
