import type { Sql } from '#domain/base/ports.ts';
import { defineTable } from './table.ts';

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
  rereadBelowSeq: number | null;
}

const sources = defineTable<SourceState>('sources', { settings: 'json' });

export const findSource = (sql: Sql, name: string): SourceState | null => sources.find(sql, 'name = ?', name);

export const listSources = (sql: Sql): SourceState[] => sources.list(sql, 'ORDER BY name');

/** Stores a source's settings; `inactiveSince` null means that it is in use. */
export function saveSourceSettings(sql: Sql, name: string, settings: unknown, inactiveSince: number | null): void {
  sources.put(sql, { name }, { settings, inactiveSince });
}

export function setLastDeliveryAt(sql: Sql, name: string, at: number): void {
  sql.run(
    `INSERT INTO sources (name, settings, last_delivery_at) VALUES (?, '{}', ?)
     ON CONFLICT (name) DO UPDATE SET last_delivery_at = MAX(COALESCE(last_delivery_at, 0), excluded.last_delivery_at), silence_notified_at = NULL`,
    name,
    at,
  );
}

export function markSilenceNotified(sql: Sql, name: string, at: number): void {
  sources.update(sql, { silenceNotifiedAt: at }, 'name = ?', name);
}

export function setRereadPosition(sql: Sql, name: string, before: number | null): void {
  sources.update(sql, { rereadBelowSeq: before }, 'name = ?', name);
}
