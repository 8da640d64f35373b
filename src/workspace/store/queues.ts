import type { Sql } from '#domain/base/ports.ts';
import { isRefusedRowSql } from './refusals.ts';
import { defineTable } from './table.ts';

/** Scope of refused credentials: signing in, writing, or reading. */
export type QueuePauseKind = 'sign-in' | 'write' | 'read';

/** State of a queue. Instants are UTC milliseconds. */
export interface Queue {
  heldUntil: number;
  /** No new call before this instant; lookups may run. */
  rateLimitedUntil: number;
  failures: number;
  refusals: number;
  paused: QueuePauseKind | null;
  pausedAt: number | null;
  pausedWhy: string | null;
}

const untouched: Queue = {
  heldUntil: 0,
  rateLimitedUntil: 0,
  failures: 0,
  refusals: 0,
  paused: null,
  pausedAt: null,
  pausedWhy: null,
};

const queues = defineTable<Queue>('queues', {});

export const findQueue = (sql: Sql, queue: string): Queue => queues.find(sql, 'queue = ?', queue) ?? untouched;

export function saveQueue(sql: Sql, queue: string, changes: Partial<Queue>): void {
  queues.put(sql, { queue }, { ...findQueue(sql, queue), ...changes });
}

/** Holds all calls of a queue until an instant, because the host asked for quiet. */
export function holdQueue(sql: Sql, queue: string, until: number): void {
  const { heldUntil } = findQueue(sql, queue);
  if (until > heldUntil) saveQueue(sql, queue, { heldUntil: until });
}

/** Holds new calls of a queue until an instant. */
export function holdNewCallsOfQueue(sql: Sql, queue: string, until: number): void {
  const { rateLimitedUntil } = findQueue(sql, queue);
  if (until > rateLimitedUntil) saveQueue(sql, queue, { rateLimitedUntil: until });
}

/** Releases rows with a long backoff after a successful call. A refusal of one row says nothing about others. */
export function endBackoffsOfQueue(sql: Sql, queue: string, now: number): void {
  sql.run(
    `UPDATE outbox SET due_at = ? WHERE queue = ? AND state = 'waiting' AND due_at > ? AND attempts > 0
       AND NOT (${isRefusedRowSql})`,
    now,
    queue,
    now,
  );
}
