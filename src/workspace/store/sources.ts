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

export const listSourcesToReread = (sql: Sql): SourceState[] =>
  sources.list(sql, 'WHERE reread_below_seq IS NOT NULL ORDER BY name');

export const listSources = (sql: Sql): SourceState[] => sources.list(sql, 'ORDER BY name');

/** Writes the given fields of a source, which is new with its first settings. */
export const saveSource = (sql: Sql, name: string, changes: Partial<SourceState>): void =>
  changes.settings === undefined ? sources.update(sql, changes, 'name = ?', name) : sources.put(sql, { name }, changes);

export function setLastDeliveryAt(sql: Sql, name: string, at: number): void {
  const change = `INSERT INTO sources (name, settings, last_delivery_at) VALUES (?, '{}', ?)
     ON CONFLICT (name) DO UPDATE SET last_delivery_at = MAX(COALESCE(last_delivery_at, 0), excluded.last_delivery_at),
       silence_notified_at = NULL`;
  sql.run(change, name, at);
}
