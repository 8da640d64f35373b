import type { Sql, SqlValue } from '#domain/base/ports.ts';
import { findQueue } from './queues.ts';

export type OutboxKind =
  | 'issue.create'
  | 'issue.sub'
  | 'issue.sub-state'
  | 'issue.edit'
  | 'issue.comment'
  | 'issue.reopen'
  | 'issue.close'
  | 'issue.link'
  | 'issue.duplicate'
  | 'mail.send'
  | 'notice.send'
  | 'response.fetch'
  | 'questions.fetch';

/** One thing that leaves the workspace: intent, then call, then outcome. */
export interface OutboxRow {
  id: number;
  key: string;
  /** Calls of one queue go one after the other: a tracker's name, `source:` and a source's name, or `mail`. */
  queue: string;
  /** Rows of one subject go strictly in order. */
  subject: string;
  kind: OutboxKind;
  payload: string;
  state: 'waiting' | 'calling' | 'unknown' | 'done' | 'refused';
  attempts: number;
  lookups: number;
  createdAt: number;
  dueAt: number;
  startedAt: number | null;
  deadlineAt: number | null;
  floor: string | null;
  error: string | null;
}

type Row = Record<string, SqlValue> & {
  id: number;
  key: string;
  queue: string;
  subject: string;
  kind: OutboxKind;
  payload: string;
  state: OutboxRow['state'];
  attempts: number;
  lookups: number;
  created_at: number;
  due_at: number;
  started_at: number | null;
  deadline_at: number | null;
  floor: string | null;
  error: string | null;
};

const toRow = (row: Row): OutboxRow => ({
  id: row.id,
  key: row.key,
  queue: row.queue,
  subject: row.subject,
  kind: row.kind,
  payload: row.payload,
  state: row.state,
  attempts: row.attempts,
  lookups: row.lookups,
  createdAt: row.created_at,
  dueAt: row.due_at,
  startedAt: row.started_at,
  deadlineAt: row.deadline_at,
  floor: row.floor,
  error: row.error,
});

/**
 * Writes an intent once: a key that is there already is left as it is. What belongs to a case goes by the
 * severity of the case.
 *
 * @returns whether it is a new one
 */
export function addToOutbox(
  sql: Sql,
  row: { key: string; queue: string; subject: string; kind: OutboxKind; payload: unknown; at: number },
): boolean {
  const added = sql.all(
    `INSERT INTO outbox (key, queue, subject, kind, payload, state, created_at, due_at, rank)
     VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?, COALESCE((SELECT severity_rank FROM cases WHERE id = ?), 3))
     ON CONFLICT (key) DO NOTHING RETURNING id`,
    row.key,
    row.queue,
    row.subject,
    row.kind,
    JSON.stringify(row.payload),
    row.at,
    row.at,
    row.subject.replace(/^case:/, ''),
  );
  return added.length > 0;
}

const open = "state IN ('waiting', 'calling', 'unknown')";
const firstOfSubject = `NOT EXISTS (SELECT 1 FROM outbox earlier WHERE earlier.subject = o.subject AND earlier.id < o.id AND earlier.${open})`;

/**
 * The next row of a queue that may go now: what was called before anything new, urgent cases before others, then
 * the oldest. While one call of the queue is under way, none.
 */
export function nextInQueue(sql: Sql, queue: string, now: number): OutboxRow | null {
  const [busy] = sql.all(
    "SELECT 1 FROM outbox WHERE queue = ? AND state = 'calling' AND deadline_at > ? LIMIT 1",
    queue,
    now,
  );
  const { heldUntil, rateLimitedUntil } = findQueue(sql, queue);
  if (busy || heldUntil > now) return null;
  const next = (state: string, due: string) =>
    sql.all<Row>(
      `SELECT * FROM outbox o WHERE queue = ? AND o.${open} AND ${state} AND ${due} <= ? AND ${firstOfSubject}
        ORDER BY rank, id LIMIT 1`,
      queue,
      now,
    )[0];
  const row =
    next("state <> 'waiting'", "(CASE state WHEN 'calling' THEN deadline_at ELSE due_at END)") ??
    (rateLimitedUntil > now ? undefined : next("state = 'waiting'", 'due_at'));
  return row ? toRow(row) : null;
}

/** A case became more or less urgent: what waits for it moves with it. */
export function rankOutbox(sql: Sql, subject: string, rank: number): void {
  sql.run(`UPDATE outbox SET rank = ? WHERE subject = ? AND ${open}`, rank, subject);
}

export function openQueues(sql: Sql): string[] {
  return sql
    .all<{ queue: string }>(`SELECT DISTINCT queue FROM outbox WHERE ${open}`)
    .map(({ queue }) => queue);
}

/** When the outbox next has something to do; null when it is empty. A queue waits for the call that is under way in it. */
export function nextOutboxTime(sql: Sql): number | null {
  const [row] = sql.all<{ at: number | null }>(
    `WITH calling AS (SELECT queue, MAX(deadline_at) AS until FROM outbox WHERE state = 'calling' GROUP BY queue)
     SELECT MIN(MAX(CASE state WHEN 'calling' THEN deadline_at ELSE MAX(due_at, COALESCE(until, 0)) END,
       COALESCE(held_until, 0), CASE state WHEN 'waiting' THEN COALESCE(rate_limited_until, 0) ELSE 0 END)) AS at
     FROM outbox o LEFT JOIN calling USING (queue) LEFT JOIN queues USING (queue) WHERE o.${open} AND ${firstOfSubject}`,
  );
  return row?.at ?? null;
}

