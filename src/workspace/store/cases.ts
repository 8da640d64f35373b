import type { Sql, SqlRow, SqlValue } from '#domain/base/ports.ts';
import type { Case, NewCase } from '#domain/cases/case-record.ts';
import { emptyIssueEditHistory, type IssueEditHistory, type MirroredIssue } from '#domain/cases/issue-mirror.ts';
import type { IssueSnapshot } from '#domain/integrations/issue.ts';
import { setRankOfOpenRows } from './outbox.ts';
import { defineTable } from './table.ts';

const cases = defineTable<Omit<Case, 'issue'>>(
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
  { without: 'issue_' },
);

const issues = defineTable<MirroredIssue>(
  'cases',
  { labels: 'json', sharedFields: 'json', trouble: 'json' },
  { prefix: 'issue_' },
);

const toCase = (row: SqlRow): Case => ({
  ...cases.read(row),
  issue: row.issue_id === null ? null : issues.read(row),
});

/** Cases by the rest of a query after `SELECT * FROM cases`. */
export const selectCases = (sql: Sql, rest: string, ...values: SqlValue[]): Case[] =>
  sql.all(`SELECT cases.* FROM cases ${rest}`, ...values).map(toCase);

export const selectCase = (sql: Sql, rest: string, ...values: SqlValue[]): Case | null =>
  selectCases(sql, rest, ...values)[0] ?? null;

/** Writes the named entries of a case's edit conflicts and leaves the others. */
export function updateIssueEditLimits(sql: Sql, id: string, changes: Partial<IssueEditHistory>): void {
  updateCase(sql, id, {
    editHistory: { ...(getCase(sql, id).editHistory ?? emptyIssueEditHistory), ...changes },
  });
}

/** Inserts a case. Numbers count up per workspace and are never reused. */
export function insertCase(sql: Sql, opened: NewCase): Case {
  cases.insert(sql, opened);
  return getCase(sql, opened.id);
}

/** Writes the given fields and leaves the others. A reason for a person without a kind has none. */
export function updateCase(sql: Sql, id: string, changes: Partial<Omit<Case, 'issue' | 'id' | 'number'>>): void {
  const kind = changes.needsPerson === undefined ? {} : { needsPersonKind: null };
  cases.update(sql, { ...kind, ...changes }, 'id = ?', id);
  if (changes.severityRank !== undefined) setRankOfOpenRows(sql, `case:${id}`, changes.severityRank);
}

/** Stores the issue's state as its tracker shows it. */
export function storeMirroredIssue(
  sql: Sql,
  id: string,
  issue: IssueSnapshot,
  facts: Pick<MirroredIssue, 'readAt' | 'sharedFields' | 'trouble'>,
): void {
  const { id: issueId, key, url, state, labels, commentCount: comments } = issue;
  issues.update(sql, { id: issueId, key, url, state, labels, comments, ...facts }, 'id = ?', id);
  const shown = 'missed_issue_reads = NULL, issue_updated_at = MAX(issue_updated_at, ?)';
  sql.run(`UPDATE cases SET ${shown} WHERE id = ?`, issue.updatedAt, id);
}

/** Moves a case to an issue in another tracker, both ids at once, because ids are unique per tracker only. */
export function moveCaseToIssue(
  sql: Sql,
  id: string,
  { tracker, issueId }: { tracker: string; issueId: string },
): void {
  sql.run('UPDATE cases SET tracker = ?, issue_id = ? WHERE id = ?', tracker, issueId, id);
}

/** Takes a case's issue from it, as the next one is about to be stored. */
export function retireIssue(sql: Sql, { id, tracker, issue, formerIssues }: Case): void {
  if (!issue) return;
  const former = { tracker, id: issue.id, key: issue.key, url: issue.url };
  const reset = { unconfirmedWrites: null, missedIssueReads: null, editHistory: null };
  updateCase(sql, id, { formerIssues: [...formerIssues, former], ...reset });
  const cleared = "issue_id = NULL, issue_key = NULL, issue_updated_at = 0, issue_labels = '[]', issue_trouble = NULL";
  sql.run(`UPDATE cases SET ${cleared} WHERE id = ?`, id);
}

/** Writes the given fields of the mirrored issue and leaves the others. */
export const updateMirroredIssue = (sql: Sql, id: string, changes: Partial<Omit<MirroredIssue, 'id'>>): void =>
  issues.update(sql, changes, 'id = ?', id);

/** Finds a case by its handle: `C-12`, `c-12` or `12`. */
export function findCaseByHandle(sql: Sql, handle: string): Case | null {
  const number = /^(?:c-)?(\d{1,9})$/i.exec(handle.trim())?.[1];
  return findCaseByNumber(sql, Number(number ?? 0));
}

export function findCaseByHandleOrId(sql: Sql, name: string): Case | null {
  return /^\s*c-/i.test(name) ? findCaseByHandle(sql, name) : findCase(sql, name.trim());
}

export const findCaseByIssueKey = (sql: Sql, tracker: string, key: string): Case | null =>
  selectCase(sql, 'WHERE tracker = ? AND issue_key = ? COLLATE NOCASE', tracker, key);

export const findCase = (sql: Sql, id: string): Case | null => selectCase(sql, 'WHERE id = ?', id);

export function getCase(sql: Sql, id: string): Case {
  const caseRecord = findCase(sql, id);
  if (!caseRecord) throw new Error(`no case ${id}`);
  return caseRecord;
}

export const findCaseByNumber = (sql: Sql, number: number): Case | null => selectCase(sql, 'WHERE number = ?', number);
