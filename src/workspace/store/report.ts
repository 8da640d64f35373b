import type { Sql, SqlValue } from '#domain/base/ports.ts';
import type { CaseFact } from '#domain/cases/case-list.ts';
import { type Moments, valueScore } from '#domain/reports/report.ts';
import type { ScoreKind } from '#domain/settings/workspace-file.ts';
import { buildNarrowing, type CaseConditions, caseFactSql, columnOfFacet } from './case-filter.ts';
import { filterByAttributes } from './customers.ts';

/* Sums of a report, each by one statement over an index. */

/** Cases of a group, with the number of each fact and the working times of all. */
export interface CaseSums extends Record<CaseFact, number> {
  name: string | number | null;
  cases: number;
  contactTimes: number[];
  closeTimes: number[];
}

export type ReportConditions = CaseConditions & { from: number; to: number };

type Grouping = { facet: Parameters<typeof columnOfFacet>[0] } | { attribute: string } | null;

/** Sums of the cases opened in a period, in all or by a column or an attribute of the customer; the largest first. */
export function sumCases(sql: Sql, filter: ReportConditions, by: Grouping = null): CaseSums[] {
  const facts = Object.entries(caseFactSql).map(([fact, condition]) => `COALESCE(SUM(${condition}), 0) AS "${fact}"`);
  const times = (column: string) => `json_group_array(${column}) FILTER (WHERE ${column} IS NOT NULL)`;
  const where = buildNarrowing(filter);
  const [name, values] = buildGroupSql(by);
  return sql
    .all<Omit<CaseSums, 'contactTimes' | 'closeTimes'> & { contactTimes: string; closeTimes: string }>(
      `SELECT ${name} AS name, COUNT(*) AS cases, ${facts.join(', ')}, ${times('contact_ms')} AS contactTimes,
         ${times('close_ms')} AS closeTimes FROM cases WHERE ${where.sql} ${by ? 'GROUP BY 1 ORDER BY 2 DESC' : ''}`,
      ...values,
      ...where.values,
    )
    .map((row) => ({ ...row, contactTimes: JSON.parse(row.contactTimes), closeTimes: JSON.parse(row.closeTimes) }));
}

/** Cases of a period whose closure goal was kept, and those whose goal was missed. */
export function sumGoals(sql: Sql, filter: ReportConditions): { kept: number; missed: number } {
  const where = buildNarrowing(filter);
  const [sums] = sql.all<{ kept: number; missed: number }>(
    `SELECT COALESCE(SUM(${caseFactSql['goal-kept']}), 0) AS kept, COALESCE(SUM(${caseFactSql['goal-missed']}), 0) AS missed
       FROM cases WHERE ${where.sql}`,
    ...where.values,
  );
  return sums ?? { kept: 0, missed: 0 };
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
  const [sums] = sql.all<{ total: number; actedOn: number }>(
    `SELECT COUNT(*) AS total, COALESCE(SUM(is_acted_on), 0) AS actedOn FROM responses
      WHERE is_feedback = 1 AND submitted_at >= ?1 AND submitted_at < ?2 AND (?3 IS NULL OR source = ?3)
        AND ${having.sql}`,
    ...[from, to, source ?? null, ...having.values],
  );
  return sums ?? { total: 0, actedOn: 0 };
}

/** Scores of a kind in a period, each valued by the highest score that its question ever got. */
export function sumScores(sql: Sql, kind: ScoreKind, { from, to, source }: ReportConditions): Moments {
  const groups = sql.all<{ score: number; responses: number; highest: number }>(
    `SELECT g.score, g.responses, COALESCE(q.highest, 0) AS highest FROM (
       SELECT source, form, question, score, COUNT(*) AS responses FROM scores
        WHERE kind = ?1 AND at >= ?2 AND at < ?3 AND (?4 IS NULL OR source = ?4) GROUP BY 1, 2, 3, 4) g
       LEFT JOIN questions q ON q.source = g.source AND q.form = g.form AND q.id = g.question`,
    ...[kind, from, to, source ?? null],
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
  const [sums] = sql.all<Moments>(
    `SELECT COUNT(*) AS count, COALESCE(SUM(score), 0) AS sum, COALESCE(SUM(score * score), 0) AS squares
       FROM (SELECT CAST(f.answers ->> '$.handling' AS REAL) AS score FROM cases JOIN asks f ON f.case_id = cases.id
         AND f.kind = 'customer' AND f.state = 'answered' WHERE ${where.sql}) WHERE score > 0`,
    ...where.values,
  );
  return sums ?? { count: 0, sum: 0, squares: 0 };
}

/** Replaces the scores of a response. */
export function putScores(
  sql: Sql,
  { id, at, source, form }: { id: string; at: number; source: string; form: string },
  scores: { kind: ScoreKind; question: string; score: number }[],
): void {
  sql.run('DELETE FROM scores WHERE response_id = ?', id);
  for (const { kind, question, score } of scores)
    sql.run(
      'INSERT INTO scores (response_id, kind, at, source, form, question, score) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[id, kind, at, source, form, question, score],
    );
}
