import type { Sql } from '#domain/base/ports.ts';
import type { GatheredCases } from '#domain/responses/gather.ts';
import { columnOf, defineTable } from './table.ts';

/**
 * `elevated`: a tactical case linked to a strategic one. `sister`: the same finding in another product. `related`:
 * linked by a person, both ways.
 */
export interface LinkBetweenCases {
  caseId: string;
  linkedId: string;
  kind: 'elevated' | 'sister' | 'related';
  why: string;
  at: number;
}

const links = defineTable<LinkBetweenCases>('case_links', {
  caseId: 'case_id',
  linkedId: 'linked_id',
  kind: 'kind',
  why: 'why',
  at: 'at',
});

/** @returns false for an existing link */
export const insertLinkBetweenCases = (sql: Sql, link: LinkBetweenCases): boolean =>
  links.insert(sql, link, 'ON CONFLICT (case_id, linked_id, kind) DO NOTHING');

export const listCaseLinks = (sql: Sql, caseId: string, kind: LinkBetweenCases['kind']): LinkBetweenCases[] =>
  links.list(sql, 'WHERE case_id = ? AND kind = ? ORDER BY at, linked_id', caseId, kind);

export const listLinksToStrategicCases = (sql: Sql, linkedId: string): LinkBetweenCases[] =>
  links.list(sql, "WHERE linked_id = ? AND kind = 'elevated' ORDER BY at, case_id", linkedId);

/**
 * Tactical cases with a value in a field since an instant, in the order in which it became known. Root cause and
 * blocker are the closer's answers. A duplicate counts through its original only.
 */
export function listTacticalCaseIds(sql: Sql, { field, value }: GatheredCases, since: number): string[] {
  const occurred = {
    category: 'SELECT id AS case_id, opened_at AS at FROM cases WHERE category = ?1',
    'root-cause': answered('root-cause'),
    blocker: answered('blocker'),
    verdict: 'SELECT case_id, at FROM verdicts WHERE verdict = ?1',
  }[field];
  return columnOf(
    sql,
    `SELECT c.id, MIN(o.at) AS first FROM (${occurred}) o JOIN cases c ON c.id = o.case_id
      WHERE o.at >= ?2 AND c.kind = 'tactical' AND c.action = 'case' AND c.closing_reason IS NOT 'duplicate'
      GROUP BY c.id ORDER BY first, c.number`,
    value,
    since,
  );
}

const answered = (question: string) =>
  `SELECT case_id, answered_at AS at FROM asks
    WHERE kind = 'closer' AND json_extract(answers, '$."${question}"') = ?1`;
