import type { Sql } from '#domain/base/ports.ts';
import { defineTable, query } from './table.ts';

/** A response that waits for a person although no template took it. A case for it removes the row. */
export interface TriageRow {
  seq: number;
  responseId: string;
  kind: 'unhappy' | 'no';
  why: string;
  at: number;
  dismissedAt: number | null;
  dismissedBy: string | null;
  reason: string | null;
}

export const triage = defineTable<TriageRow>('triage', {});

/** A later "no" stands again after a dismissal; the same unhappy score does not. */
export const putInTriage = (sql: Sql, row: Pick<TriageRow, 'responseId' | 'kind' | 'why' | 'at'>): boolean =>
  triage.insert(
    sql,
    row,
    `ON CONFLICT (response_id) DO UPDATE SET kind = excluded.kind, why = excluded.why, at = excluded.at,
       dismissed_at = NULL, dismissed_by = NULL, reason = NULL WHERE kind = 'unhappy' AND excluded.kind = 'no'`,
  );

export const removeFromTriage = query.run<[responseId: string, kind: TriageRow['kind'] | null]>`
  DELETE FROM triage WHERE response_id = ?1 AND (?2 IS NULL OR kind = ?2)`;
