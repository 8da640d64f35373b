import type { EffectMeasurementJson } from '#domain/json/case-json.ts';
import type { AuthoredText, Case, casework, NewCase, port } from '../core.ts';
import { setRankOfOpenRows } from './outbox.ts';
import { defineTable, query, type Sql, type SqlValue } from './table.ts';

const mirroredIssues = defineTable<casework.MirroredIssue>(
  'cases',
  { labels: 'json', sharedFields: 'json', trouble: 'json' },
  { prefix: 'issue_' },
);

export const cases = defineTable<Case, 'issue'>(
  'cases',
  {
    dueWhy: 'json',
    clock: 'json',
    openedWhy: 'json',
    whatChanged: 'json',
    gate: 'json',
    overdue: 'flag',
    closing: 'json',
    editHistory: 'json',
    unconfirmedWrites: 'json',
    missedIssueReads: 'json',
    formerIssues: 'json',
  },
  { order: 'number', nested: { issue: mirroredIssues } },
);

/** Writes the named entries of a case's edit conflicts and leaves the others. */
export const updateIssueEditLimits = (sql: Sql, id: string, changes: casework.IssueEditHistory): void =>
  updateCase(sql, id, { editHistory: { ...getCase(sql, id).editHistory, ...changes } });

/** Inserts a case. Numbers count up per workspace and are never reused. */
export function insertCase(sql: Sql, opened: NewCase): Case {
  cases.insert(sql, opened);
  return getCase(sql, opened.id);
}

/** Writes the given fields and leaves the others. A reason for a person without a kind has none. */
export function updateCase(sql: Sql, id: string, changes: Partial<Omit<Case, 'issue' | 'id' | 'number'>>): void {
  const kind = changes.needsPerson === undefined ? {} : { needsPersonKind: null };
  cases.update(sql, { id }, { ...kind, ...changes });
  if (changes.severityRank !== undefined) setRankOfOpenRows(sql, `case:${id}`, changes.severityRank);
}

export function storeMirroredIssue(
  sql: Sql,
  id: string,
  issue: port.IssueSnapshot,
  facts: Pick<casework.MirroredIssue, 'readAt' | 'sharedFields' | 'trouble'>,
): void {
  const { id: issueId, key, url, state, labels, commentCount: comments } = issue;
  mirroredIssues.update(sql, ['id = ?', id], { id: issueId, key, url, state, labels, comments, ...facts });
  const shown = 'missed_issue_reads = NULL, issue_updated_at = MAX(issue_updated_at, ?)';
  sql.run(`UPDATE cases SET ${shown} WHERE id = ?`, issue.updatedAt, id);
}

/** Takes a case's issue from it, as the next one is about to be stored. */
export function retireIssue(sql: Sql, { id, tracker, issue, formerIssues, editHistory }: Case): void {
  if (!issue) return;
  const isAdopted = editHistory?.isAdopted ?? false;
  const former = { tracker, id: issue.id, key: issue.key, url: issue.url, ...(isAdopted && { isAdopted }) };
  const reset = { unconfirmedWrites: null, missedIssueReads: null, editHistory: null };
  updateCase(sql, id, { formerIssues: [...formerIssues, former], ...reset });
  const cleared = "issue_id = NULL, issue_key = NULL, issue_updated_at = 0, issue_labels = '[]', issue_trouble = NULL";
  sql.run(`UPDATE cases SET ${cleared} WHERE id = ?`, id);
}

/** Writes the given fields of the mirrored issue and leaves the others. */
export const updateMirroredIssue = (sql: Sql, id: string, changes: Partial<Omit<casework.MirroredIssue, 'id'>>): void =>
  mirroredIssues.update(sql, ['id = ?', id], changes);

/** Finds a case by its handle: `C-12`, `c-12` or `12`. */
export function findCaseByHandle(sql: Sql, handle: string): Case | null {
  const number = /^(?:c-)?(\d{1,9})$/i.exec(handle.trim())?.[1];
  return findCaseByNumber(sql, Number(number ?? 0));
}

export const findCaseByHandleOrId = (sql: Sql, name: string): Case | null =>
  /^\s*c-/i.test(name) ? findCaseByHandle(sql, name) : findCase(sql, name.trim());

export const findCaseByIssueKey = cases.row<[tracker: string, key: string]>`
  WHERE tracker = ? AND issue_key = ? COLLATE NOCASE`;

export const findCase = cases.row<[id: string | null]>`WHERE id = ?`;

export function getCase(sql: Sql, id: string): Case {
  const caseRecord = findCase(sql, id);
  if (!caseRecord) throw new Error(`no case ${id}`);
  return caseRecord;
}

export const findCaseByNumber = cases.row<[number: number]>`WHERE number = ?`;

/** Whether the issue of a case is there, and is looked at again now and then. */
export const isIssueWatchedSql = `issue_id IS NOT NULL AND missed_issue_reads IS NULL AND loop IN ('working', 'resolved', 'asked')`;

export const isIssueWatched = query.has<[tracker: string, issueId: string]>`
  SELECT 1 FROM cases WHERE tracker = ? AND issue_id = ? AND ${isIssueWatchedSql}`;

/** Issues of the newest cases that ended, with those of their steps. */
export const listIssuesOfEndedCases = query.column<string, [tracker: string]>`
  WITH ended AS (SELECT id, issue_id FROM cases WHERE tracker = ? AND issue_id IS NOT NULL AND NOT (${isIssueWatchedSql})
    ORDER BY number DESC LIMIT 100)
  SELECT issue_id FROM ended
    UNION ALL SELECT issue_id FROM plan_steps WHERE case_id IN (SELECT id FROM ended) AND issue_id IS NOT NULL`;

