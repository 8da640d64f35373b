import { defineTable, query, type Sql } from './table.ts';

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

export interface HeldMatch {
  seq: number;
  template: string;
  responseId: string;
  at: number;
  state: 'held' | 'opening' | 'opened' | 'dropped';
  decidedAt: number | null;
  decidedBy: string | null;
}

export const heldMatches = defineTable<HeldMatch>('held_matches', {});

/** Decides all held matches of a template. @returns their row numbers */
export const decideHeldMatches = query.column<
  number,
  [decision: Pick<HeldMatch, 'template' | 'state' | 'decidedAt' | 'decidedBy'>]
>`
  UPDATE held_matches SET state = @state, decided_at = @decidedAt, decided_by = @decidedBy
    WHERE template = @template AND state = 'held' RETURNING seq`;

export const summarizeHeldMatches = query.rows<{ template: string; count: number; firstAt: number; lastAt: number }>`
  SELECT template, COUNT(*) AS count, MIN(at) AS firstAt, MAX(at) AS lastAt
    FROM held_matches WHERE state = 'held' GROUP BY template ORDER BY MIN(seq)`;

/** Some of the responses that are held for a template, oldest first. */
export const listHeldResponseIds = query.column<string, [template: string, limit: number]>`
  SELECT response_id FROM held_matches WHERE template = ? AND state = 'held' ORDER BY seq LIMIT ? + 0`;

/** Whether a template opened this many cases since an instant, and nobody decided since then to open what was held. */
export const isRunawaySince = query.has<[of: { template: string; since: number; most: number }]>`
  SELECT 1 FROM (SELECT COUNT(*) AS opened FROM (SELECT 1 FROM cases WHERE template = @template AND opened_at > @since LIMIT @most + 0))
    WHERE opened >= @most AND NOT EXISTS (SELECT 1 FROM held_matches
      WHERE template = @template AND decided_at > @since AND state IN ('opening', 'opened'))`;
