import type { Sql } from '#domain/base/ports.ts';
import { type AttributeFilter, filterByAttributes, findFewCustomers } from './customers.ts';
import { ofCaseSql } from './responses.ts';
import { allOf, columnOf, isOneOf } from './table.ts';

export interface WordsFilter {
  from?: number | undefined;
  to?: number | undefined;
  source?: string | undefined;
  rows?: number[] | undefined;
  caseId?: string | undefined;
  template?: string | undefined;
  category?: string | undefined;
  attributes?: AttributeFilter;
}

/** A response that a walk passed; no words where the filter leaves it out. */
export type PassedResponse = { seq: number; id: string; at: number; customerKey: string; words: string | null };

const mostResponsesRead = 1000;

const hasCase = (condition: string) =>
  `EXISTS (SELECT 1 FROM case_responses b CROSS JOIN cases c ON c.id = b.case_id WHERE b.response_id = r.id AND ${condition})`;

const longestWords = 500;

/** The next responses of a walk from the newest on, with the words of those that the filter leaves. */
export function walkWords(
  sql: Sql,
  { from, to, source, rows, caseId, template, category, attributes = {} }: WordsFilter,
  after: [at: number, seq: number] | null,
  limit: number,
): PassedResponse[] {
  const ofCase = `SELECT id FROM responses WHERE ${ofCaseSql} LIMIT ${mostResponsesRead + 1}`;
  const members = caseId === undefined ? undefined : columnOf<string>(sql, ofCase, caseId);
  const isLarge = members !== undefined && members.length > mostResponsesRead;
  const customers = findFewCustomers(sql, attributes);
  // Its order is that of the walk; the planner would rather gather all responses of a source, and sort them.
  const index = rows || (members && !isLarge) || customers ? '' : 'INDEXED BY responses_report';
  const passed = allOf(
    ['submitted_at >= ?', from],
    ['submitted_at < ?', to],
    ['source = ?', source],
    [isOneOf('seq'), rows],
    [isOneOf('id'), isLarge ? undefined : members],
    [isOneOf('customer_key'), customers ?? undefined],
    ['(submitted_at, seq) < (?, ?)', ...(after ?? [undefined])],
  );
  const having = filterByAttributes('r.customer_key', attributes);
  const shown = allOf(
    [having.sql, ...having.values],
    [hasCase('c.template = ?'), template],
    [hasCase('c.category = ?'), category],
    [`r.${ofCaseSql}`, isLarge ? caseId : undefined],
  );
  return sql.all(
    `SELECT seq, id, submitted_at AS at, customer_key AS customerKey,
       CASE WHEN words <> '' AND ${shown.sql} THEN substr(words, 1, ${longestWords}) END AS words
     FROM (SELECT seq, id, submitted_at, customer_key, words FROM responses ${index}
       WHERE is_feedback = 1 AND ${passed.sql} ORDER BY submitted_at DESC, seq DESC LIMIT ${limit}) r
     ORDER BY submitted_at DESC, seq DESC`,
    ...shown.values,
    ...passed.values,
  );
}
