import type { ClosingVerdict, NamedBlocker } from '#domain/loop/loop-report.ts';
import type { Moments } from '#domain/reports/figure.ts';
import { valueScore } from '#domain/reports/report.ts';
import { type Case, casework, type ClosingReason, hourMs, type ScoreKind } from '../core.ts';
import { answeredVerdictsSql, buildNarrowing, type CaseConditions, columnOfFacet } from './case-filter.ts';
import { filterByAttributes } from './customers.ts';
import { momentsSql } from './risks.ts';
import { defineTable, query, type Sql, type SqlValue, sumsOf } from './table.ts';

type VerdictRow = { customerKey: string; generation: number; verdict: casework.Verdict; why: string; at: number };

export const verdicts = defineTable<VerdictRow & { caseId: string }>('verdicts', {}, { order: 'generation, at' });

/** An equal verdict keeps its time and takes the new reason. @returns whether the verdict is new or changed */
export function setVerdict(sql: Sql, caseId: string, row: VerdictRow): boolean {
  const onConflict = `ON CONFLICT (case_id, customer_key, generation) DO UPDATE SET verdict = excluded.verdict,
    why = excluded.why, at = excluded.at WHERE verdict <> excluded.verdict`;
  const isChanged = verdicts.insert(sql, { caseId, ...row }, onConflict);
  const disputed = `UPDATE cases SET disputed_generation = (SELECT MAX(generation) FROM verdicts
      WHERE case_id = ?1 AND verdict = 'disputed') WHERE id = ?1`;
  if (isChanged) sql.run(disputed, caseId);
  else verdicts.update(sql, { caseId, customerKey: row.customerKey, generation: row.generation }, { why: row.why });
  return isChanged;
}

export interface StoredClosing
  extends Pick<Case, 'number' | 'kind' | 'category' | 'team' | 'generation' | 'dueAt' | 'firstContactAt'> {
  caseId: string;
  current: number;
  reason: ClosingReason;
  who: string;
  at: number;
  startedAt: number;
  comments: number;
}

const closing = `SELECT c.id AS caseId, c.number, c.kind, c.category, c.team, t.generation, c.generation AS current,
    SUBSTR(t.what, 11) AS reason, t.who, t.at, c.due_at AS dueAt, c.first_contact_at AS firstContactAt,
    COALESCE((SELECT MAX(r.at) FROM timeline r WHERE r.case_id = c.id AND r.what = 'reopened' AND r.generation < t.generation),
      c.opened_at) AS startedAt,
    (SELECT COUNT(*) FROM commands k WHERE k.case_id = c.id) + (SELECT COUNT(*) FROM timeline n
      WHERE n.case_id = c.id AND n.what IN ('closing asked for', 'commented')) AS comments
  FROM timeline t JOIN cases c ON c.id = t.case_id`;

export const closingsOfCase = query.rows<StoredClosing, [caseId: string]>`
  ${closing} WHERE t.case_id = ? AND t.what LIKE 'closed as %' ORDER BY t.seq`;

/** Closings within a period, newest first. */
export const listClosingsBetween = query.rows<StoredClosing, [from: number, to: number, limit: number]>`
  ${closing} WHERE t.at >= ? AND t.at < ? AND t.what LIKE 'closed as %'
    ORDER BY t.at DESC, t.seq DESC LIMIT ? + 0`;

/** Number of other cases that the closer closed within `ms` of an instant. */
export const countClosingsByCloserNearby = query.number<
  [closing: Pick<StoredClosing, 'caseId' | 'who' | 'at'> & { within: number }]
>`SELECT COUNT(DISTINCT case_id) FROM timeline
  WHERE at BETWEEN @at - @within AND @at + @within AND what LIKE 'closed as %' AND who = @who AND case_id <> @caseId`;

/** Verdicts within a period, with both sides' answers. */
export const listVerdictsBetween = query.rows<ClosingVerdict, [from: number, to: number]>`${answeredVerdictsSql}`;

/** Cases whose customers said within a period that they are solved, the newest first, at most 1,000. */
export const listRecoveredCases = query.column<
  string,
  [within: { from: number; to: number; team: string | undefined }]
