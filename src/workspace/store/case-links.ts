import type { casework, feedback, json } from '../core.ts';
import { cases } from './cases.ts';
import { personOf } from './customers.ts';
import { columnOf, defineTable, query, type Sql } from './table.ts';

export type CaseLink = { caseId: string; linkedId: string; kind: json.CaseLinkKind; why: string; at: number };

export const caseLinks = defineTable<CaseLink>('case_links', {}, { order: 'at, rowid' });

/** @returns false for an existing link, in either direction */
export function insertCaseLink(sql: Sql, link: CaseLink): boolean {
  if (isLinked(sql, link)) return false;
  caseLinks.insert(sql, link);
  return true;
}

const isLinked = query.has<[link: CaseLink]>`SELECT 1 FROM case_links
  WHERE kind = @kind AND case_id IN (@caseId, @linkedId) AND linked_id IN (@caseId, @linkedId)`;

/** All links of a case, in both directions, oldest first. */
export const listCaseLinks = caseLinks.rows<[caseId: string]>`WHERE case_id = ?1 OR linked_id = ?1 ORDER BY at, rowid`;

/** Ends the link of a tactical case to a strategic one; the row stays, so that no rule links them again. */
export function partCases(sql: Sql, { caseId, linkedId, why, at }: Omit<CaseLink, 'kind'>): void {
  caseLinks.delete(sql, { caseId, linkedId, kind: 'parted' });
  caseLinks.update(sql, { caseId, linkedId, kind: 'elevated-to' }, { kind: 'parted', why, at });
}

/** Strategic cases that a case was taken out of. */
export const listPartedCases = cases.rows<[caseId: string]>`
  JOIN case_links l ON l.linked_id = cases.id WHERE l.case_id = ? AND l.kind = 'parted'`;

/** The case that a case repeats; null where it repeats none. */
export const findOriginalId = query.value<string, [caseId: string]>`
  SELECT linked_id FROM case_links WHERE case_id = ? AND kind = 'duplicate-of'`;

/** Makes a case a duplicate of this one only. */
export function setOriginal(sql: Sql, caseId: string, originalId: string, at: number): void {
  clearOriginal(sql, caseId);
  caseLinks.insert(sql, { caseId, linkedId: originalId, kind: 'duplicate-of', why: 'the same problem', at });
}

export const clearOriginal = (sql: Sql, caseId: string): void =>
  caseLinks.delete(sql, { caseId, kind: 'duplicate-of' });

