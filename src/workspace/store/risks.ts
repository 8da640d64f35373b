import type { Case, reports, ScoreKind } from '../core.ts';
import { defineTable, query, type Sql, sumsOf } from './table.ts';

export type DatedScore = { kind: ScoreKind; at: number; question: string; score: number; highest: number };

const mostResponsesRead = 200;

/** Scores of a person's newest responses, oldest first. */
export const listScoresOfPerson = (sql: Sql, keys: string[]): DatedScore[] =>
  keys
    .flatMap((key) => listScores(sql, key))
    .reverse()
    .sort((one, other) => one.at - other.at);

const listScores = query.rows<DatedScore, [key: string]>`
  SELECT s.kind, s.at, json_array(s.source, s.form, s.question) AS question, s.score, COALESCE(q.highest, 0) AS highest
    FROM (SELECT id FROM responses WHERE customer_key = ? ORDER BY seq DESC LIMIT ${mostResponsesRead}) r
    JOIN scores s ON s.response_id = r.id
    LEFT JOIN questions q ON q.source = s.source AND q.form = s.form AND q.id = s.question`;

type CaseOfPerson = Pick<Case, 'id' | 'number' | 'openedAt' | 'resolvedAt'> & {
  stage: string;
  isOpen: number;
  isDisputed: number;
};

/** Tactical cases of a person, oldest first. */
export const listCasesOfPerson = query.rows<CaseOfPerson, [keys: string[]]>`
  SELECT id, number, stage, opened_at AS openedAt, CASE WHEN loop <> 'working' THEN resolved_at END AS resolvedAt,
      is_open AS isOpen, is_disputed AS isDisputed FROM cases
    WHERE customer_key IN (SELECT value FROM json_each(?)) AND kind = 'tactical' ORDER BY number`;

export interface CaseScores {
  caseId: string;
  kind: ScoreKind;
  before: number;
  after: number | null;
  afterAt: number | null;
}

export const caseScores = defineTable<CaseScores>('case_scores', {});

export const putCaseScores = (sql: Sql, scores: CaseScores): boolean =>
  caseScores.insert(
    sql,
    scores,
    `ON CONFLICT (case_id, kind) DO UPDATE SET before = excluded.before, after = excluded.after,
       after_at = excluded.after_at WHERE before <> excluded.before OR after_at IS NOT excluded.after_at`,
  );

/** Columns of `Moments` of a value. */
export const momentsSql = (value: string): string =>
  `COUNT(*) AS count, COALESCE(SUM(${value}), 0) AS sum, COALESCE(SUM((${value}) * (${value})), 0) AS squares`;

/** Scores before cases and after them, of cases whose score after came within a period, with the change of each. */
export function sumCaseScores(sql: Sql, kind: ScoreKind, from: number, to: number) {
  const momentsOf = (value: string): reports.Moments => {
    const scores = 'FROM case_scores WHERE kind = ? AND after IS NOT NULL AND after_at >= ? AND after_at < ?';
    return sumsOf(sql, `SELECT ${momentsSql(value)} ${scores}`, kind, from, to);
  };
  return { before: momentsOf('before'), after: momentsOf('after'), change: momentsOf('after - before') };
}

/** A person's newest response; null without one. */
export const findLastResponseOfPerson = (sql: Sql, keys: string[]): { id: string; at: number } | null =>
  keys.flatMap((key) => listNewest(sql, key)).sort((one, other) => other.at - one.at)[0] ?? null;

const listNewest = query.rows<{ id: string; at: number }, [key: string]>`
  SELECT id, submitted_at AS at FROM responses WHERE customer_key = ? ORDER BY submitted_at DESC, seq DESC LIMIT 1`;

export interface CustomerRisk {
  seq: number;
  customerKey: string;
  reasons: reports.RiskReason[];
  since: number | null;
  noticedAt: number | null;
}

export const customerRisks = defineTable<CustomerRisk>('customer_risks', { reasons: 'json' }, { key: 'customer_key' });

/** Customers at risk, those of late first. */
export const listRisks = customerRisks.rows<[since: number, seq: number, limit: number]>`
  WHERE since IS NOT NULL AND (since, seq) < (?, ?) ORDER BY since DESC, seq DESC LIMIT ? + 0`;

/** Customers who may be at risk by now, or no longer, after a row of customers. */
export const listCustomersToWatch = query.rows<
  { row: number; key: string },
  [of: { after: number; since: number; today: string; until: string; limit: number }]
>`
  SELECT rowid AS row, key FROM customers WHERE rowid > @after AND key IN (
      SELECT customer_key FROM cases WHERE is_disputed = 1
      UNION SELECT customer_key FROM cases WHERE stage = 'unverified' AND resolved_at >= @since
      UNION SELECT customer_key FROM customer_attributes WHERE name = 'renewal' AND value BETWEEN @today AND @until
      UNION SELECT customer_key FROM customer_risks WHERE since IS NOT NULL)
    ORDER BY rowid LIMIT @limit + 0`;
