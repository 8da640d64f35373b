import type { Sql, SqlRow } from '#domain/base/ports.ts';
import type { LadderStepKind } from '#domain/cases/ladder.ts';
import type { IssueSnapshot } from '#domain/integrations/issue.ts';
import { defineTable, hasRow, singleValue } from './table.ts';

export interface PlanStep {
  caseId: string;
  position: number;
  role: string;
  task: string;
  /** Person or team of the role when the case was opened; null where the workspace names nobody. */
  who: string | null;
  doneAt: number | null;
  doneBy: string | null;
  /** Time of the last tick or untick; 0 before. */
  changedAt: number;
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

const steps = defineTable<Omit<PlanStep, 'issue'>>('plan_steps', {}, { without: 'issue_' });

const issues = defineTable<SubIssue>('plan_steps', {}, { prefix: 'issue_' });

const toStep = (row: SqlRow): PlanStep => ({
  ...steps.read(row),
  issue: row.issue_id === null ? null : issues.read(row),
});

export const addPlanStep = (
  sql: Sql,
  step: Omit<PlanStep, 'doneAt' | 'doneBy' | 'changedAt' | 'formWhy' | 'issue'>,
): boolean => steps.insert(sql, step);

export const planOf = (sql: Sql, caseId: string): PlanStep[] =>
  sql.all('SELECT * FROM plan_steps WHERE case_id = ? ORDER BY position', caseId).map(toStep);

export const findPlanStep = (sql: Sql, caseId: string, position: number): PlanStep | null =>
  planOf(sql, caseId).find((step) => step.position === position) ?? null;

const isStep = 'case_id = ? AND position = ?';

/** Writes the given fields and leaves the others. */
export const updatePlanStep = (
  sql: Sql,
  { caseId, position }: PlanStep,
  changes: Partial<Pick<PlanStep, 'who' | 'doneAt' | 'doneBy' | 'changedAt' | 'form' | 'formWhy'>>,
): void => steps.update(sql, changes, isStep, caseId, position);

/** Stores the sub-issue's state as its tracker shows it. */
export const storeMirroredSubIssue = (
  sql: Sql,
  { caseId, position }: PlanStep,
  { id, key, url, state, updatedAt }: IssueSnapshot,
  readAt: number,
): void => issues.update(sql, { id, key, url, state, updatedAt, readAt }, isStep, caseId, position);

export function unlinkSubIssue(sql: Sql, { caseId, position }: PlanStep): void {
  const change = `UPDATE plan_steps SET issue_id = NULL, issue_key = NULL, issue_url = NULL, issue_state = NULL,
       issue_updated_at = NULL, issue_read_at = NULL WHERE ${isStep}`;
  sql.run(change, caseId, position);
}

export const markSubIssueRead = (sql: Sql, { caseId, position }: PlanStep, readAt: number): void =>
  issues.update(sql, { readAt }, isStep, caseId, position);

const stepsOfTrackerSql = `SELECT p.* FROM plan_steps p JOIN cases c ON c.id = p.case_id
  WHERE c.tracker = ? AND p.issue_id IS NOT NULL`;

export const findStepBySubIssue = (sql: Sql, tracker: string, issueId: string): PlanStep | null =>
  sql.all(`${stepsOfTrackerSql} AND p.issue_id = ?`, tracker, issueId).map(toStep)[0] ?? null;

/** Steps of unfinished cases whose sub-issue was not read since `before`, longest ago first. */
export function listStepsToRecheck(sql: Sql, tracker: string, before: number, limit: number): PlanStep[] {
  const due = `${stepsOfTrackerSql} AND p.issue_read_at < ? AND c.loop IN ('working', 'resolved', 'asked')
        ORDER BY p.issue_read_at LIMIT ${limit}`;
  return sql.all(due, tracker, before).map(toStep);
}

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

const ladderSteps = defineTable<LadderStep>('ladder_steps', { notified: 'json' });

export const listLadderSteps = (sql: Sql, caseId: string, ladder: number): LadderStep[] =>
  ladderSteps.list(sql, 'WHERE case_id = ? AND ladder = ? ORDER BY step', caseId, ladder);

/** Stores the next step of a ladder; null fields may be left out. @returns its number */
export function addLadderStep(
  sql: Sql,
  step: Pick<LadderStep, 'caseId' | 'ladder' | 'kind' | 'level' | 'at' | 'notified'> &
    Partial<Pick<LadderStep, 'share' | 'skipped' | 'once'>>,
): number {
  const number = listLadderSteps(sql, step.caseId, step.ladder).length + 1;
  ladderSteps.insert(sql, { ...step, step: number });
  return number;
}

export const wasEscalatedWithKey = (sql: Sql, caseId: string, once: string): boolean =>
  hasRow(sql, 'SELECT 1 FROM ladder_steps WHERE case_id = ? AND once = ?', caseId, once);

/** Highest level that any ladder of a case reached; null before the first. */
export const findHighestLevel = (sql: Sql, caseId: string): number | null =>
  singleValue(sql, 'SELECT MAX(level) FROM ladder_steps WHERE case_id = ? AND skipped IS NULL', caseId);