/** Tactical cases with a value since an instant; a duplicate counts through its original only. */
export function listTacticalCaseIds(sql: Sql, { field, value }: feedback.GatheredCases, since: number): string[] {
  const occurred = {
    category: 'SELECT id AS case_id, opened_at AS at FROM cases WHERE category = ?1',
    'root-cause': `${answered('root-cause')}
      UNION ALL SELECT id, opened_at FROM cases WHERE root_cause = ?1 AND opened_at >= ?2`,
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

export const caseResponses = defineTable<{ caseId: string; responseId: string; customerKey: string; at: number }>(
  'case_responses',
  {},
);

/** A case and its linked cases, as a common table `behind`. */
const linkedCases = `WITH behind (id) AS (
  SELECT ?1 UNION SELECT case_id FROM case_links WHERE linked_id = ?1 AND kind = 'elevated-to'
)`;

export const casesOfResponse = query.rows<{ id: string; number: number; template: string }, [responseId: string]>`
  SELECT c.id, c.number, c.template FROM case_responses r JOIN cases c ON c.id = r.case_id
    WHERE r.response_id = ? ORDER BY c.number`;

/** Other cases of the same responses, oldest first. */
export const listSiblingIds = query.column<string, [caseId: string]>`
  SELECT DISTINCT other.case_id FROM case_responses own JOIN case_responses other USING (response_id)
    WHERE own.case_id = ?1 AND other.case_id <> ?1 ORDER BY other.at, other.case_id LIMIT 20`;

/** Responses to the newest cases of the same templates, newest first. */
export const listSimilarResponseIds = query.column<string, [responseId: string, limit: number]>`
  SELECT DISTINCT r.response_id FROM (SELECT id FROM cases WHERE template IN
      (SELECT c.template FROM case_responses o JOIN cases c ON c.id = o.case_id WHERE o.response_id = ?1)
      ORDER BY opened_at DESC LIMIT 50) c
    JOIN case_responses r ON r.case_id = c.id WHERE r.response_id <> ?1 ORDER BY r.at DESC LIMIT ?2 + 0`;

export const responseIdsOfCase = query.column<string, [caseId: string]>`
  SELECT response_id FROM case_responses WHERE case_id = ? ORDER BY at, response_id`;

export const listNewestResponseIds = query.column<string, [caseId: string, limit: number]>`
  SELECT response_id FROM case_responses WHERE case_id = ? ORDER BY at DESC, response_id DESC LIMIT ? + 0`;

/** Responses of a person behind a case, with those of the cases that are elevated to it. */
export const listResponseIdsOfCustomerInCase = query.column<string, [caseId: string, keys: string[]]>`
  ${linkedCases} SELECT response_id FROM case_responses
    WHERE case_id IN behind AND customer_key IN (SELECT value FROM json_each(?2))`;

export const firstResponseIdOfCase = query.value<string, [caseId: string]>`
  ${linkedCases} SELECT response_id FROM case_responses WHERE case_id IN behind
    ORDER BY case_id <> ?1, at, response_id LIMIT 1`;

export interface AffectedCustomer {
  key: string;
  seq: number | null;
  name: string | null;
  tier: string | null;
  revenue: number | null;
  since: number;
}

/** Affected customers with their revenue, in order of arrival, each person by their first key. Customers of linked tactical cases are included. */
export const listAffectedCustomers = query.rows<AffectedCustomer, [caseId: string]>`
  ${linkedCases} SELECT r.customer_key AS key, c.rowid AS seq, c.name, c.tier, c.revenue, r.since FROM (
      SELECT customer_key, MIN(at) AS since FROM (
        SELECT customer_key, at FROM case_responses WHERE case_id IN behind
        UNION ALL SELECT customer_key, opened_at FROM cases WHERE id IN behind AND customer_key IS NOT NULL
      ) GROUP BY ${personOf('customer_key')}
    ) r LEFT JOIN customers c ON c.key = r.customer_key ORDER BY r.since, r.customer_key`;

/** Number of affected people, up to a bound. */
export const countCustomersOfCase = query.number<[caseId: string, most: number]>`${linkedCases} SELECT COUNT(*) FROM (
    SELECT ${personOf('customer_key')} FROM case_responses WHERE case_id IN behind
    UNION SELECT ${personOf('customer_key')} FROM cases WHERE id IN behind AND customer_key IS NOT NULL LIMIT ?2 + 0
  )`;

/** Whether a person with these keys is affected by a case. */
export const isAffected = query.has<[caseId: string, keys: string[]]>`${linkedCases}
  SELECT 1 FROM case_responses WHERE case_id IN behind AND customer_key IN (SELECT value FROM json_each(?2))
  UNION ALL SELECT 1 FROM cases WHERE id IN behind AND customer_key IN (SELECT value FROM json_each(?2))`;

/** Verdicts of the customers who still belong to a case. */
export const countVerdicts = query.pairs<casework.Verdict, number, [caseId: string, generation: number]>`${linkedCases}
  SELECT verdict, COUNT(*) AS count FROM verdicts WHERE case_id = ?1 AND generation = ?2 AND customer_key IN (
      SELECT customer_key FROM case_responses WHERE case_id IN behind
      UNION ALL SELECT customer_key FROM cases WHERE id IN behind) GROUP BY verdict`;

/** Responses that joined after an instant; those at the opening count, because deliveries arrive together. */
export const countResponsesJoinedSince = query.number<[caseId: string, at: number]>`
  SELECT COUNT(*) FROM case_responses WHERE case_id = ?1 AND (at > ?2
    OR (at = ?2 AND at = (SELECT opened_at FROM cases WHERE id = ?1)
      AND rowid > (SELECT MIN(rowid) FROM case_responses WHERE case_id = ?1)))`;

/** Responses to a case and its linked cases since an instant, and those in as long a time before it. */
export const countRecentResponses = query.sums<json.StrategicTrend, [caseId: string, since: number, now: number]>`
  ${linkedCases} SELECT COALESCE(SUM(at >= ?2), 0) AS recent, COALESCE(SUM(at < ?2), 0) AS before
    FROM case_responses WHERE case_id IN behind AND at >= 2 * ?2 - ?3`;

const submissions = 'FROM case_responses b JOIN responses r ON r.id = b.response_id';

/** Submission of the first response to a case; null without one. */
export const findFirstResponseAt = query.value<number, [caseId: string]>`
  SELECT MIN(r.submitted_at) ${submissions} WHERE b.case_id = ?`;

/** Submission of each customer's newest response to a case or its linked cases. */
export const mapNewestResponseAtByCustomer = query.pairs<string, number, [caseId: string]>`
  ${linkedCases} SELECT b.customer_key AS key, MAX(r.submitted_at) AS at ${submissions}
    WHERE b.case_id IN behind GROUP BY b.customer_key`;

/** Instant of a customer's last response to a case; null without one. */
export const findLastResponseAt = query.value<number, [caseId: string, customer: string]>`
  SELECT MAX(r.submitted_at) ${submissions} WHERE b.case_id = ? AND b.customer_key = ?`;

/** Number and yearly revenue of customers with open cases, each person counted once. */
export const sumRevenueAtRisk = query.sums<{ customers: number; revenue: number }>`
  SELECT COUNT(*) AS customers, COALESCE(SUM(revenue), 0) AS revenue FROM (SELECT MAX(c.revenue) AS revenue FROM (
      SELECT b.customer_key AS key FROM cases w CROSS JOIN case_responses b ON b.case_id = w.id
        WHERE w.is_open = 1 AND w.loop = 'working'
      UNION SELECT customer_key FROM cases WHERE is_open = 1 AND loop = 'working' AND +customer_key IS NOT NULL
      UNION SELECT b.customer_key FROM cases w CROSS JOIN case_links l ON l.linked_id = w.id AND l.kind = 'elevated-to'
        CROSS JOIN case_responses b ON b.case_id = l.case_id WHERE w.is_open = 1 AND w.loop = 'working'
    ) k LEFT JOIN customers c ON c.key = k.key GROUP BY ${personOf('k.key')})`;

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

export const caseAddresses = defineTable<CaseAddress>('case_addresses', {}, { order: 'seq' });

const addressOf = (states: string) => caseAddresses.row<[caseId: string, customer: string]>`
  WHERE seq IN (${linkedCases} SELECT seq FROM case_addresses WHERE case_id IN behind AND customer_key = ?2)
    AND ${states} ORDER BY state, decided_at DESC, at, seq LIMIT 1`;

/** What a case began with for a customer: their first address, of the case or its linked cases. */
export const findFirstAddress = addressOf("state = 'pinned'");

/** The address that gets mail: the one accepted last, else the first one. */
export const findMailAddress = addressOf("state IN ('accepted', 'pinned')");