>`
  SELECT DISTINCT v.case_id FROM verdicts v JOIN cases c ON c.id = v.case_id WHERE v.at >= @from AND v.at < @to
    AND v.verdict IN ('confirmed', 'unseen-recovery') AND c.team = COALESCE(@team, c.team) ORDER BY v.at DESC LIMIT 1000`;

/** Reasons, of those to choose, that customers gave within a period why their problem is not resolved. */
export const countReasonsBetween = query.pairs<string, number, [from: number, to: number, toChoose: string]>`
  SELECT answers ->> '$.reason' AS reason, COUNT(*) FROM asks WHERE kind = 'customer' AND state = 'answered'
    AND answered_at >= ? AND answered_at < ? AND answers ->> '$.resolved' <> 'yes'
    AND json_array(survey, reason) IN (SELECT value FROM json_each(?)) GROUP BY 1`;

/** Blockers that closers named within a period; the newest answer of each. */
export const listBlockersNamedBetween = query.rows<NamedBlocker, [from: number, to: number]>`
  SELECT json_extract(f.answers, '$.blocker') AS blocker, c.category, c.team, COALESCE(c.revenue, 0) AS revenue,
      (SELECT COUNT(DISTINCT r.customer_key) FROM case_responses r WHERE r.case_id = c.id) AS customers,
      EXISTS (SELECT 1 FROM verdicts v WHERE v.case_id = f.case_id AND v.generation = f.generation
        AND v.verdict = 'known-gap') AS isKnownGap
    FROM asks f JOIN cases c ON c.id = f.case_id WHERE f.kind = 'closer' AND f.state = 'answered'
      AND f.answered_at >= ? AND f.answered_at < ? AND json_extract(f.answers, '$.blocker') IS NOT NULL`;

export interface CaseSums extends Record<casework.CaseFact, number> {
  name: string | number | null;
  cases: number;
  contactTimes: number[];
  closeTimes: number[];
}

export type ReportConditions = CaseConditions & { from: number; to: number };

type Grouping = { facet: Parameters<typeof columnOfFacet>[0] } | { attribute: string } | null;

/** Number of cases with a fact. Each fact has a bit in the column of facts, which triggers keep. */
function countFactSql(fact: casework.CaseFact): string {
  const bit = 1 << casework.caseFacts.indexOf(fact);
  return `COALESCE(SUM(facts & ${bit}), 0) / ${bit}`;
}

/** Sums of the cases opened in a period, in all or by a column or an attribute of the customer; the largest first. */
export function sumCases(sql: Sql, filter: ReportConditions, by: Grouping = null): CaseSums[] {
  const times = (column: string) => `json_group_array(${column}) FILTER (WHERE ${column} IS NOT NULL)`;
  const where = buildNarrowing(filter);
  const [name, values] = buildGroupSql(by);
  const rows = sql.all<Omit<CaseSums, 'contactTimes' | 'closeTimes'> & { contactTimes: string; closeTimes: string }>(
    `SELECT ${name} AS name, COUNT(*) AS cases, ${times('contact_ms')} AS contactTimes, ${times('close_ms')} AS closeTimes,
         ${casework.caseFacts.map((fact) => `${countFactSql(fact)} AS "${fact}"`).join(', ')}
       FROM cases INDEXED BY cases_report WHERE ${where.sql} ${by ? 'GROUP BY 1' : ''} ORDER BY cases DESC, 1`,
    ...[...values, ...where.values],
  );
  return rows.map(({ contactTimes, closeTimes, ...sums }) => {
    return { ...sums, contactTimes: JSON.parse(contactTimes), closeTimes: JSON.parse(closeTimes) };
  });
}

export function sumGoals(sql: Sql, filter: ReportConditions): { kept: number; missed: number } {
  const where = buildNarrowing(filter);
  return sumsOf(
    sql,
    `SELECT ${countFactSql('goal-kept')} AS kept, ${countFactSql('goal-missed')} AS missed
       FROM cases INDEXED BY cases_report WHERE ${where.sql}`,
    ...where.values,
  );
}

