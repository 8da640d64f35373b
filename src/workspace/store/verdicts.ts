import type { Sql } from '#domain/base/ports.ts';
import type { Verdict } from '#domain/cases/verdict.ts';
import { defineTable, pairsOf } from './table.ts';

export interface VerdictRow {
  customerKey: string;
  generation: number;
  verdict: Verdict;
  why: string;
  at: number;
}

const verdicts = defineTable<VerdictRow & { caseId: string }>('verdicts', {});

/** @returns whether the verdict is new or changed */
export function setVerdict(sql: Sql, caseId: string, row: VerdictRow): boolean {
  const onConflict = `ON CONFLICT (case_id, customer_key, generation) DO UPDATE SET verdict = excluded.verdict,
    why = excluded.why, at = excluded.at WHERE verdict <> excluded.verdict`;
  return verdicts.insert(sql, { caseId, ...row }, onConflict);
}

export const listVerdicts = (sql: Sql, caseId: string): VerdictRow[] =>
  verdicts.list(sql, 'WHERE case_id = ? ORDER BY generation, at', caseId).map(({ caseId: _, ...row }) => row);

/** Number of customers per verdict of one closing. */
export function countVerdicts(sql: Sql, caseId: string, generation: number): Partial<Record<Verdict, number>> {
  const count = 'SELECT verdict, COUNT(*) AS count FROM verdicts WHERE case_id = ? AND generation = ? GROUP BY verdict';
  return Object.fromEntries(pairsOf<Verdict, number>(sql, count, caseId, generation));
}
