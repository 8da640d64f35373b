import type { casework, json, port } from '../core.ts';
import { isIssueWatchedSql } from './cases.ts';
import { defineTable, query, type Sql } from './table.ts';

export interface PlanStep extends json.Stored<Omit<json.CaseJson['plan'][number], 'whoName' | 'issue'>, 'doneAt'> {
  caseId: string;
  /** Time of the last tick or untick; 0 before. */
  changedAt: number;
  issue: SubIssue | null;
}

/** Read last at `readAt`, by Caselite's clock. */
interface SubIssue extends Pick<port.IssueSnapshot, 'id' | 'key' | 'url' | 'state' | 'updatedAt'> {
  readAt: number;
}

const subIssues = defineTable<SubIssue>('plan_steps', {}, { prefix: 'issue_' });

export const planSteps = defineTable<PlanStep, 'issue'>(
  'plan_steps',
  {},
  { order: 'position', nested: { issue: subIssues } },
);

const isStep = 'case_id = ? AND position = ?';

type StepChanges = Partial<Omit<PlanStep, 'issue'>>;

/** Writes the given fields and leaves the others. */
export const updatePlanStep = (sql: Sql, { caseId, position }: PlanStep, changes: StepChanges): void =>
  planSteps.update(sql, { caseId, position }, changes);

export const storeMirroredSubIssue = (
  sql: Sql,
  { caseId, position }: PlanStep,
  { id, key, url, state, updatedAt }: port.IssueSnapshot,
  readAt: number,
): void => subIssues.update(sql, [isStep, caseId, position], { id, key, url, state, updatedAt, readAt });

export const markSubIssueRead = (sql: Sql, { caseId, position }: PlanStep, readAt: number): void =>
  subIssues.update(sql, [isStep, caseId, position], { readAt });

export const findStepBySubIssue = planSteps.row<[tracker: string, issueId: string]>`
  JOIN cases c ON c.id = plan_steps.case_id WHERE c.tracker = ? AND plan_steps.issue_id = ?`;

/** Steps of unfinished cases whose sub-issue was not read since `before`, longest ago first; open cases are found by two indexes. */
export const listStepsToRecheck = planSteps.rows<[wanted: { tracker: string; before: number; limit: number }]>`
  WHERE (case_id, position) IN (SELECT p.case_id, p.position FROM (
      SELECT id FROM cases INDEXED BY cases_reread WHERE ${isIssueWatchedSql} AND tracker = @tracker
      UNION ALL SELECT id FROM cases INDEXED BY cases_missing WHERE missed_issue_reads IS NOT NULL AND tracker = @tracker AND loop IN ('working', 'resolved', 'asked')
    ) c CROSS JOIN plan_steps p ON p.case_id = c.id WHERE p.issue_read_at < @before) ORDER BY issue_read_at LIMIT @limit + 0`;

export interface LadderStep extends casework.TakenLadderStep {
  caseId: string;
  ladder: number;
  step: number;
  share: number | null;
  notified: string[];
  /** Why nobody was notified; null where somebody was. */
  skipped: string | null;
  once: string | null;
}

export const ladderSteps = defineTable<LadderStep>('ladder_steps', { notified: 'json' }, { order: 'step' });

/** Stores the next step of a ladder; null fields may be left out. @returns its number */
export function addLadderStep(
  sql: Sql,
  step: Pick<LadderStep, 'caseId' | 'ladder' | 'kind' | 'level' | 'at' | 'notified'> &
    Partial<Pick<LadderStep, 'share' | 'skipped' | 'once'>>,
): number {
  const number = ladderSteps.list(sql, { caseId: step.caseId, ladder: step.ladder }).length + 1;
  ladderSteps.insert(sql, { ...step, step: number });
  return number;
}

/** Highest level that any ladder of a case reached; null before the first. */
export const findHighestLevel = query.value<number, [caseId: string]>`
  SELECT MAX(level) FROM ladder_steps WHERE case_id = ? AND skipped IS NULL`;
