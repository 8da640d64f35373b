import type { Sql } from '#domain/base/ports.ts';

/** Polling state of one tracker. Instants are UTC milliseconds. */
export interface Target {
  cursor: string | null;
  polledAt: number | null;
  /** Number of consecutive failed polls, with the last error. */
  failures: number;
  error: string | null;
  /** Instant of the last change to an issue of Caselite. */
  activeAt: number | null;
  /** Instant of the tracker's last webhook. */
  hintedAt: number | null;
}

const untouched: Target = {
  cursor: null,
  polledAt: null,
  failures: 0,
  error: null,
  activeAt: null,
  hintedAt: null,
};

export function findTarget(sql: Sql, tracker: string): Target {
  const [row] = sql.all<{ [Name in keyof Target]: Target[Name] }>(
    `SELECT cursor, polled_at AS polledAt, failures, error, active_at AS activeAt, hinted_at AS hintedAt
       FROM targets WHERE tracker = ?`,
    tracker,
  );
  return row ?? untouched;
}

export function saveTarget(sql: Sql, tracker: string, changes: Partial<Target>): void {
  const next = { ...findTarget(sql, tracker), ...changes };
  sql.run(
    `INSERT INTO targets (tracker, cursor, polled_at, failures, error, active_at, hinted_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (tracker) DO UPDATE SET cursor = excluded.cursor, polled_at = excluded.polled_at,
       failures = excluded.failures, error = excluded.error, active_at = excluded.active_at, hinted_at = excluded.hinted_at`,
    tracker,
    next.cursor,
    next.polledAt,
    next.failures,
    next.error,
    next.activeAt,
    next.hintedAt,
  );
}

/** Stores the id of a webhook; false for a repeated one. Ids are kept while a tracker may repeat. */
export function keepHint(sql: Sql, tracker: string, id: string, at: number, keptMs: number): boolean {
  sql.run('DELETE FROM hints WHERE at < ?', at - keptMs);
  const [known] = sql.all('SELECT 1 FROM hints WHERE tracker = ? AND id = ?', tracker, id);
  if (known) return false;
  sql.run('INSERT INTO hints (tracker, id, at) VALUES (?, ?, ?)', tracker, id, at);
  return true;
}
