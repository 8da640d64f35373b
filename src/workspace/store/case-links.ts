import type { Sql } from '#domain/base/ports.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { CaseLinkKind, StrategicTrend } from '#domain/json/case-json.ts';
import type { GatheredCases } from '#domain/responses/gather.ts';
import { selectCases } from './cases.ts';
import { personOf } from './customers.ts';
import { columnOf, defineTable, hasRow, pairsOf, singleValue, placesFor } from './table.ts';

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
export function partCases(sql: Sql, { caseId, linkedId, why, at }: Omit<CaseLink, 'kind'>): void {
  const ofKind = 'case_id = ? AND linked_id = ? AND kind = ?';
  sql.run(`DELETE FROM case_links WHERE ${ofKind}`, caseId, linkedId, 'parted');
  links.update(sql, { kind: 'parted', why, at }, ofKind, caseId, linkedId, 'elevated-to');
}

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

const caseResponses = defineTable<{ caseId: string; responseId: string; customerKey: string; at: number }>(
  'case_responses',
  {},
);

/** A case and its linked cases, as a common table `behind`. */
const linkedCases = `WITH behind (id) AS (
  SELECT ?1 UNION SELECT case_id FROM case_links WHERE linked_id = ?1 AND kind = 'elevated-to'
)`;

export function casesOfResponse(sql: Sql, responseId: string): { id: string; number: number; template: string }[] {
  const ofResponse = `SELECT c.id, c.number, c.template FROM case_responses r JOIN cases c ON c.id = r.case_id
     WHERE r.response_id = ? ORDER BY c.number`;
  return sql.all(ofResponse, responseId);
}

/** Other cases of the same responses, oldest first. */
export function listSiblingIds(sql: Sql, caseId: string): string[] {
  const query = `SELECT DISTINCT other.case_id FROM case_responses own JOIN case_responses other USING (response_id)
      WHERE own.case_id = ?1 AND other.case_id <> ?1 ORDER BY other.at, other.case_id LIMIT 20`;
  return columnOf(sql, query, caseId);
}

/** Responses to the newest cases of the same templates, newest first. */
export function listSimilarResponseIds(sql: Sql, responseId: string, limit: number): string[] {
  const query = `SELECT DISTINCT r.response_id FROM (SELECT id FROM cases WHERE template IN
         (SELECT c.template FROM case_responses o JOIN cases c ON c.id = o.case_id WHERE o.response_id = ?1)
         ORDER BY opened_at DESC LIMIT 50) c
       JOIN case_responses r ON r.case_id = c.id WHERE r.response_id <> ?1 ORDER BY r.at DESC LIMIT ?2`;
  return columnOf(sql, query, responseId, limit);
}

export const addResponseToCase = (sql: Sql, caseId: string, responseId: string, customerKey: string, at: number) =>
  caseResponses.insert(sql, { caseId, responseId, customerKey, at }, 'ON CONFLICT (case_id, response_id) DO NOTHING');

export const responseIdsOfCase = (sql: Sql, caseId: string): string[] =>
  columnOf(sql, 'SELECT response_id FROM case_responses WHERE case_id = ? ORDER BY at, response_id', caseId);

/** Responses of a person behind a case, with those of the cases that are elevated to it. */
export const listResponseIdsOfCustomerInCase = (sql: Sql, caseId: string, keys: string[]): string[] =>
  columnOf(
    sql,
    `${linkedCases} SELECT response_id FROM case_responses WHERE case_id IN behind AND customer_key IN (${placesFor(keys)})`,
    caseId,
    ...keys,
  );

export function firstResponseIdOfCase(sql: Sql, caseId: string): string | null {
  const first = `${linkedCases} SELECT response_id FROM case_responses WHERE case_id IN behind
      ORDER BY case_id <> ?1, at, response_id LIMIT 1`;
  return singleValue(sql, first, caseId);
}

export interface AffectedCustomer {
  key: string;
  /** Number of the customer's page. */
  seq: number | null;
  name: string | null;
  tier: string | null;
  revenue: number | null;
  since: number;
}

/** Affected customers with their revenue, in order of arrival, each person by their first key. Customers of linked tactical cases are included. */
export const listAffectedCustomers = (sql: Sql, caseId: string): AffectedCustomer[] =>
  sql.all(
    `${linkedCases} SELECT r.customer_key AS key, c.rowid AS seq, c.name, c.tier, c.revenue, r.since FROM (
       SELECT customer_key, MIN(at) AS since FROM (
         SELECT customer_key, at FROM case_responses WHERE case_id IN behind
         UNION ALL SELECT customer_key, opened_at FROM cases WHERE id IN behind AND customer_key IS NOT NULL
       ) GROUP BY ${personOf('customer_key')}
     ) r LEFT JOIN customers c ON c.key = r.customer_key ORDER BY r.since, r.customer_key`,
    caseId,
  );

export function countCustomersOfCase(sql: Sql, caseId: string): number {
  const count = `${linkedCases} SELECT COUNT(*) FROM (
       SELECT ${personOf('customer_key')} FROM case_responses WHERE case_id IN behind
       UNION SELECT ${personOf('customer_key')} FROM cases WHERE id IN behind AND customer_key IS NOT NULL
     )`;
  return singleValue<number>(sql, count, caseId) ?? 0;
}

/** Responses that joined after an instant; those at the opening count, because deliveries arrive together. */
export function countResponsesJoinedSince(sql: Sql, caseId: string, at: number): number {
  const joined = `SELECT COUNT(*) FROM case_responses WHERE case_id = ?1 AND (at > ?2
       OR (at = ?2 AND at = (SELECT opened_at FROM cases WHERE id = ?1)
         AND rowid > (SELECT MIN(rowid) FROM case_responses WHERE case_id = ?1)))`;
  return singleValue<number>(sql, joined, caseId, at) ?? 0;
}

