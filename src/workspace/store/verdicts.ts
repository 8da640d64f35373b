import type { Sql } from '#domain/base/ports.ts';
import type { Verdict } from '#domain/cases/verdict.ts';

export interface VerdictRow {
  customerKey: string;
  generation: number;
  verdict: Verdict;
  why: string;
  at: number;
}

/** @returns whether the verdict is new or changed */
export function setVerdict(sql: Sql, caseId: string, row: VerdictRow): boolean {
  return (
    sql.all(
      `INSERT INTO verdicts (case_id, customer_key, generation, verdict, why, at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (case_id, customer_key, generation) DO UPDATE SET verdict = excluded.verdict, why = excluded.why, at = excluded.at
       WHERE verdict <> excluded.verdict RETURNING at`,
      caseId,
      row.customerKey,
      row.generation,
      row.verdict,
      row.why,
      row.at,
    ).length > 0
  );
}

export function verdictsOf(sql: Sql, caseId: string): VerdictRow[] {
  return sql.all<{ customerKey: string; generation: number; verdict: Verdict; why: string; at: number }>(
    `SELECT customer_key AS customerKey, generation, verdict, why, at FROM verdicts WHERE case_id = ? ORDER BY generation, at`,
    caseId,
  );
}

/** Number of customers per verdict of one closing. */
export function countVerdicts(sql: Sql, caseId: string, generation: number): Partial<Record<Verdict, number>> {
  const rows = sql.all<{ verdict: Verdict; count: number }>(
    'SELECT verdict, COUNT(*) AS count FROM verdicts WHERE case_id = ? AND generation = ? GROUP BY verdict',
    caseId,
    generation,
  );
  return Object.fromEntries(rows.map(({ verdict, count }) => [verdict, count]));
}
