import type { Allowance, SlotUsage } from '#domain/integrations/rate-limit.ts';
import { columnOf, defineTable, query, type Sql } from './table.ts';

/** What the tracker refuses: the credentials, or a permission for creating issues, for writing or for reading. */
export type QueuePauseKind = 'sign-in' | 'create' | 'write' | 'read';

const untouched = {
  heldUntil: 0,
  /** No new call before this instant; lookups may run. */
  rateLimitedUntil: 0,
  failures: 0,
  refusals: 0,
  paused: null as QueuePauseKind | null,
  pausedAt: null as number | null,
  pausedWhy: null as string | null,
};
export type Queue = typeof untouched;

const queues = defineTable<Queue & { queue: string }>('queues', {}, { key: 'queue' });

export const findQueue = (sql: Sql, queue: string): Queue => queues.find(sql, { queue }) ?? untouched;

export const saveQueue = (sql: Sql, queue: string, changes: Partial<Queue>): void =>
  queues.put(sql, { ...findQueue(sql, queue), ...changes, queue });

/** Holds all calls of a queue until an instant, because the host asked for quiet, or new calls alone. */
export function holdQueue(
  sql: Sql,
  queue: string,
  until: number,
  hold: 'heldUntil' | 'rateLimitedUntil' = 'heldUntil',
) {
  if (until > findQueue(sql, queue)[hold]) saveQueue(sql, queue, { [hold]: until });
}

export const isRefusedRowSql = `state = 'waiting' AND EXISTS
  (SELECT 1 FROM refusals WHERE case_id = substr(outbox.ordering_key, 6) AND part = outbox.kind)`;

/** Releases rows with a long backoff after a successful call. A refusal of one row says nothing about others. */
export const endBackoffsOfQueue = query.run<[queue: string, now: number]>`
  UPDATE outbox SET due_at = ?2 WHERE queue = ?1 AND state = 'waiting' AND due_at > ?2 AND attempts > 0
    AND NOT (${isRefusedRowSql})`;

/** Tries during a pause say nothing about a row. A row that was called stays known as such. */
export const countTriesAnew = query.run<[queue: string]>`
  UPDATE outbox SET attempts = 1 WHERE queue = ? AND state IN ('waiting', 'unknown') AND attempts > 1`;

const usage = defineTable<SlotUsage & { queue: string; bucket: string }>('rate_usage', {});
export const allowances = defineTable<Allowance & { queue: string }>(
  'allowances',
  {},
  { key: 'queue, unit', order: 'unit' },
);

/** Rate-limit usage per bucket. A bucket is one limit of a queue or of one resource in it. */
export const readUsageOfBucket = usage.rows<[queue: string, bucket: string, since: number]>`
  WHERE queue = ? AND bucket = ? AND at >= ? ORDER BY at`;

export function addUsage(sql: Sql, queue: string, bucket: string, { at, amount }: SlotUsage): void {
  const added = 'ON CONFLICT (queue, bucket, at) DO UPDATE SET amount = amount + excluded.amount';
  usage.insert(sql, { queue, bucket, at, amount }, added);
}

export const deleteOldUsage = query.run<[queue: string, bucket: string, before: number]>`
  DELETE FROM rate_usage WHERE queue = ? AND bucket = ? AND at < ?`;

/** A call about a case's issue, or a part of an edit, that its tracker refused. Instants are UTC milliseconds. */
interface Refusal {
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

export const refusals = defineTable<Refusal>('refusals', {}, { key: 'case_id, part', order: 'since, case_id, part' });

const isPart = "part NOT LIKE 'issue.%'";

/** Cases with refused parts of edits that are due for another try, and have no edit that waits. */
export const listCasesWithDueParts = query.column<string, [tracker: string, now: number, limit: number]>`
  SELECT DISTINCT case_id FROM refusals WHERE tracker = ? AND next_at <= ? AND ${isPart}
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE ordering_key = 'case:' || case_id AND kind = 'issue.edit' AND state = 'waiting')
    ORDER BY case_id LIMIT ? + 0`;

/** Makes everything refused due at once, of a tracker or a case. @returns cases with refused parts of edits */
export function hastenRefusals(sql: Sql, by: { tracker: string } | { caseId: string }, now: number): string[] {
  const [column, value] = 'tracker' in by ? ['tracker', by.tracker] : ['case_id', by.caseId];
  const change = `UPDATE outbox SET due_at = ? WHERE due_at > ? AND ${isRefusedRowSql}
       AND substr(ordering_key, 6) IN (SELECT case_id FROM refusals WHERE ${column} = ?)`;
  sql.run(change, now, now, value ?? '');
  sql.run(`UPDATE refusals SET next_at = MIN(next_at, ?), tries = 0 WHERE ${column} = ?`, now, value ?? '');
  return columnOf(sql, `SELECT DISTINCT case_id FROM refusals WHERE ${column} = ? AND ${isPart}`, value ?? '');
}

/** Makes refused calls of one kind due at once, because the tracker took such a call again. */
export const hastenRefusedKind = query.run<[queue: string, kind: string, now: number]>`
  UPDATE outbox SET due_at = ?3 WHERE queue = ?1 AND kind = ?2 AND due_at > ?3 AND ${isRefusedRowSql}`;

/** Makes refused calls due at once that were last made before an instant. */
export const hastenRowsRefusedBefore = query.run<[before: number, now: number]>`
  UPDATE outbox SET due_at = ?2 WHERE due_at > ?2 AND started_at < ?1 AND ${isRefusedRowSql}`;
