import type { Sql } from '#domain/base/ports.ts';
import { defineTable, hasRow } from './table.ts';

/** A match of a runaway template, for which no case opens before a case manager decides. */
export interface HeldMatch {
  seq: number;
  template: string;
  responseId: string;
  at: number;
  state: 'held' | 'opening' | 'opened' | 'dropped';
  decidedAt: number | null;
  decidedBy: string | null;
}

const matches = defineTable<HeldMatch>('held_matches', {});

export const findHeldMatch = (sql: Sql, seq: number): HeldMatch | null => matches.find(sql, 'seq = ?', seq);

export const findHeldMatchOfResponse = (sql: Sql, template: string, responseId: string): HeldMatch | null =>
  matches.find(sql, 'template = ? AND response_id = ?', template, responseId);

/** @returns false for a match that was held before, whatever was decided about it */
export const insertHeldMatch = (sql: Sql, match: Pick<HeldMatch, 'template' | 'responseId' | 'at'>): boolean =>
  matches.insert(sql, { ...match, state: 'held' }, 'ON CONFLICT DO NOTHING');

/** Whether a person decides, or has decided, about a match of the response. */
export const isHeldForAnyTemplate = (sql: Sql, responseId: string): boolean =>
  matches.find(sql, 'response_id = ?', responseId) !== null;

export const setStateOfHeldMatch = (sql: Sql, seq: number, state: HeldMatch['state']): void =>
  matches.update(sql, { state }, 'seq = ?', seq);

/** Decides all held matches of a template. @returns their row numbers */
export function decideHeldMatches(
  sql: Sql,
  template: string,
  decision: Pick<HeldMatch, 'state' | 'decidedAt' | 'decidedBy'>,
): number[] {
  const held = matches.list(sql, "WHERE template = ? AND state = 'held' ORDER BY seq", template);
  matches.update(sql, decision, "template = ? AND state = 'held'", template);
  return held.map(({ seq }) => seq);
}

/** Drops what is held of a response, because its customer was erased. */
export const dropHeldMatchesOfResponse = (sql: Sql, responseId: string): void =>
  matches.update(sql, { state: 'dropped' }, "response_id = ? AND state IN ('held', 'opening')", responseId);

/** Held matches by template, with the time of the first and the last. */
export const summarizeHeldMatches = (
  sql: Sql,
): { template: string; count: number; firstAt: number; lastAt: number }[] =>
  sql.all(
    `SELECT template, COUNT(*) AS count, MIN(at) AS firstAt, MAX(at) AS lastAt
      FROM held_matches WHERE state = 'held' GROUP BY template ORDER BY MIN(seq)`,
  );

/** Some of the responses that are held for a template, oldest first. */
export const listHeldResponseIds = (sql: Sql, template: string, limit: number): string[] =>
  matches
    .list(sql, "WHERE template = ? AND state = 'held' ORDER BY seq LIMIT ?", template, limit)
    .map(({ responseId }) => responseId);

/** Whether a template opened this many cases since an instant, and nobody decided since then to open what was held. */
export function isRunawaySince(sql: Sql, template: string, since: number, most: number): boolean {
  const opened = `SELECT 1 FROM cases WHERE template = ? AND opened_at > ? LIMIT 1 OFFSET ${most - 1}`;
  const released = `SELECT 1 FROM held_matches
      WHERE template = ? AND decided_at > ? AND state IN ('opening', 'opened') LIMIT 1`;
  return hasRow(sql, opened, template, since) && !hasRow(sql, released, template, since);
}
