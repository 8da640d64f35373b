import { burstMs, type Sign, signsOf } from '#domain/loop/closure-warnings.ts';
import type { Core } from '../core.ts';
import { closedAlongside, closingsOfCase, firstAnswerAfter, type StoredClosing } from '../store/closings.ts';

/** Signs that closings of a case came too early, closing by closing; for review, never a score of a person. */
export function signsOfCase(core: Core, caseId: string): { generation: number; signs: Sign[] }[] {
  return closingsOfCase(core.sql, caseId).map((closing) => ({
    generation: closing.generation,
    signs: signsOfClosing(core, closing),
  }));
}

export function signsOfClosing(core: Core, closing: StoredClosing): Sign[] {
  const isCurrent = closing.generation === closing.current;
  return signsOf({
    ...closing,
    closedAt: closing.at,
    dueAt: isCurrent ? closing.dueAt : null,
    byPerson: Object.hasOwn(core.settings.workspace.people, closing.who),
    alongside: closedAlongside(core.sql, closing, burstMs),
    answeredAfterMs: firstAnswerAfter(core.sql, closing),
  });
}
