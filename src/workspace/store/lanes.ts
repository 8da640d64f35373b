import type { Sql } from '#domain/base/ports.ts';

/** What a refusal of credentials was about: all of them, what changes something, or what only reads. */
export type PausedBy = 'sign-in' | 'write' | 'read';

/** How a lane stands. Instants are milliseconds UTC. */
export interface Lane {
  /** Nothing at all goes before this. */
  heldUntil: number;
  /** Nothing new goes before this; looking back at what went does. */
  pacedUntil: number;
  /** How many calls in a row met no host. */
  failures: number;
  /** How many calls in a row were refused for their credentials. */
  refusals: number;
  paused: PausedBy | null;
  pausedAt: number | null;
  pausedWhy: string | null;
}

const untouched: Lane = {
  heldUntil: 0,
  pacedUntil: 0,
  failures: 0,
  refusals: 0,
  paused: null,
  pausedAt: null,
  pausedWhy: null,
};

export function findLane(sql: Sql, lane: string): Lane {
  const [row] = sql.all<{ [Name in keyof Lane]: Lane[Name] }>(
    `SELECT held_until AS heldUntil, paced_until AS pacedUntil, failures, refusals, paused,
       paused_at AS pausedAt, paused_why AS pausedWhy FROM lanes WHERE lane = ?`,
    lane,
  );
  return row ?? untouched;
}

export function saveLane(sql: Sql, lane: string, changes: Partial<Lane>): void {
  const next = { ...findLane(sql, lane), ...changes };
  sql.run(
    `INSERT INTO lanes (lane, held_until, paced_until, failures, refusals, paused, paused_at, paused_why)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (lane) DO UPDATE SET held_until = excluded.held_until,
       paced_until = excluded.paced_until, failures = excluded.failures, refusals = excluded.refusals,
       paused = excluded.paused, paused_at = excluded.paused_at, paused_why = excluded.paused_why`,
    lane,
    next.heldUntil,
    next.pacedUntil,
    next.failures,
    next.refusals,
    next.paused,
    next.pausedAt,
    next.pausedWhy,
  );
}

/** Nothing of a lane goes before `until`, now or written later: the host asked for quiet. */
export function holdLane(sql: Sql, lane: string, until: number): void {
  const { heldUntil } = findLane(sql, lane);
  if (until > heldUntil) saveLane(sql, lane, { heldUntil: until });
}

/** Nothing new of a lane goes before `until`. */
export function paceLane(sql: Sql, lane: string, until: number): void {
  const { pacedUntil } = findLane(sql, lane);
  if (until > pacedUntil) saveLane(sql, lane, { pacedUntil: until });
}

/** A host answered well: what waits for a long back-off may go. */
export function releaseLane(sql: Sql, lane: string, now: number): void {
  sql.run(
    `UPDATE outbox SET due_at = ? WHERE lane = ? AND state = 'waiting' AND due_at > ? AND attempts > 0`,
    now,
    lane,
    now,
  );
}
