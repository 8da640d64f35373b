import type { Sql } from '#domain/base/ports.ts';
import { defineTable, singleValue } from './table.ts';

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

const triage = defineTable<TriageRow>('triage', {});

/** A later "no" stands again after a dismissal; the same unhappy score does not. */
export const putInTriage = (sql: Sql, row: Pick<TriageRow, 'responseId' | 'kind' | 'why' | 'at'>): boolean =>
  triage.insert(
    sql,
    row,
    `ON CONFLICT (response_id) DO UPDATE SET kind = excluded.kind, why = excluded.why, at = excluded.at,
       dismissed_at = NULL, dismissed_by = NULL, reason = NULL WHERE kind = 'unhappy' AND excluded.kind = 'no'`,
  );

export const removeFromTriage = (sql: Sql, responseId: string, kind: TriageRow['kind'] | null = null): void =>
  sql.run('DELETE FROM triage WHERE response_id = ?1 AND (?2 IS NULL OR kind = ?2)', responseId, kind);

export const listTriage = (sql: Sql, before: number, limit: number): TriageRow[] =>
  triage.list(sql, 'WHERE dismissed_at IS NULL AND seq < ? ORDER BY seq DESC LIMIT ?', before, limit);

export const countTriage = (sql: Sql): number =>
  singleValue<number>(sql, 'SELECT COUNT(*) FROM triage WHERE dismissed_at IS NULL') ?? 0;

export const findInTriage = (sql: Sql, responseId: string): TriageRow | null =>
  triage.find(sql, 'response_id = ?', responseId);

export const dismissFromTriage = (
  sql: Sql,
  responseId: string,
  dismissal: Pick<TriageRow, 'dismissedAt' | 'dismissedBy' | 'reason'>,
): void => triage.update(sql, dismissal, 'response_id = ?', responseId);
