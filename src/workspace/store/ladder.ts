import type { Sql, SqlValue } from '#domain/base/ports.ts';
import type { StepKind } from '#domain/cases/ladder.ts';
import { fieldsOf } from './fields.ts';

/** One step of a case's escalation ladder, played or skipped. */
export interface LadderStep {
  caseId: string;
  ladder: number;
  step: number;
  kind: StepKind;
  share: number | null;
  level: number | null;
  at: number;
  notified: string[];
  /** Why nobody was notified; null where somebody was. */
  skipped: string | null;
  /** Idempotency key of a step that did not come by time. */
  once: string | null;
}

const fields = fieldsOf<LadderStep>({
  caseId: 'case_id',
  ladder: 'ladder',
  step: 'step',
  kind: 'kind',
  share: 'share',
  level: 'level',
  at: 'at',
  notified: ['notified', 'json'],
  skipped: 'skipped',
  once: 'once',
});

export function stepsOf(sql: Sql, caseId: string, ladder: number): LadderStep[] {
  return sql
    .all<Record<string, SqlValue>>(
      'SELECT * FROM ladder_steps WHERE case_id = ? AND ladder = ? ORDER BY step',
      caseId,
      ladder,
    )
    .map(fields.read);
}

/** Stores the next step of a ladder. @returns its number */
export function addStep(sql: Sql, step: Omit<LadderStep, 'step'>): number {
  const number = stepsOf(sql, step.caseId, step.ladder).length + 1;
  const { columns, values } = fields.write({ ...step, step: number });
  sql.run(`INSERT INTO ladder_steps (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`, ...values);
  return number;
}

export const wasEscalated = (sql: Sql, caseId: string, once: string): boolean =>
  sql.all('SELECT 1 FROM ladder_steps WHERE case_id = ? AND once = ?', caseId, once).length > 0;

/** Highest level that any ladder of a case reached; null before the first. */
export function highestLevel(sql: Sql, caseId: string): number | null {
  const [row] = sql.all<{ level: number | null }>(
    'SELECT MAX(level) AS level FROM ladder_steps WHERE case_id = ? AND skipped IS NULL',
    caseId,
  );
  return row?.level ?? null;
}
