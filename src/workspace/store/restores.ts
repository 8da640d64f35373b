import type { Sql } from '#domain/base/ports.ts';
import { defineTable, hasRow, singleValue } from './table.ts';

/** The last restore. Instants are UTC milliseconds. */
export interface Restore {
  backupAt: number;
  restoredAt: number;
  /** Whether the mail provider could list what it took; null before it was asked. */
  listsMails: boolean | null;
  /** Null while the workspace is held. */
  releasedAt: number | null;
  releasedBy: string | null;
}

/** An issue made between a backup and its restore. */
export interface LaterIssue {
  marker: string;
  tracker: string;
  issueId: string;
  issueKey: string;
  url: string;
  /** Number of the case. */
  number: number;
  caseId: string;
}

const restores = defineTable<Restore>('restores', { listsMails: 'flag' });
const laterIssues = defineTable<LaterIssue>('later_issues', {});

/** Condition for work that waits for the release of a restore. */
export const isHeldSql = 'EXISTS (SELECT 1 FROM restores WHERE released_at IS NULL)';

export const findRestore = (sql: Sql): Restore | null => restores.find(sql, 'true');

/** The restore whose release everything waits for; null without one. */
export const findHold = (sql: Sql): Restore | null => restores.find(sql, 'released_at IS NULL');

export const updateRestore = (sql: Sql, changes: Partial<Restore>): void => restores.update(sql, changes, 'true');

/**
 * Begins the hold. What was on its way may have arrived since: repeatable calls and comments are looked up, creates wait
 * for the issues that polls find.
 */
export function insertHold(sql: Sql, backupAt: number, restoredAt: number): void {
  for (const table of ['restores', 'later_issues', 'later_mails']) sql.run(`DELETE FROM ${table}`);
  restores.insert(sql, { backupAt, restoredAt });
  sql.run(`${callUnknownSql} AND kind LIKE 'issue.%' AND kind NOT IN ('issue.create', 'issue.sub')`, restoredAt);
}

const callUnknownSql = `UPDATE outbox SET state = 'unknown', attempts = MAX(attempts, 1),
    started_at = COALESCE(started_at, ?1), deadline_at = COALESCE(deadline_at, ?1), due_at = ?1 WHERE state = 'waiting'`;

/** Stores an issue, and lets a create that waits for it find it. The oldest issue of a marker counts. */
export function insertLaterIssue(sql: Sql, issue: LaterIssue, at: number): void {
  laterIssues.insert(sql, issue, 'ON CONFLICT (marker) DO NOTHING');
  findLaterIssueOfCreate(sql, issue.marker, at);
}

/** Lets a create find the issue that was made for its marker before the restore. */
export function findLaterIssueOfCreate(sql: Sql, marker: string, at: number): void {
  if (hasRow(sql, 'SELECT 1 FROM later_issues WHERE marker = ?', marker))
    sql.run(`${callUnknownSql} AND json_extract(payload, '$.marker') = ?2`, at, marker);
}

export const findLaterIssue = (sql: Sql, marker: string): LaterIssue | null =>
  laterIssues.find(sql, 'marker = ?', marker);

export const listLaterIssues = (sql: Sql): (LaterIssue & { isCaseKnown: number })[] =>
  sql.all(
    `SELECT tracker, issue_key AS issueKey, url, number, case_id IN (SELECT id FROM cases) AS isCaseKnown
       FROM later_issues ORDER BY number`,
  );

/** Number for a new case: that of its issue from before the restore, else one that no issue has; null for the next. */
export const findNumberAfterRestore = (sql: Sql, caseId: string): number | null =>
  singleValue<number>(sql, 'SELECT number FROM later_issues WHERE case_id = ? LIMIT 1', caseId) ??
  singleValue<number>(
    sql,
    'SELECT MAX(number) + 1 FROM (SELECT number FROM later_issues UNION SELECT number FROM cases) HAVING EXISTS (SELECT 1 FROM later_issues)',
  );

export const insertLaterMail = (sql: Sql, { provider, mark, at }: { provider: string; mark: string; at: number }) =>
  sql.run(
    `INSERT INTO later_mails (provider, mark, at) SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM mails WHERE provider = ?1)
       ON CONFLICT DO NOTHING`,
    provider,
    mark,
    at,
  );

export const countLaterMails = (sql: Sql): number => singleValue<number>(sql, 'SELECT COUNT(*) FROM later_mails') ?? 0;

/** The provider's id of the oldest mail under a mark, which counts once. */
export const takeLaterMail = (sql: Sql, mark: string): string | null =>
  singleValue(
    sql,
    `DELETE FROM later_mails WHERE provider = (SELECT provider FROM later_mails WHERE mark = ? ORDER BY at LIMIT 1)
       RETURNING provider`,
    mark,
  );
