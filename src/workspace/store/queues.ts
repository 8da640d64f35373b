import type { Sql } from '#domain/base/ports.ts';

/** What a refusal of credentials was about: all of them, what changes something, or what only reads. */
export type PausedBy = 'sign-in' | 'write' | 'read';

/** How a queue stands. Instants are milliseconds UTC. */
export interface Queue {
  /** Nothing at all goes before this. */
  heldUntil: number;
  /** Nothing new goes before this; looking back at what went does. */
  rateLimitedUntil: number;
  /** How many calls in a row met no host. */
  failures: number;
  /** How many calls in a row were refused for their credentials. */
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

/** Nothing of a queue goes before `until`, now or written later: the host asked for quiet. */
export function holdQueue(sql: Sql, queue: string, until: number): void {
  const { heldUntil } = findQueue(sql, queue);
  if (until > heldUntil) saveQueue(sql, queue, { heldUntil: until });
}

/** Nothing new of a queue goes before `until`. */
export function rateLimitQueue(sql: Sql, queue: string, until: number): void {
  const { rateLimitedUntil } = findQueue(sql, queue);
  if (until > rateLimitedUntil) saveQueue(sql, queue, { rateLimitedUntil: until });
}

/** A host answered well: what waits for a long back-off may go. */
export function releaseQueue(sql: Sql, queue: string, now: number): void {
  sql.run(
    `UPDATE outbox SET due_at = ? WHERE queue = ? AND state = 'waiting' AND due_at > ? AND attempts > 0`,
    now,
    queue,
    now,
  );
}