function buildGroupSql(by: Grouping): [sql: string, values: SqlValue[]] {
  if (by === null) return ['NULL', []];
  if ('facet' in by) return [columnOfFacet(by.facet), []];
  const value = (origin: string) => `json_extract(u.attributes, '$."' || ?1 || '".${origin}.value')`;
  return [
    `(SELECT COALESCE(${value('list')}, ${value('response')}) FROM customers u WHERE u.key = cases.customer_key)`,
    [by.attribute],
  ];
}

/** Finished responses of a period, and those of which a notice, a task or a case came. */
export function sumResponses(
  sql: Sql,
  { from, to, source, attributes = {} }: ReportConditions,
): { total: number; actedOn: number } {
  const having = filterByAttributes('responses.customer_key', attributes);
  // Counters hold whole hours; a day of some time zones begins within one.
  const hours = [Math.ceil(from / hourMs) * hourMs, Math.floor(to / hourMs) * hourMs] as const;
  const [first, last] = having.values.length > 0 || hours[0] >= hours[1] ? [to, to] : hours;
  const isOfSource = '(?1 IS NULL OR source = ?1)';
  const read = `SELECT COUNT(*) AS total, SUM(is_acted_on) AS acted_on FROM responses
      WHERE ${isOfSource} AND is_feedback = 1 AND submitted_at >= ? AND submitted_at < ? AND ${having.sql}`;
  return sumsOf(
    sql,
    `SELECT COALESCE(SUM(total), 0) AS total, COALESCE(SUM(acted_on), 0) AS actedOn FROM (${read} UNION ALL ${read}
       UNION ALL SELECT total, acted_on FROM response_hours WHERE ${isOfSource} AND hour >= ? AND hour < ?)`,
    ...[source ?? null, from, first, ...having.values, last, to, ...having.values, first / hourMs, last / hourMs],
  );
}

/** Scores of a kind in a period, each valued by the highest score that its question ever got. */
export function sumScores(sql: Sql, kind: ScoreKind, { from, to, source, attributes = {} }: ReportConditions): Moments {
  const having = filterByAttributes('r.customer_key', attributes);
  const isOfCustomer =
    having.values.length > 0 ? `EXISTS (SELECT 1 FROM responses r WHERE r.id = response_id AND ${having.sql})` : 'true';
  const groups = sql.all<{ score: number; responses: number; highest: number }>(
    `SELECT g.score, g.responses, COALESCE(q.highest, 0) AS highest FROM (
       SELECT source, form, question, score, COUNT(*) AS responses FROM scores
        WHERE kind = ?1 AND at >= ?2 AND at < ?3 AND (?4 IS NULL OR source = ?4) AND ${isOfCustomer} GROUP BY 1, 2, 3, 4) g
       LEFT JOIN questions q ON q.source = g.source AND q.form = g.form AND q.id = g.question`,
    ...[kind, from, to, source ?? null, ...having.values],
  );
  const sums = { count: 0, sum: 0, squares: 0 };
  for (const { score, responses, highest } of groups) {
    const value = valueScore(kind, score, highest);
    if (value === null) continue;
    sums.count += responses;
    sums.sum += responses * value;
    sums.squares += responses * value * value;
  }
  return sums;
}

/** Customers' scores of how their case was handled, of the cases opened in a period. */
export function sumHandling(sql: Sql, filter: ReportConditions): Moments {
  const where = buildNarrowing(filter);
  return sumsOf(
    sql,
    `SELECT ${momentsSql('score')}
       FROM (SELECT CAST(f.answers ->> '$.handling' AS REAL) AS score FROM asks f CROSS JOIN cases ON cases.id = f.case_id
        WHERE f.answered_at >= ? AND f.kind = 'customer' AND f.state = 'answered' AND ${where.sql}) WHERE score > 0`,
    filter.from,
    ...where.values,
  );
}

type Score = {
  responseId: string;
  kind: ScoreKind;
  at: number;
  source: string;
  form: string;
  question: string;
  score: number;
};

const scores = defineTable<Score>('scores', {});

/** Replaces the scores of a response. */
export function putScores(sql: Sql, responseId: string, given: Omit<Score, 'responseId'>[]): void {
  scores.delete(sql, { responseId });
  for (const score of given) scores.insert(sql, { responseId, ...score });
}
