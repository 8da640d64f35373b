import type { Sql, SqlValue } from '#domain/base/ports.ts';
import type { IssueSnapshot } from '#domain/integrations/issue.ts';
import { fieldsOf } from './fields.ts';

export interface PlanStep {
  caseId: string;
  position: number;
  role: string;
  task: string;
  /** Person or team of the role when the case was opened; null where the workspace names nobody. */
  who: string | null;
  doneAt: number | null;
  doneBy: string | null;
  form: 'check-box' | 'sub-issue';
  /** Why the step is a check box although a sub-issue was wanted. */
  formWhy: string | null;
  /** The step's sub-issue, once it exists. */
  issue: SubIssue | null;
}

interface SubIssue {
  id: string;
  key: string;
  url: string;
  state: 'open' | 'closed';
  updatedAt: number;
  /** Instant of the last read, by Caselite's clock. */
  readAt: number;
}

const fields = fieldsOf<Omit<PlanStep, 'issue'>>({
  caseId: 'case_id',
  position: 'position',
  role: 'role',
  task: 'task',
  who: 'who',
  doneAt: 'done_at',
  doneBy: 'done_by',
  form: 'form',
  formWhy: 'form_why',
});

const issueFields = fieldsOf<SubIssue>({
  id: 'issue_id',
  key: 'issue_key',
  url: 'issue_url',
  state: 'issue_state',
  updatedAt: 'issue_updated_at',
  readAt: 'issue_read_at',
});

type Row = Record<string, SqlValue>;

const toStep = (row: Row): PlanStep => ({
  ...fields.read(row),
  issue: row.issue_id === null ? null : issueFields.read(row),
});

export function addPlanStep(sql: Sql, step: Omit<PlanStep, 'doneAt' | 'doneBy' | 'formWhy' | 'issue'>): void {
  const { columns, values } = fields.write(step);
  sql.run(`INSERT INTO plan_steps (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`, ...values);
}

export const planOf = (sql: Sql, caseId: string): PlanStep[] =>
  sql.all<Row>('SELECT * FROM plan_steps WHERE case_id = ? ORDER BY position', caseId).map(toStep);

export const findPlanStep = (sql: Sql, caseId: string, position: number): PlanStep | null =>
  planOf(sql, caseId).find((step) => step.position === position) ?? null;

/** Writes the given fields and leaves the others. */
export function updatePlanStep(
  sql: Sql,
  { caseId, position }: PlanStep,
  changes: Partial<Pick<PlanStep, 'doneAt' | 'doneBy' | 'form' | 'formWhy'>>,
): void {
  write(sql, caseId, position, fields.write(changes));
}

/** Stores the sub-issue's state as its tracker shows it. */
export function linkSubIssue(
  sql: Sql,
  { caseId, position }: PlanStep,
  { id, key, url, state, updatedAt }: IssueSnapshot,
  readAt: number,
): void {
  write(sql, caseId, position, issueFields.write({ id, key, url, state, updatedAt, readAt }));
}

export function unlinkSubIssue(sql: Sql, { caseId, position }: PlanStep): void {
  sql.run(
    `UPDATE plan_steps SET issue_id = NULL, issue_key = NULL, issue_url = NULL, issue_state = NULL,
       issue_updated_at = NULL, issue_read_at = NULL WHERE case_id = ? AND position = ?`,
    caseId,
    position,
  );
}

export function markSubIssueRead(sql: Sql, { caseId, position }: PlanStep, readAt: number): void {
  write(sql, caseId, position, issueFields.write({ readAt }));
}

const ofTracker = `SELECT p.* FROM plan_steps p JOIN cases c ON c.id = p.case_id
  WHERE c.tracker = ? AND p.issue_id IS NOT NULL`;

export function findStepBySubIssue(sql: Sql, tracker: string, issueId: string): PlanStep | null {
  const [row] = sql.all<Row>(`${ofTracker} AND p.issue_id = ?`, tracker, issueId);
  return row ? toStep(row) : null;
}

/** Steps of unfinished cases whose sub-issue was not read since `before`, longest ago first. */
export const subIssuesToRecheck = (sql: Sql, tracker: string, before: number, limit: number): PlanStep[] =>
  sql
    .all<Row>(
      `${ofTracker} AND p.issue_read_at < ? AND c.loop IN ('working', 'resolved', 'asked')
        ORDER BY p.issue_read_at LIMIT ?`,
      tracker,
      before,
      limit,
    )
    .map(toStep);

function write(
  sql: Sql,
  caseId: string,
  position: number,
  { columns, values }: { columns: string[]; values: SqlValue[] },
): void {
  sql.run(
    `UPDATE plan_steps SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE case_id = ? AND position = ?`,
    ...values,
    caseId,
    position,
  );
}
