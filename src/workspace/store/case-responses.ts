import type { Sql } from '#domain/ports.ts';

/** The cases that a response stands behind. */
export function casesBehind(
  sql: Sql,
  responseId: string,
): { id: string; number: number; template: string }[] {
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

/** Customers behind a case, first come first, with the revenue that stands with each. */
export function customersOfCase(
  sql: Sql,
  caseId: string,
): { key: string; tier: string | null; revenue: number | null }[] {
  return sql.all<{ key: string; tier: string | null; revenue: number | null }>(
    `SELECT r.customer_key AS key, c.tier, c.revenue FROM (
       SELECT customer_key, MIN(at) AS first FROM (
         SELECT customer_key, at FROM case_responses WHERE case_id = ?
         UNION ALL SELECT customer_key, opened_at FROM cases WHERE id = ? AND customer_key IS NOT NULL
       ) GROUP BY customer_key
     ) r LEFT JOIN customers c ON c.key = r.customer_key ORDER BY r.first, r.customer_key`,
    caseId,
    caseId,
  );
}
