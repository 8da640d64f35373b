import type { Sql } from '#domain/base/ports.ts';
import type { ClosingReason } from '#domain/cases/case-record.ts';
import type { Verdict } from '#domain/cases/verdict.ts';
import type { ClosingVerdict, NamedBlocker } from '#domain/loop/loop-report.ts';
import { defineTable, pairsOf, singleValue } from './table.ts';

type VerdictRow = { customerKey: string; generation: number; verdict: Verdict; why: string; at: number };

const verdicts = defineTable<VerdictRow & { caseId: string }>('verdicts', {});

/** @returns whether the verdict is new or changed */
export function setVerdict(sql: Sql, caseId: string, row: VerdictRow): boolean {
  const onConflict = `ON CONFLICT (case_id, customer_key, generation) DO UPDATE SET verdict = excluded.verdict,
    why = excluded.why, at = excluded.at WHERE verdict <> excluded.verdict`;
  const isChanged = verdicts.insert(sql, { caseId, ...row }, onConflict);
  const disputed = `UPDATE cases SET disputed_generation = (SELECT MAX(generation) FROM verdicts
      WHERE case_id = ?1 AND verdict = 'disputed') WHERE id = ?1`;
  if (isChanged) sql.run(disputed, caseId);
  return isChanged;
}

export const listVerdicts = (sql: Sql, caseId: string): VerdictRow[] =>
  verdicts.list(sql, 'WHERE case_id = ? ORDER BY generation, at', caseId).map(({ caseId: _, ...row }) => row);

/** Number of customers per verdict of one closing. */
export function countVerdicts(sql: Sql, caseId: string, generation: number): Partial<Record<Verdict, number>> {
  const count = 'SELECT verdict, COUNT(*) AS count FROM verdicts WHERE case_id = ? AND generation = ? GROUP BY verdict';
  return Object.fromEntries(pairsOf<Verdict, number>(sql, count, caseId, generation));
}

export interface StoredClosing {
  caseId: string;
  number: number;
  kind: 'tactical' | 'strategic';
  category: string;
  team: string;
  generation: number;
  /** Current generation of the case: an older closing did not last. */
  current: number;
  reason: ClosingReason;
  who: string;
  at: number;
  startedAt: number;
  dueAt: number;
  firstContactAt: number | null;
  comments: number;
}

const closing = `SELECT c.id AS caseId, c.number, c.kind, c.category, c.team, t.generation, c.generation AS current,
    SUBSTR(t.what, 11) AS reason, t.who, t.at, c.due_at AS dueAt, c.first_contact_at AS firstContactAt,
    COALESCE((SELECT MAX(r.at) FROM timeline r WHERE r.case_id = c.id AND r.what = 'reopened' AND r.generation < t.generation),
      c.opened_at) AS startedAt,
    (SELECT COUNT(*) FROM commands k WHERE k.case_id = c.id) + (SELECT COUNT(*) FROM timeline n
      WHERE n.case_id = c.id AND n.what IN ('closing asked for', 'commented')) AS comments
  FROM timeline t JOIN cases c ON c.id = t.case_id`;

export const closingsOfCase = (sql: Sql, caseId: string): StoredClosing[] =>
  sql.all<StoredClosing>(`${closing} WHERE t.case_id = ? AND t.what LIKE 'closed as %' ORDER BY t.seq`, caseId);

/** Closings within a period, newest first. */
export function listClosingsBetween(sql: Sql, from: number, to: number, limit: number): StoredClosing[] {
  const query = `${closing} WHERE t.at >= ? AND t.at < ? AND t.what LIKE 'closed as %'
      ORDER BY t.at DESC, t.seq DESC LIMIT ?`;
  return sql.all<StoredClosing>(query, from, to, limit);
}

/** Number of other cases that the closer closed within `ms` of an instant. */
export function countClosingsByCloserNearby(
  sql: Sql,
  { caseId, who, at }: Pick<StoredClosing, 'caseId' | 'who' | 'at'>,
  within: number,
): number {
  const others = `SELECT COUNT(DISTINCT case_id) FROM timeline
      WHERE at BETWEEN ? AND ? AND what LIKE 'closed as %' AND who = ? AND case_id <> ?`;
  return singleValue<number>(sql, others, at - within, at + within, who, caseId) ?? 0;
}

/** Time from the mail to the first customer's answer, in milliseconds; null without an answer. */
export function findFirstAnswerDelayMs(
  sql: Sql,
  { caseId, generation }: Pick<StoredClosing, 'caseId' | 'generation'>,
): number | null {
  const first = `SELECT MIN(f.answered_at - m.ended_at) FROM asks f
       JOIN mails m ON m.ask_id = COALESCE(f.merged_into, f.id) AND m.kind = 'follow-up' AND m.state = 'sent'
      WHERE f.case_id = ? AND f.generation = ? AND f.kind = 'customer' AND f.answered_at IS NOT NULL`;
  return singleValue(sql, first, caseId, generation);
}

const buildAnsweredFollowUpSql = (kind: string) =>
  `f.case_id = v.case_id AND f.generation = v.generation AND f.kind = '${kind}' AND f.state = 'answered'`;

/** Verdicts within a period, with both sides' answers. */
export function listVerdictsBetween(sql: Sql, from: number, to: number): ClosingVerdict[] {
  const query = `SELECT v.verdict,
       (SELECT json_extract(f.answers, '$.resolved') FROM asks f WHERE ${buildAnsweredFollowUpSql('customer')}
          AND f.person = v.customer_key LIMIT 1) AS customer,
       (SELECT json_extract(f.answers, '$.closed') FROM asks f WHERE ${buildAnsweredFollowUpSql('closer')}
          ORDER BY f.answered_at DESC LIMIT 1) AS closer
     FROM verdicts v WHERE v.at >= ? AND v.at < ?`;
  return sql.all(query, from, to);
}

/** Blockers that closers named within a period; the newest answer of each. */
export const listBlockersNamedBetween = (sql: Sql, from: number, to: number): NamedBlocker[] =>
  sql
    .all<Omit<NamedBlocker, 'isKnownGap'> & { gap: number }>(
      `SELECT json_extract(f.answers, '$.blocker') AS blocker, c.category, c.team, COALESCE(c.revenue, 0) AS revenue,
         (SELECT COUNT(DISTINCT r.customer_key) FROM case_responses r WHERE r.case_id = c.id) AS customers,
         EXISTS (SELECT 1 FROM verdicts v WHERE v.case_id = f.case_id AND v.generation = f.generation
           AND v.verdict = 'known-gap') AS gap
       FROM asks f JOIN cases c ON c.id = f.case_id
      WHERE f.kind = 'closer' AND f.answered_at >= ? AND f.answered_at < ? AND json_extract(f.answers, '$.blocker') IS NOT NULL`,
      from,
      to,
    )
    .map(({ gap, ...row }) => ({ ...row, isKnownGap: gap === 1 }));
