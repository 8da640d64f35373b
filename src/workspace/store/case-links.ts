import type { Sql } from '#domain/base/ports.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { CaseLinkKind } from '#domain/json/case-json.ts';
import type { GatheredCases } from '#domain/responses/gather.ts';
import { selectCases } from './cases.ts';
import { columnOf, defineTable, hasRow, singleValue } from './table.ts';

/** Link from a duplicate to its original, from a tactical case to a strategic one, or between related cases. */
export type CaseLink = { caseId: string; linkedId: string; kind: CaseLinkKind; why: string; at: number };

const links = defineTable<CaseLink>('case_links', {});

/** @returns false for an existing link, in either direction */
export function insertCaseLink(sql: Sql, link: CaseLink): boolean {
  const existing = 'SELECT 1 FROM case_links WHERE kind = ?1 AND case_id IN (?2, ?3) AND linked_id IN (?2, ?3)';
  if (hasRow(sql, existing, link.kind, link.caseId, link.linkedId)) return false;
  links.insert(sql, link);
  return true;
}

/** All links of a case, in both directions, oldest first. */
export const listCaseLinks = (sql: Sql, caseId: string): CaseLink[] =>
  links.list(sql, 'WHERE case_id = ?1 OR linked_id = ?1 ORDER BY at, rowid', caseId);

/** Ends the link of a tactical case to a strategic one; the row stays, so that no rule links them again. */
export const partCases = (sql: Sql, { caseId, linkedId, why, at }: Omit<CaseLink, 'kind'>): void =>
  links.update(sql, { kind: 'parted', why, at }, 'case_id = ? AND linked_id = ?', caseId, linkedId);

/** Strategic cases that a case was taken out of. */
export const listPartedCases = (sql: Sql, caseId: string): Case[] =>
  selectCases(sql, "JOIN case_links l ON l.linked_id = cases.id WHERE l.case_id = ? AND l.kind = 'parted'", caseId);

/** Links of tactical cases to a strategic one. */
export const listElevatedCases = (sql: Sql, strategicId: string): CaseLink[] =>
  links.list(sql, "WHERE linked_id = ? AND kind = 'elevated-to' ORDER BY at, rowid", strategicId);

export const listLinksToStrategicCases = (sql: Sql, caseId: string): CaseLink[] =>
  links.list(sql, "WHERE case_id = ? AND kind = 'elevated-to' ORDER BY at, rowid", caseId);

/** The case that a case repeats; null where it repeats none. */
export const findOriginalId = (sql: Sql, caseId: string): string | null =>
  singleValue(sql, "SELECT linked_id FROM case_links WHERE case_id = ? AND kind = 'duplicate-of'", caseId);

/** Makes a case a duplicate of this one only. */
export function setOriginal(sql: Sql, caseId: string, originalId: string, at: number): void {
  clearOriginal(sql, caseId);
  links.insert(sql, { caseId, linkedId: originalId, kind: 'duplicate-of', why: 'the same problem', at });
}

export const clearOriginal = (sql: Sql, caseId: string): void =>
  sql.run("DELETE FROM case_links WHERE case_id = ? AND kind = 'duplicate-of'", caseId);

/** Tactical cases with a value since an instant; a duplicate counts through its original only. */
export function listTacticalCaseIds(sql: Sql, { field, value }: GatheredCases, since: number): string[] {
  const occurred = {
    category: 'SELECT id AS case_id, opened_at AS at FROM cases WHERE category = ?1',
    'root-cause': answered('root-cause'),
    blocker: answered('blocker'),
    verdict: 'SELECT case_id, at FROM verdicts WHERE verdict = ?1',
  }[field];
  const query = `SELECT c.id, MIN(o.at) AS first FROM (${occurred}) o JOIN cases c ON c.id = o.case_id
      WHERE o.at >= ?2 AND c.kind = 'tactical' AND c.action = 'case' AND c.closing_reason IS NOT 'duplicate'
      GROUP BY c.id ORDER BY first, c.number`;
  return columnOf(sql, query, value, since);
}

const answered = (question: string) =>
  `SELECT case_id, answered_at AS at FROM asks
    WHERE kind = 'closer' AND json_extract(answers, '$."${question}"') = ?1`;
