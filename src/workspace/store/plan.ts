import type { Sql, SqlValue } from '#domain/ports.ts';
import { fieldsOf } from './fields.ts';

/** One step of a case's response plan. */
export interface PlanStep {
  caseId: string;
  /** From 1 on, in the order of the plan. */
  position: number;
  role: string;
  task: string;
  /** The person or team that the role was when the case was opened; null where the workspace named nobody. */
  who: string | null;
  doneAt: number | null;
  doneBy: string | null;
}

const fields = fieldsOf<PlanStep>({
  caseId: 'case_id',
  position: 'position',
  role: 'role',
  task: 'task',
  who: 'who',
  doneAt: 'done_at',
  doneBy: 'done_by',
});

export function addPlanStep(sql: Sql, step: PlanStep): void {
  const { columns, values } = fields.write(step);
  sql.run(
    `INSERT INTO plan_steps (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    ...values,
  );
}

export const planOf = (sql: Sql, caseId: string): PlanStep[] =>
  sql
    .all<Record<string, SqlValue>>('SELECT * FROM plan_steps WHERE case_id = ? ORDER BY position', caseId)
    .map(fields.read);

export function settlePlanStep(
  sql: Sql,
  caseId: string,
  position: number,
  done: { at: number; by: string } | null,
): void {
  sql.run(
    'UPDATE plan_steps SET done_at = ?, done_by = ? WHERE case_id = ? AND position = ?',
    done?.at ?? null,
    done?.by ?? null,
    caseId,
    position,
  );
}
