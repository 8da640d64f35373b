import type { Sql } from '#domain/base/ports.ts';

export function casesOfResponse(sql: Sql, responseId: string): { id: string; number: number; template: string }[] {
  return sql.all<{ id: string; number: number; template: string }>(
    `SELECT c.id, c.number, c.template FROM case_responses r JOIN cases c ON c.id = r.case_id
     WHERE r.response_id = ? ORDER BY c.number`,
    responseId,
  );
}

export function addCaseResponse(
  sql: Sql,
  caseId: string,
  responseId: string,
  customerKey: string,
  at: number,
): boolean {
  return (
    sql.all(
      `INSERT INTO case_responses (case_id, response_id, customer_key, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (case_id, response_id) DO NOTHING RETURNING at`,
      caseId,
      responseId,
      customerKey,
      at,
    ).length > 0
  );
}

export function responsesOfCase(sql: Sql, caseId: string): string[] {
  return sql
    .all<{ response_id: string }>(
      'SELECT response_id FROM case_responses WHERE case_id = ? ORDER BY at, response_id',
      caseId,
    )
    .map(({ response_id }) => response_id);
}

export function firstResponseOf(sql: Sql, caseId: string): string | null {
  const [row] = sql.all<{ id: string }>(
    `SELECT response_id AS id FROM case_responses WHERE case_id = ?1
        OR case_id IN (SELECT linked_id FROM case_links WHERE case_id = ?1 AND kind = 'elevated')
      ORDER BY case_id <> ?1, at, response_id LIMIT 1`,
    caseId,
  );
  return row?.id ?? null;
}

/**
 * Origin of a case for one customer: their first response to it or to its linked cases, or a person with the address
 * that they gave. Null without an origin.
 */
export function openedFor(
  sql: Sql,
  caseId: string,
  customer: string,
): { responseId: string | null; address: string | null } | null {
  const [row] = sql.all<{ responseId: string | null; address: string | null }>(
    `WITH behind (id) AS (
       SELECT ?1 UNION SELECT linked_id FROM case_links WHERE case_id = ?1 AND kind = 'elevated'
     )
     SELECT responseId, address FROM (
       SELECT NULL AS responseId, hand_address AS address, opened_at AS at, 0 AS turn FROM cases
        WHERE id IN behind AND customer_key = ?2 AND hand_address IS NOT NULL
       UNION ALL SELECT response_id, NULL, at, rowid FROM case_responses
        WHERE case_id IN behind AND customer_key = ?2
     ) ORDER BY at, turn LIMIT 1`,
    caseId,
    customer,
  );
  return row ?? null;
}

export interface CaseCustomer {
  key: string;
  tier: string | null;
  revenue: number | null;
  since: number;
}

/** Affected customers with their revenue, in order of arrival. Customers of linked tactical cases are included. */
export function customersOfCase(sql: Sql, caseId: string): CaseCustomer[] {
  return sql.all<{ key: string; tier: string | null; revenue: number | null; since: number }>(
    `WITH behind (id) AS (
       SELECT ?1 UNION SELECT linked_id FROM case_links WHERE case_id = ?1 AND kind = 'elevated'
     )
     SELECT r.customer_key AS key, c.tier, c.revenue, r.since FROM (
       SELECT customer_key, MIN(at) AS since FROM (
         SELECT customer_key, at FROM case_responses WHERE case_id IN behind
         UNION ALL SELECT customer_key, opened_at FROM cases WHERE id IN behind AND customer_key IS NOT NULL
       ) GROUP BY customer_key
     ) r LEFT JOIN customers c ON c.key = r.customer_key ORDER BY r.since, r.customer_key`,
    caseId,
  );
}

export function countCustomersOfCase(sql: Sql, caseId: string): number {
  const [row] = sql.all<{ count: number }>(
    `WITH behind (id) AS (
       SELECT ?1 UNION SELECT linked_id FROM case_links WHERE case_id = ?1 AND kind = 'elevated'
     )
     SELECT COUNT(*) AS count FROM (
       SELECT customer_key FROM case_responses WHERE case_id IN behind
       UNION SELECT customer_key FROM cases WHERE id IN behind AND customer_key IS NOT NULL
     )`,
    caseId,
  );
  return row?.count ?? 0;
}

/**
 * Number of responses that joined a case after an instant. Responses at the instant of opening count as joined, because
 * deliveries that arrive together are processed together and only the first one opened it.
 */
export function joinedSince(sql: Sql, caseId: string, at: number): number {
  const [row] = sql.all<{ count: number }>(
    `SELECT COUNT(*) AS count FROM case_responses WHERE case_id = ?1 AND (at > ?2
       OR (at = ?2 AND at = (SELECT opened_at FROM cases WHERE id = ?1)
         AND rowid > (SELECT MIN(rowid) FROM case_responses WHERE case_id = ?1)))`,
    caseId,
    at,
  );
  return row?.count ?? 0;
}

/** Submission of the first response to a case; null without one. */
export function firstResponseAt(sql: Sql, caseId: string): number | null {
  const [row] = sql.all<{ at: number | null }>(
    `SELECT MIN(r.submitted_at) AS at FROM case_responses b JOIN responses r ON r.id = b.response_id
      WHERE b.case_id = ?`,
    caseId,
  );
  return row?.at ?? null;
}

/** Submission of each customer's newest response to a case or its linked cases. */
export function newestResponses(sql: Sql, caseId: string): Map<string, number> {
  const rows = sql.all<{ key: string; at: number }>(
    `SELECT b.customer_key AS key, MAX(r.submitted_at) AS at FROM case_responses b JOIN responses r ON r.id = b.response_id
      WHERE b.case_id = ?1 OR b.case_id IN (SELECT linked_id FROM case_links WHERE case_id = ?1 AND kind = 'elevated')
      GROUP BY b.customer_key`,
    caseId,
  );
  return new Map(rows.map(({ key, at }) => [key, at]));
}

/** Number and yearly revenue of customers with open cases, each counted once. */
export function customersAtRisk(sql: Sql): { customers: number; revenue: number } {
  const [row] = sql.all<{ customers: number; revenue: number }>(
    `SELECT COUNT(*) AS customers, COALESCE(SUM(c.revenue), 0) AS revenue FROM (
       SELECT b.customer_key AS key FROM case_responses b JOIN cases w ON w.id = b.case_id AND w.loop = 'working'
       UNION SELECT customer_key FROM cases WHERE loop = 'working' AND customer_key IS NOT NULL
       UNION SELECT b.customer_key FROM case_links l JOIN cases w ON w.id = l.case_id AND w.loop = 'working'
         JOIN case_responses b ON b.case_id = l.linked_id WHERE l.kind = 'elevated'
     ) k LEFT JOIN customers c ON c.key = k.key`,
  );
  return { customers: row?.customers ?? 0, revenue: row?.revenue ?? 0 };
}
/** Instant of a customer's last response to a case; null without one. */
export function lastDeliveryOf(sql: Sql, caseId: string, customer: string): number | null {
  const [row] = sql.all<{ at: number | null }>(
    `SELECT MAX(r.submitted_at) AS at FROM case_responses b JOIN responses r ON r.id = b.response_id
      WHERE b.case_id = ? AND b.customer_key = ?`,
    caseId,
    customer,
  );
  return row?.at ?? null;
}
