import type { Sql, SqlValue } from '#domain/base/ports.ts';
import { type OutboxKind, type Payload, payloads, readPayload } from './payloads.ts';
import { findQueue } from './queues.ts';

/** One thing that leaves the workspace, as it is stored: intent, then call, then outcome. */
export interface StoredRow {
  id: number;
  key: string;
  /** Calls of a queue run one after the other: a tracker's name, `source:` and a source's name, or `mail`. */
  queue: string;
  /** Rows of one ordering key go strictly in order. */
  orderingKey: string;
  kind: string;
  /** The version of the payload. */
  version: number;
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

/** A row of a kind, with its payload read. */
export type OutboxRow<Kind extends OutboxKind = OutboxKind> = {
  [Each in Kind]: Omit<StoredRow, 'kind' | 'payload'> & { kind: Each; payload: Payload<Each> };
}[Kind];

/** @returns null for a row that this version of Caselite cannot read */
export function readRow(row: StoredRow): OutboxRow | null {
  const content = readPayload(row.kind, row.version, row.payload);
  return content && { ...row, ...content };
}

type StoredColumns = StoredRow & Record<string, SqlValue>;

const columns = `id, key, queue, ordering_key AS orderingKey, kind, version, payload, state, attempts, lookups,
  created_at AS createdAt, due_at AS dueAt, started_at AS startedAt, deadline_at AS deadlineAt, floor, error`;

/**
 * Records an intent once per key. Rows of a case get the rank of its severity.
 *
 * @returns whether it is new
 */
export function addToOutbox<Kind extends OutboxKind>(
  sql: Sql,
  row: {
    key: string;
    queue: string;
    orderingKey: string;
    kind: Kind;
    payload: Payload<NoInfer<Kind>>;
    at: number;
  },
): boolean {
  const added = sql.all(
    `INSERT INTO outbox (key, queue, ordering_key, kind, version, payload, state, created_at, due_at, rank)
     VALUES (?, ?, ?, ?, ?, ?, 'waiting', ?, ?, COALESCE((SELECT severity_rank FROM cases WHERE id = ?), 3))
     ON CONFLICT (key) DO NOTHING RETURNING id`,
    row.key,
    row.queue,
    row.orderingKey,
    row.kind,
    payloads[row.kind].version,
    JSON.stringify(row.payload),
    row.at,
    row.at,
    row.orderingKey.replace(/^case:/, ''),
  );
  return added.length > 0;
}

const open = "state IN ('waiting', 'calling', 'unknown')";
const firstOfKey = `NOT EXISTS (SELECT 1 FROM outbox earlier WHERE earlier.ordering_key = o.ordering_key AND earlier.id < o.id AND earlier.${open})`;

/**
 * Next row of a queue: called rows before new ones, urgent cases before others, then the oldest. Null while a call of
 * the queue is under way.
 */
export function nextInQueue(sql: Sql, queue: string, now: number): StoredRow | null {
  const [busy] = sql.all(
    "SELECT 1 FROM outbox WHERE queue = ? AND state = 'calling' AND deadline_at > ? LIMIT 1",
    queue,
    now,
  );
  const { heldUntil, rateLimitedUntil } = findQueue(sql, queue);
  if (busy || heldUntil > now) return null;
  const next = (state: string, due: string) =>
    sql.all<StoredColumns>(
      `SELECT ${columns} FROM outbox o WHERE queue = ? AND o.${open} AND ${state} AND ${due} <= ? AND ${firstOfKey}
        ORDER BY rank, id LIMIT 1`,
      queue,
      now,
    )[0];
  return (
    next("state <> 'waiting'", "(CASE state WHEN 'calling' THEN deadline_at ELSE due_at END)") ??
    (rateLimitedUntil > now ? undefined : next("state = 'waiting'", 'due_at')) ??
    null
  );
}

/** Updates the rank of a case's waiting rows after its severity changed. */
export function rankOutbox(sql: Sql, orderingKey: string, rank: number): void {
  sql.run(`UPDATE outbox SET rank = ? WHERE ordering_key = ? AND ${open}`, rank, orderingKey);
}

export function openQueues(sql: Sql): string[] {
  return sql.all<{ queue: string }>(`SELECT DISTINCT queue FROM outbox WHERE ${open}`).map(({ queue }) => queue);
}

/** Next instant with work in the outbox; null without any. A queue waits for its call under way. */
export function nextOutboxTime(sql: Sql): number | null {
  const [row] = sql.all<{ at: number | null }>(
    `WITH calling AS (SELECT queue, MAX(deadline_at) AS until FROM outbox WHERE state = 'calling' GROUP BY queue)
     SELECT MIN(MAX(CASE state WHEN 'calling' THEN deadline_at ELSE MAX(due_at, COALESCE(until, 0)) END,
       COALESCE(held_until, 0), CASE state WHEN 'waiting' THEN COALESCE(rate_limited_until, 0) ELSE 0 END)) AS at
     FROM outbox o LEFT JOIN calling USING (queue) LEFT JOIN queues USING (queue) WHERE o.${open} AND ${firstOfKey}`,
  );
  return row?.at ?? null;
}

/** @returns false for a row that was cancelled meanwhile and must not be called */
export function markCalling(sql: Sql, id: number, now: number, deadlineAt: number, floor: string | null): boolean {
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

/** Cancels a row that certainly has not left yet. @returns whether it did */
export function cancelRow(sql: Sql, key: string, at: number, why: string): boolean {
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

/** Keeps a row that cannot be read for later; a call of it that was under way has an unknown outcome. */
export function restRow(sql: Sql, id: number, dueAt: number): void {
  sql.run(
    "UPDATE outbox SET due_at = ?, state = CASE state WHEN 'calling' THEN 'unknown' ELSE state END WHERE id = ?",
    dueAt,
    id,
  );
}

export function markEnded(sql: Sql, id: number, state: 'done' | 'refused', at: number, error: string | null): void {
  sql.run('UPDATE outbox SET state = ?, ended_at = ?, error = ? WHERE id = ?', state, at, error, id);
}

/** Whether an edit that will update this part of the issue waits already. */
export function hasEdit(sql: Sql, orderingKey: string, part: 'text' | 'fields'): boolean {
  return (
    sql.all(
      `SELECT 1 FROM outbox WHERE ordering_key = ? AND kind = 'issue.edit' AND state = 'waiting'
         AND json_extract(payload, ?) LIMIT 1`,
      orderingKey,
      `$.${part}`,
    ).length > 0
  );
}

/** What is still on its way under an ordering key, in order. */
export function openRows(sql: Sql, orderingKey: string): StoredRow[] {
  return sql.all<StoredColumns>(
    `SELECT ${columns} FROM outbox WHERE ordering_key = ? AND ${open} ORDER BY id`,
    orderingKey,
  );
}

/** Whether a row of this kind waits already under an ordering key. */
export function hasOpenRow(sql: Sql, orderingKey: string, kind: OutboxKind): boolean {
  return (
    sql.all(`SELECT 1 FROM outbox WHERE ordering_key = ? AND kind = ? AND state = 'waiting' LIMIT 1`, orderingKey, kind)
      .length > 0
  );
}

/** Ends what still waits under an ordering key that has come to nothing; steps of its plan settle by themselves. */
export function endWaiting(sql: Sql, orderingKey: string, at: number, error: string): void {
  sql.run(
    "UPDATE outbox SET state = 'refused', ended_at = ?, error = ? WHERE ordering_key = ? AND state = 'waiting' AND kind NOT LIKE 'issue.sub%'",
    at,
    error,
    orderingKey,
  );
}

/** What waits under an ordering key in a queue goes now, whatever it waited for. */
export function hastenRows(sql: Sql, orderingKey: string, queue: string, at: number): void {
  sql.run(
    `UPDATE outbox SET due_at = MIN(due_at, ?) WHERE ordering_key = ? AND queue = ? AND state = 'waiting' AND ${open}`,
    at,
    orderingKey,
    queue,
  );
}

/** What is still on its way under an ordering key goes by another queue from now on; issues of its plan's steps stay behind. */
export function moveToQueue(
  sql: Sql,
  orderingKey: string,
  { from, to, at }: { from: string; to: string; at: number },
): void {
  sql.run(
    `UPDATE outbox SET state = 'refused', ended_at = ?, error = 'its case went to another tracker'
      WHERE ordering_key = ? AND queue = ? AND kind LIKE 'issue.sub%' AND state IN ('waiting', 'unknown')`,
    at,
    orderingKey,
    from,
  );
  sql.run(`UPDATE outbox SET queue = ? WHERE ordering_key = ? AND queue = ? AND ${open}`, to, orderingKey, from);
}

/** Start of a queue's newest call; null before the first. */
export function lastCallAt(sql: Sql, queue: string): number | null {
  const [row] = sql.all<{ at: number | null }>(
    'SELECT started_at AS at FROM outbox WHERE queue = ? AND started_at IS NOT NULL ORDER BY started_at DESC LIMIT 1',
    queue,
  );
  return row?.at ?? null;
}

export function queueTrouble(sql: Sql, queue: string): { waiting: number; error: string | null } {
  const rows = sql.all<{ error: string | null }>(
    `SELECT error FROM outbox WHERE queue = ? AND ${open} ORDER BY id LIMIT 1000`,
    queue,
  );
  return { waiting: rows.length, error: rows.find(({ error }) => error !== null)?.error ?? null };
}

export function isOpen(sql: Sql, key: string): boolean {
  return sql.all(`SELECT 1 FROM outbox WHERE key = ? AND ${open}`, key).length > 0;
}
