import type { Sql } from '#domain/base/ports.ts';
import type { Case, NewCase } from '#domain/cases/case-record.ts';
import { type IssueEditLimits, type MirroredIssue, noIssueEditLimits } from '#domain/cases/issue-mirror.ts';
import type { SharedFields } from '#domain/cases/ownership.ts';
import type { IssueSnapshot } from '#domain/integrations/issue.ts';
import type { Trouble } from '#domain/integrations/issue-trouble.ts';
import { type CaseRow, caseColumns, issueColumns, toCase } from './case-columns.ts';
import { rankOutbox } from './outbox.ts';

/** Writes the named entries of a case's edit conflicts and leaves the others. */
export function updateIssueEditLimits(sql: Sql, id: string, changes: Partial<IssueEditLimits>): void {
  updateCase(sql, id, {
    issueEditLimits: { ...(getCase(sql, id).issueEditLimits ?? noIssueEditLimits), ...changes },
  });
}

/** Inserts a case. Numbers count up per workspace and are never reused. */
export function insertCase(sql: Sql, opened: NewCase): Case {
  const { columns, values } = caseColumns.write(opened);
  sql.run(
    `INSERT INTO cases (number, ${columns.join(', ')})
     VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM cases), ${columns.map(() => '?').join(', ')})`,
    ...values,
  );
  return getCase(sql, opened.id);
}

/** Writes the given fields and leaves the others. */
export function updateCase(sql: Sql, id: string, changes: Partial<Omit<Case, 'issue' | 'id' | 'number'>>): void {
  const { columns, values } = caseColumns.write(changes);
  sql.run(`UPDATE cases SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`, ...values, id);
  if (changes.severityRank !== undefined) rankOutbox(sql, `case:${id}`, changes.severityRank);
}

/** Stores the issue's state as its tracker shows it. */
export function linkIssue(
  sql: Sql,
  id: string,
  issue: IssueSnapshot,
  { readAt, sharedFields, trouble }: Pick<MirroredIssue, 'readAt' | 'sharedFields' | 'trouble'>,
): void {
  const { columns, values } = issueColumns.write({
    id: issue.id,
    key: issue.key,
    url: issue.url,
    state: issue.state,
    labels: issue.labels,
    readAt,
    sharedFields,
    comments: issue.commentCount,
    trouble,
  });
  sql.run(
    `UPDATE cases SET ${columns.map((column) => `${column} = ?`).join(', ')}, issue_missing = NULL,
       issue_updated_at = MAX(issue_updated_at, ?) WHERE id = ?`,
    ...values,
    issue.updatedAt,
    id,
  );
}

/** Moves a case to an issue in another tracker, both ids at once, because ids are unique per tracker only. */
export function moveIssue(sql: Sql, id: string, { tracker, issueId }: { tracker: string; issueId: string }): void {
  sql.run('UPDATE cases SET tracker = ?, issue_id = ? WHERE id = ?', tracker, issueId, id);
}

/** Stores an issue's trouble, its new place, or the fields of the last read. */
export function markIssue(
  sql: Sql,
  id: string,
  facts: { trouble?: Trouble; url?: string; sharedFields?: SharedFields },
): void {
  const { columns, values } = issueColumns.write(facts);
  sql.run(`UPDATE cases SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`, ...values, id);
}

/** Finds a case by its handle: `C-12`, `c-12` or `12`. */
export function findCaseByHandle(sql: Sql, handle: string): Case | null {
  const number = /^(?:c-)?(\d{1,9})$/i.exec(handle.trim())?.[1];
  return findCaseByNumber(sql, Number(number ?? 0));
}

export function findCaseByName(sql: Sql, name: string): Case | null {
  return /^\s*c-/i.test(name) ? findCaseByHandle(sql, name) : findCase(sql, name.trim());
}

export function findCaseByIssueKey(sql: Sql, tracker: string, key: string): Case | null {
  const [row] = sql.all<CaseRow>(
    'SELECT * FROM cases WHERE tracker = ? AND issue_key = ? COLLATE NOCASE',
    tracker,
    key,
  );
  return row ? toCase(row) : null;
}

/** Records that the issue exists unchanged. */
export function markRead(sql: Sql, id: string, at: number): void {
  sql.run('UPDATE cases SET issue_read_at = ? WHERE id = ?', at, id);
}

export function findCase(sql: Sql, id: string): Case | null {
  const [row] = sql.all<CaseRow>('SELECT * FROM cases WHERE id = ?', id);
  return row ? toCase(row) : null;
}

export function getCase(sql: Sql, id: string): Case {
  const caseRecord = findCase(sql, id);
  if (!caseRecord) throw new Error(`no case ${id}`);
  return caseRecord;
}

export function findCaseByNumber(sql: Sql, number: number): Case | null {
  const [row] = sql.all<CaseRow>('SELECT * FROM cases WHERE number = ?', number);
  return row ? toCase(row) : null;
}
