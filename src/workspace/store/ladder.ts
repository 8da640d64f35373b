import type { Sql } from '#domain/base/ports.ts';
import type { LadderStepKind } from '#domain/cases/ladder.ts';
import { defineTable, hasRow, singleValue } from './table.ts';

/** One step of a case's escalation ladder, played or skipped. */
export interface LadderStep {
  caseId: string;
  ladder: number;
  step: number;
  kind: LadderStepKind;
  share: number | null;
  level: number | null;
  at: number;
  notified: string[];
  /** Why nobody was notified; null where somebody was. */
  skipped: string | null;
  /** Idempotency key of a step that did not come by time. */
  once: string | null;
}

const steps = defineTable<LadderStep>('ladder_steps', { notified: 'json' });

export const listLadderSteps = (sql: Sql, caseId: string, ladder: number): LadderStep[] =>
  steps.list(sql, 'WHERE case_id = ? AND ladder = ? ORDER BY step', caseId, ladder);

/** Stores the next step of a ladder; null fields may be left out. @returns its number */
export function addLadderStep(
  sql: Sql,
  step: Pick<LadderStep, 'caseId' | 'ladder' | 'kind' | 'level' | 'at' | 'notified'> &
    Partial<Pick<LadderStep, 'share' | 'skipped' | 'once'>>,
): number {
  const number = listLadderSteps(sql, step.caseId, step.ladder).length + 1;
  steps.insert(sql, { ...step, step: number });
  return number;
}

export const wasEscalatedWithKey = (sql: Sql, caseId: string, once: string): boolean =>
  hasRow(sql, 'SELECT 1 FROM ladder_steps WHERE case_id = ? AND once = ?', caseId, once);

/** Highest level that any ladder of a case reached; null before the first. */
export const findHighestLevel = (sql: Sql, caseId: string): number | null =>
  singleValue(sql, 'SELECT MAX(level) FROM ladder_steps WHERE case_id = ? AND skipped IS NULL', caseId);