/** Responses to a case and its linked cases since an instant, and those in as long a time before it. */
export function countRecentResponses(sql: Sql, caseId: string, since: number, now: number): StrategicTrend {
  const query = `${linkedCases} SELECT COALESCE(SUM(at >= ?2), 0) AS recent, COALESCE(SUM(at < ?2), 0) AS before
      FROM case_responses WHERE case_id IN behind AND at >= ?3`;
  return sql.all<StrategicTrend>(query, caseId, since, 2 * since - now)[0] ?? { recent: 0, before: 0 };
}

const submissions = 'FROM case_responses b JOIN responses r ON r.id = b.response_id';

/** Submission of the first response to a case; null without one. */
export const findFirstResponseAt = (sql: Sql, caseId: string): number | null =>
  singleValue(sql, `SELECT MIN(r.submitted_at) ${submissions} WHERE b.case_id = ?`, caseId);

/** Submission of each customer's newest response to a case or its linked cases. */
export function mapNewestResponseAtByCustomer(sql: Sql, caseId: string): Map<string, number> {
  const newest = `${linkedCases} SELECT b.customer_key AS key, MAX(r.submitted_at) AS at ${submissions}
      WHERE b.case_id IN behind GROUP BY b.customer_key`;
  return pairsOf(sql, newest, caseId);
}

/** Instant of a customer's last response to a case; null without one. */
export function findLastResponseAt(sql: Sql, caseId: string, customer: string): number | null {
  const last = `SELECT MAX(r.submitted_at) ${submissions} WHERE b.case_id = ? AND b.customer_key = ?`;
  return singleValue(sql, last, caseId, customer);
}

/** Number and yearly revenue of customers with open cases, each counted once. */
export function sumRevenueAtRisk(sql: Sql): { customers: number; revenue: number } {
  const [sum = { customers: 0, revenue: 0 }] = sql.all<{ customers: number; revenue: number }>(
    `SELECT COUNT(*) AS customers, COALESCE(SUM(c.revenue), 0) AS revenue FROM (
       SELECT b.customer_key AS key FROM cases w CROSS JOIN case_responses b ON b.case_id = w.id
         WHERE w.is_open = 1 AND w.loop = 'working'
       UNION SELECT customer_key FROM cases WHERE is_open = 1 AND loop = 'working' AND +customer_key IS NOT NULL
       UNION SELECT b.customer_key FROM cases w CROSS JOIN case_links l ON l.linked_id = w.id AND l.kind = 'elevated-to'
         CROSS JOIN case_responses b ON b.case_id = l.case_id WHERE w.is_open = 1 AND w.loop = 'working'
     ) k LEFT JOIN customers c ON c.key = k.key`,
  );
  return sum;
}

/** An address that somebody named for the mail of a case to one customer. */
export interface CaseAddress {
  seq: number;
  caseId: string;
  customerKey: string;
  /** Empty for a customer whose first response named none. */
  address: string;
  /** `pinned`: named at the opening. All others wait for a case manager, unless their source proves them. */
  state: 'pinned' | 'waiting' | 'accepted' | 'refused';
  /** Null for an address that a person entered. */
  responseId: string | null;
  at: number;
  decidedAt: number | null;
}

const addresses = defineTable<CaseAddress>('case_addresses', {});

/** @returns false for an address that the case knows already */
export const insertCaseAddress = (sql: Sql, row: Omit<CaseAddress, 'seq'>): boolean =>
  addresses.insert(sql, row, 'ON CONFLICT (case_id, customer_key, address) DO NOTHING');

/** What a case began with for a customer: their first address, of the case or its linked cases. */
export const findFirstAddress = (sql: Sql, caseId: string, customer: string): CaseAddress | null =>
  findAddress(sql, caseId, customer, "state = 'pinned'");

/** The address that gets mail: the one accepted last, else the first one. */
export const findMailAddress = (sql: Sql, caseId: string, customer: string): CaseAddress | null =>
  findAddress(sql, caseId, customer, "state IN ('accepted', 'pinned')");

function findAddress(sql: Sql, caseId: string, customer: string, states: string): CaseAddress | null {
  const ofCustomer = `WHERE seq IN (${linkedCases} SELECT seq FROM case_addresses WHERE case_id IN behind AND customer_key = ?2)
     AND ${states} ORDER BY state, decided_at DESC, at, seq LIMIT 1`;
  return addresses.list(sql, ofCustomer, caseId, customer)[0] ?? null;
}

export const hasPinnedAddress = (sql: Sql, caseId: string, customer: string): boolean =>
  addresses.find(sql, "case_id = ? AND customer_key = ? AND state = 'pinned'", caseId, customer) !== null;

export const listWaitingAddresses = (sql: Sql, caseId: string): CaseAddress[] =>
  addresses.list(sql, "WHERE case_id = ? AND state = 'waiting' ORDER BY seq", caseId);

export const decideWaitingAddress = (sql: Sql, seq: number, state: 'accepted' | 'refused', decidedAt: number): void =>
  addresses.update(sql, { state, decidedAt }, 'seq = ?', seq);

/** Fills in the address of a response that opened a case, once a new reading of the same response shows it. */
export const fillInPinnedAddress = (sql: Sql, responseId: string, address: string): void =>
  addresses.update(sql, { address }, "response_id = ? AND state = 'pinned' AND address = ''", responseId);
