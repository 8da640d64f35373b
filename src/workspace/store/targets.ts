import type { Sql } from '#domain/base/ports.ts';

/** How far the polls of one tracker have come. Instants are milliseconds UTC. */
export interface Target {
  cursor: string | null;
  polledAt: number | null;
  /** How many polls in a row went wrong, and how the last one did. */
  failures: number;
  error: string | null;
  /** When something of ours last changed there. */
  activeAt: number | null;
  /** When the tracker itself last said that something changed. */
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

/** Keeps the id of a webhook; false when it came before. Ids are kept while a tracker may still send again. */
export function keepHint(sql: Sql, tracker: string, id: string, at: number, keptMs: number): boolean {
  sql.run('DELETE FROM hints WHERE at < ?', at - keptMs);
  const [known] = sql.all('SELECT 1 FROM hints WHERE tracker = ? AND id = ?', tracker, id);
  if (known) return false;
  sql.run('INSERT INTO hints (tracker, id, at) VALUES (?, ?, ?)', tracker, id, at);
  return true;
}