/** Open cases for a direct read: missing issues first, then moved ones, then those not read since `before`. */
export function casesToRecheck(
  sql: Sql,
  tracker: string,
  { now, before, limit }: { now: number; before: number; limit: number },
): Case[] {
  const select = (index: string, where: string, ...values: SqlValue[]): Case[] => {
    const text = `INDEXED BY ${index} WHERE tracker = ? AND ${where} ORDER BY issue_read_at LIMIT ${limit}`;
    return cases.select(sql, text, tracker, ...values);
  };
  const isDue = "missed_issue_reads IS NOT NULL AND json_extract(missed_issue_reads, '$.nextAt') <= ?";
  const isMoved = `issue_trouble IS NOT NULL AND json_extract(issue_trouble, '$.kind') = 'moved'`;
  const found = [
    ...select('cases_missing', isDue, now),
    ...select('cases_in_trouble', `${isMoved} AND ${isIssueWatchedSql}`),
    ...select('cases_reread', `issue_read_at < ? AND ${isIssueWatchedSql}`, before),
  ];
  return [...new Map(found.map((each) => [each.id, each])).values()].slice(0, limit);
}

/** Cases of a tracker due for a search for duplicate issues, longest due first. */
export const listCaseIdsDueForSweep = query.column<string, [tracker: string, now: number, limit: number]>`
  SELECT id FROM cases WHERE tracker = ? AND duplicate_search_due_at <= ? ORDER BY duplicate_search_due_at LIMIT ? + 0`;

export const findLatestCaseByMatchKey = cases.row<[caseMatchKey: string]>`
  WHERE case_match_key = ? ORDER BY number DESC LIMIT 1`;

export const findCaseByIssue = cases.row<[tracker: string, issueId: string]>`WHERE tracker = ? AND issue_id = ?`;

/** Open cases with a part of a person or team that is not named, oldest first. */
export const listOpenCasesOfLeavers = cases.rows<[known: readonly string[]]>`
  WHERE loop IN ('working', 'resolved', 'asked') AND (
      assignee NOT IN (SELECT value FROM json_each(?1)) OR loop_owner NOT IN (SELECT value FROM json_each(?1))
      OR id IN (SELECT case_id FROM strategic_cases WHERE decision_owner NOT IN (SELECT value FROM json_each(?1)))
      OR id IN (SELECT case_id FROM plan_steps WHERE done_at IS NULL AND who NOT IN (SELECT value FROM json_each(?1)))
    ) ORDER BY number`;

export const findCaseByResponseAndTemplate = cases.row<[responseId: string, template: string]>`
  JOIN case_responses r ON r.case_id = cases.id
    WHERE r.response_id = ? AND cases.template = ? ORDER BY cases.number DESC LIMIT 1`;

export const listWorkingStrategicCases = cases.rows`WHERE kind = 'strategic' AND loop = 'working' ORDER BY number`;

/** Closed cases that duplicate this one, directly or through another. */
export const findDuplicatesOfCase = cases.rows<[id: string]>`WHERE id IN (WITH RECURSIVE repeating (id) AS (
    SELECT case_id FROM case_links WHERE linked_id = ?1 AND kind = 'duplicate-of'
    UNION SELECT l.case_id FROM case_links l JOIN repeating r ON l.linked_id = r.id AND l.kind = 'duplicate-of'
  ) SELECT id FROM repeating) AND id <> ?1 AND closing_reason = 'duplicate' ORDER BY number`;

export const listCasesWithGate = cases.rows`WHERE gate IS NOT NULL ORDER BY number`;

export const listStrategicCases = cases.rows<
  [limit: number]
>`WHERE kind = 'strategic' ORDER BY number DESC LIMIT ? + 0`;

export const countOpenCasesByTracker = query.pairs<string, number>`
  SELECT tracker, COUNT(*) AS cases FROM cases WHERE is_open = 1 GROUP BY tracker`;

const countOpenBy = (column: 'assignee' | 'loop_owner') => query.pairs<string, number>`
  SELECT COALESCE(${column}, '') AS person, COUNT(*) AS open FROM cases WHERE is_open = 1 AND loop = 'working' GROUP BY 1`;
const [countByAssignee, countByOwner] = [countOpenBy('assignee'), countOpenBy('loop_owner')];

/** Open cases per person, as assignee and as loop owner. Key `''` counts unassigned cases. */
export const countOpenCasesByPerson = (sql: Sql) => ({ assigned: countByAssignee(sql), owned: countByOwner(sql) });

export type NumberedEntry = casework.TimelineEntry & { seq: number; caseId: string };
export const timeline = defineTable<NumberedEntry>('timeline', {});

/** The newest entries of a case's timeline, oldest first. */
export const listTimelineEntries = query.rows<casework.TimelineEntry, [caseId: string]>`
  SELECT at, what, who, why, evidence, generation
  FROM (SELECT * FROM timeline WHERE case_id = ? ORDER BY seq DESC LIMIT 500) ORDER BY seq`;

/** Comments of a tracker whose commands were run. */
export const seenComments = defineTable<{ caseId: string; commentId: string }>('commands', {});

export type Measure = Omit<EffectMeasurementJson, 'at' | 'values' | 'target'> & { at: number; target?: number | null };

export interface StrategicCase {
  caseId: string;
  /** Product, theme or category that it gathers; null where its template gathers everything. */
  theme: string | null;
  decision: AuthoredText | null;
  decisionOwner: string | null;
  measure: Measure | null;
  lastJoinedCommentAt: number;
}

export const strategicCases = defineTable<StrategicCase>('strategic_cases', { decision: 'json', measure: 'json' });

export type MeasureValue = { day: string; value: number; who: string };

export const measureValues = defineTable<MeasureValue & { caseId: string }>(
  'measure_values',
  {},
  { key: 'case_id, day', order: 'day DESC' },
);
