import type { Sql } from '#domain/base/ports.ts';

/** Scope of refused credentials: signing in, writing, or reading. */
export type PausedBy = 'sign-in' | 'write' | 'read';

/** State of a queue. Instants are UTC milliseconds. */
export interface Queue {
  heldUntil: number;
  /** No new call before this instant; lookups may run. */
  rateLimitedUntil: number;
  failures: number;
  refusals: number;
  paused: PausedBy | null;
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

export function findQueue(sql: Sql, queue: string): Queue {
  const [row] = sql.all<{ [Name in keyof Queue]: Queue[Name] }>(
    `SELECT held_until AS heldUntil, rate_limited_until AS rateLimitedUntil, failures, refusals, paused,
       paused_at AS pausedAt, paused_why AS pausedWhy FROM queues WHERE queue = ?`,
    queue,
  );
  return row ?? untouched;
}

export function saveQueue(sql: Sql, queue: string, changes: Partial<Queue>): void {
  const next = { ...findQueue(sql, queue), ...changes };
  sql.run(
    `INSERT INTO queues (queue, held_until, rate_limited_until, failures, refusals, paused, paused_at, paused_why)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (queue) DO UPDATE SET held_until = excluded.held_until,
       rate_limited_until = excluded.rate_limited_until, failures = excluded.failures, refusals = excluded.refusals,
       paused = excluded.paused, paused_at = excluded.paused_at, paused_why = excluded.paused_why`,
    queue,
    next.heldUntil,
    next.rateLimitedUntil,
    next.failures,
    next.refusals,
    next.paused,
    next.pausedAt,
    next.pausedWhy,
  );
}

/** Holds all calls of a queue until an instant, because the host asked for quiet. */
export function holdQueue(sql: Sql, queue: string, until: number): void {
  const { heldUntil } = findQueue(sql, queue);
  if (until > heldUntil) saveQueue(sql, queue, { heldUntil: until });
}

/** Holds new calls of a queue until an instant. */
export function rateLimitQueue(sql: Sql, queue: string, until: number): void {
  const { rateLimitedUntil } = findQueue(sql, queue);
  if (until > rateLimitedUntil) saveQueue(sql, queue, { rateLimitedUntil: until });
}

/** Releases rows with a long backoff after a successful call. */
export function releaseQueue(sql: Sql, queue: string, now: number): void {
  sql.run(
    `UPDATE outbox SET due_at = ? WHERE queue = ? AND state = 'waiting' AND due_at > ? AND attempts > 0`,
    now,
    queue,
    now,
  );
}
