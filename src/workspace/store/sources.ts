import type { Sql } from '#domain/base/ports.ts';

/** State of a source beside its settings. */
export interface SourceState {
  name: string;
  /** Settings at the last push; a removed source is verified by them. */
  settings: unknown;
  /** Instant of its pause or removal; null while it is in use. */
  inactiveSince: number | null;
  lastDeliveryAt: number | null;
  /** Time of the silence alert; `null` once the source delivers again. */
  silenceNotifiedAt: number | null;
  /** Stored responses below this number wait to be reread; null for none. */
  rereadBefore: number | null;
}

type Row = {
  name: string;
  settings: string;
  inactive_since: number | null;
  last_delivery_at: number | null;
  silence_notified_at: number | null;
  reread_before: number | null;
};

const toState = (row: Row): SourceState => ({
  name: row.name,
  settings: JSON.parse(row.settings),
  inactiveSince: row.inactive_since,
  lastDeliveryAt: row.last_delivery_at,
  silenceNotifiedAt: row.silence_notified_at,
  rereadBefore: row.reread_before,
});

export function findSource(sql: Sql, name: string): SourceState | null {
  const [row] = sql.all<Row>('SELECT * FROM sources WHERE name = ?', name);
  return row ? toState(row) : null;
}

export function listSources(sql: Sql): SourceState[] {
  return sql.all<Row>('SELECT * FROM sources ORDER BY name').map(toState);
}

/** Stores a source's settings; `inactiveSince` null means that it is in use. */
export function saveSourceSettings(sql: Sql, name: string, settings: unknown, inactiveSince: number | null): void {
  sql.run(
    `INSERT INTO sources (name, settings, inactive_since) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET settings = excluded.settings, inactive_since = excluded.inactive_since`,
    name,
    JSON.stringify(settings),
    inactiveSince,
  );
}

export function markDelivery(sql: Sql, name: string, at: number): void {
  sql.run(
    `INSERT INTO sources (name, settings, last_delivery_at) VALUES (?, '{}', ?)
     ON CONFLICT (name) DO UPDATE SET last_delivery_at = MAX(COALESCE(last_delivery_at, 0), excluded.last_delivery_at), silence_notified_at = NULL`,
    name,
    at,
  );
}

export function markSilenceNotified(sql: Sql, name: string, at: number): void {
  sql.run('UPDATE sources SET silence_notified_at = ? WHERE name = ?', at, name);
}

export function setReread(sql: Sql, name: string, before: number | null): void {
  sql.run('UPDATE sources SET reread_before = ? WHERE name = ?', before, name);
}
