import type { Sql } from '#domain/base/ports.ts';
import type { StrategicTrend } from '#domain/json/case-json.ts';
import { personOf } from './customers.ts';
import { columnOf, defineTable, pairsOf, singleValue } from './table.ts';

const caseResponses = defineTable<{ caseId: string; responseId: string; customerKey: string; at: number }>(
  'case_responses',
  {},
);

/** A case and its linked cases, as a common table `behind`. */
export const linkedCases = `WITH behind (id) AS (
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
