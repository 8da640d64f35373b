import type { Sql } from '#domain/base/ports.ts';
import { defineTable, hasRow, query } from './table.ts';

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
export function decideHeldMatches(
  sql: Sql,
  template: string,
  decision: Pick<HeldMatch, 'state' | 'decidedAt' | 'decidedBy'>,
): number[] {
  const held = listHeld(sql, template);
  heldMatches.update(sql, ["template = ? AND state = 'held'", template], decision);
  return held;
}

const listHeld = query.column<number, [template: string]>`
  SELECT seq FROM held_matches WHERE template = ? AND state = 'held' ORDER BY seq`;

/** Drops what is held of a response, because its customer was erased. */
export const dropHeldMatchesOfResponse = (sql: Sql, responseId: string): void =>
  heldMatches.update(sql, ["response_id = ? AND state IN ('held', 'opening')", responseId], { state: 'dropped' });

/** Held matches by template, with the time of the first and the last. */
export const summarizeHeldMatches = query.rows<{ template: string; count: number; firstAt: number; lastAt: number }>`
  SELECT template, COUNT(*) AS count, MIN(at) AS firstAt, MAX(at) AS lastAt
    FROM held_matches WHERE state = 'held' GROUP BY template ORDER BY MIN(seq)`;

/** Some of the responses that are held for a template, oldest first. */
export const listHeldResponseIds = query.column<string, [template: string, limit: number]>`
  SELECT response_id FROM held_matches WHERE template = ? AND state = 'held' ORDER BY seq LIMIT ? + 0`;

/** Whether a template opened this many cases since an instant, and nobody decided since then to open what was held. */
export function isRunawaySince(sql: Sql, template: string, since: number, most: number): boolean {
  const opened = `SELECT 1 FROM cases WHERE template = ? AND opened_at > ? LIMIT 1 OFFSET ${most - 1}`;
  const released = `SELECT 1 FROM held_matches
      WHERE template = ? AND decided_at > ? AND state IN ('opening', 'opened') LIMIT 1`;
  return hasRow(sql, opened, template, since) && !hasRow(sql, released, template, since);
}
