import type { Sql } from '#domain/base/ports.ts';
import { columnOf, defineTable } from './table.ts';

/** A call about a case's issue, or a part of an edit, that its tracker refused. Instants are UTC milliseconds. */
export interface Refusal {
  caseId: string;
  /** Kind of the outbox row, such as `issue.create`, or a part of an edit, such as `dueDate`. */
  part: string;
  tracker: string;
  reason: string;
  since: number;
  tries: number;
  /** No try before this instant, unless a person asks for it or the set-up changes. */
  nextAt: number;
}

const refusals = defineTable<Refusal>('refusals', {});

export const listRefusalsOfCase = (sql: Sql, caseId: string): Refusal[] =>
  refusals.list(sql, 'WHERE case_id = ? ORDER BY since, part', caseId);

export const listRefusalsOfTracker = (sql: Sql, tracker: string, limit: number): Refusal[] =>
  refusals.list(sql, 'WHERE tracker = ? ORDER BY since, case_id, part LIMIT ?', tracker, limit);

export const findRefusal = (sql: Sql, caseId: string, part: string): Refusal | null =>
  refusals.find(sql, 'case_id = ? AND part = ?', caseId, part);

export function saveRefusal(sql: Sql, { caseId, part, ...refusal }: Refusal): void {
  refusals.put(sql, { case_id: caseId, part }, refusal);
}

export const deleteRefusal = (sql: Sql, caseId: string, part: string): void =>
  sql.run('DELETE FROM refusals WHERE case_id = ? AND part = ?', caseId, part);

/** Parts of edits have no row in the outbox. */
const isPart = "part NOT LIKE 'issue.%'";

/** Cases with refused parts of edits that are due for another try. */
export const listCasesWithDueParts = (sql: Sql, tracker: string, now: number, limit: number): string[] =>
  columnOf(
    sql,
    `SELECT DISTINCT case_id FROM refusals WHERE tracker = ? AND next_at <= ? AND ${isPart} ORDER BY case_id LIMIT ${limit}`,
    tracker,
    now,
  );

/** Rows of the outbox that wait because their call was refused. */
export const isRefusedRowSql = `state = 'waiting' AND EXISTS
  (SELECT 1 FROM refusals WHERE case_id = substr(outbox.ordering_key, 6) AND part = outbox.kind)`;

/**
 * Makes everything refused in a tracker, or of a case, due at once, with short waits afterwards.
 *
 * @returns cases with refused parts of edits
 */
export function hastenRefusals(sql: Sql, by: { tracker: string } | { caseId: string }, now: number): string[] {
  const [column, value] = 'tracker' in by ? ['tracker', by.tracker] : ['case_id', by.caseId];
  sql.run(
    `UPDATE outbox SET due_at = ? WHERE due_at > ? AND ${isRefusedRowSql}
       AND substr(ordering_key, 6) IN (SELECT case_id FROM refusals WHERE ${column} = ?)`,
    now,
    now,
    value ?? '',
  );
  sql.run(`UPDATE refusals SET next_at = MIN(next_at, ?), tries = 0 WHERE ${column} = ?`, now, value ?? '');
  return columnOf(sql, `SELECT DISTINCT case_id FROM refusals WHERE ${column} = ? AND ${isPart}`, value ?? '');
}

/** Makes refused calls of one kind due at once, because the tracker took such a call again. */
export const hastenRefusedKind = (sql: Sql, queue: string, kind: string, now: number): void =>
  sql.run(
    `UPDATE outbox SET due_at = ? WHERE queue = ? AND kind = ? AND due_at > ? AND ${isRefusedRowSql}`,
    now,
    queue,
    kind,
    now,
  );

/** Makes refused calls due at once that were last made before an instant. */
export const hastenRowsRefusedBefore = (sql: Sql, before: number, now: number): void =>
  sql.run(`UPDATE outbox SET due_at = ? WHERE due_at > ? AND started_at < ? AND ${isRefusedRowSql}`, now, now, before);