/** @returns false when the row no longer waits: it was taken back meanwhile, and must not be called */
export function markCalling(
  sql: Sql,
  id: number,
  now: number,
  deadlineAt: number,
  floor: string | null,
): boolean {
  return (
    sql.all(
      `UPDATE outbox SET state = 'calling', attempts = attempts + 1, lookups = 0, started_at = ?, deadline_at = ?, floor = ?
        WHERE id = ? AND state = 'waiting' RETURNING id`,
      now,
      deadlineAt,
      floor,
      id,
    ).length > 0
  );
}

/** Takes back what certainly has not left yet. @returns whether it did */
export function takeBack(sql: Sql, key: string, at: number, why: string): boolean {
  return (
    sql.all(
      "UPDATE outbox SET state = 'refused', ended_at = ?, error = ? WHERE key = ? AND state = 'waiting' RETURNING id",
      at,
      why,
      key,
    ).length > 0
  );
}

export function markUnknown(sql: Sql, id: number, dueAt: number, lookups: number, error: string): void {
  sql.run(
    "UPDATE outbox SET state = 'unknown', due_at = ?, lookups = ?, error = ? WHERE id = ?",
    dueAt,
    lookups,
    error,
    id,
  );
}

export function markWaiting(sql: Sql, id: number, dueAt: number, error: string | null): void {
  sql.run("UPDATE outbox SET state = 'waiting', due_at = ?, error = ? WHERE id = ?", dueAt, error, id);
}

export function markEnded(
  sql: Sql,
  id: number,
  state: 'done' | 'refused',
  at: number,
  error: string | null,
): void {
  sql.run('UPDATE outbox SET state = ?, ended_at = ?, error = ? WHERE id = ?', state, at, error, id);
}

/** Whether an edit that brings this part of the issue up to date waits already. */
export function hasEdit(sql: Sql, subject: string, part: 'text' | 'fields'): boolean {
  return (
    sql.all(
      `SELECT 1 FROM outbox WHERE subject = ? AND kind = 'issue.edit' AND state = 'waiting'
         AND json_extract(payload, ?) LIMIT 1`,
      subject,
      `$.${part}`,
    ).length > 0
  );
}

/** What is still on its way for a subject, in order. */
export function openRows(sql: Sql, subject: string): OutboxRow[] {
  return sql.all<Row>(`SELECT * FROM outbox WHERE subject = ? AND ${open} ORDER BY id`, subject).map(toRow);
}

/** Whether a row of this kind waits already for a subject. */
export function hasOpenRow(sql: Sql, subject: string, kind: OutboxKind): boolean {
  return (
    sql.all(
      `SELECT 1 FROM outbox WHERE subject = ? AND kind = ? AND state = 'waiting' LIMIT 1`,
      subject,
      kind,
    ).length > 0
  );
}

/** Ends what still waits for a subject that has come to nothing; steps of its plan settle by themselves. */
export function endSubject(sql: Sql, subject: string, at: number, error: string): void {
  sql.run(
    "UPDATE outbox SET state = 'refused', ended_at = ?, error = ? WHERE subject = ? AND state = 'waiting' AND kind NOT LIKE 'issue.sub%'",
    at,
    error,
    subject,
  );
}

/** What waits for a subject in a queue goes now, whatever it waited for. */
export function hastenSubject(sql: Sql, subject: string, queue: string, at: number): void {
  sql.run(
    `UPDATE outbox SET due_at = MIN(due_at, ?) WHERE subject = ? AND queue = ? AND state = 'waiting' AND ${open}`,
    at,
    subject,
    queue,
  );
}

/** What is still on its way for a subject goes by another queue from now on; issues of its plan's steps stay behind. */
export function moveToQueue(
  sql: Sql,
  subject: string,
  { from, to, at }: { from: string; to: string; at: number },
): void {
  sql.run(
    `UPDATE outbox SET state = 'refused', ended_at = ?, error = 'its case went to another tracker'
      WHERE subject = ? AND queue = ? AND kind LIKE 'issue.sub%' AND state IN ('waiting', 'unknown')`,
    at,
    subject,
    from,
  );
  sql.run(`UPDATE outbox SET queue = ? WHERE subject = ? AND queue = ? AND ${open}`, to, subject, from);
}

/** When the newest call of a queue began; null before the first. */
export function lastCallAt(sql: Sql, queue: string): number | null {
  const [row] = sql.all<{ at: number | null }>(
    'SELECT started_at AS at FROM outbox WHERE queue = ? AND started_at IS NOT NULL ORDER BY started_at DESC LIMIT 1',
    queue,
  );
  return row?.at ?? null;
}

/** How much waits in a queue, and what the oldest of it last failed with. */
export function queueTrouble(sql: Sql, queue: string): { waiting: number; error: string | null } {
  const rows = sql.all<{ error: string | null }>(
    `SELECT error FROM outbox WHERE queue = ? AND ${open} ORDER BY id LIMIT 1000`,
    queue,
  );
  return { waiting: rows.length, error: rows.find(({ error }) => error !== null)?.error ?? null };
}

/** Whether a row with this key has not ended yet. */
export function isOpen(sql: Sql, key: string): boolean {
  return sql.all(`SELECT 1 FROM outbox WHERE key = ? AND ${open}`, key).length > 0;
}
