import { findCaseByHandle, findCaseByIssueKey } from './cases.ts';
import { type AttributeFilter, filterByAttributes, findFewCustomers, personOf } from './customers.ts';
import { ofCaseSql } from './responses.ts';
import { allOf, columnOf, isOneOf, type Sql } from './table.ts';

/* An index of trigrams for each kind of row, kept by triggers. It stores no text. */

/** Older rows with the same words are not found; further words narrow the search. */
const mostHits = 500;

const kinds = {
  customers: `SELECT c.number FROM customers u JOIN case_responses b ON b.customer_key = u.key JOIN cases c ON c.id = b.case_id
      WHERE u.rowid IN (SELECT value FROM json_each(?1))
    UNION SELECT c.number FROM customers u JOIN cases c ON c.customer_key = u.key
      WHERE u.rowid IN (SELECT value FROM json_each(?1))`,
  responses: `SELECT c.number FROM responses r JOIN case_responses b ON b.response_id = r.id JOIN cases c ON c.id = b.case_id
      WHERE r.seq IN (SELECT value FROM json_each(?1))`,
  cases: 'SELECT value FROM json_each(?1)',
  comments:
    'SELECT c.number FROM comments m JOIN cases c ON c.id = m.case_id WHERE m.rowid IN (SELECT value FROM json_each(?1))',
  contributions:
    'SELECT c.number FROM contributions m JOIN cases c ON c.id = m.case_id WHERE m.seq IN (SELECT value FROM json_each(?1))',
};
type Kind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as Kind[];

/** The words of a search as FTS5 reads them: all must occur, in any order. Null where all are too short for trigrams. */
function toMatch(text: string): string | null {
  const words = text.split(/\s+/).filter((word) => [...word].length >= 3);
  const parts = words.length > 0 ? words : [text.trim()].filter((phrase) => [...phrase].length >= 3);
  return parts.length === 0 ? null : parts.map((part) => `"${part.replaceAll('"', '""')}"`).join(' ');
}

export const isSearchable = (text: string): boolean => toMatch(text) !== null;

/** Numbers of the newest rows of a kind with all words of a text. */
export function searchRows(sql: Sql, kind: Kind, text: string): number[] {
  const query = `SELECT rowid FROM search_${kind} WHERE search_${kind} MATCH ? ORDER BY rowid DESC LIMIT ${mostHits}`;
  return columnOf(sql, query, toMatch(text));
}

/** Number of the case that a handle or an issue's key names; null for other texts. */
export function findCaseNumberByName(sql: Sql, text: string, trackers: string[]): number | null {
  if (/^\s*c-\d/i.test(text)) return findCaseByHandle(sql, text)?.number ?? null;
  for (const tracker of trackers) {
    const caseRecord = findCaseByIssueKey(sql, tracker, text.trim());
    if (caseRecord) return caseRecord.number;
  }
  return null;
}

/** Numbers of the cases that have all words of a text in one place. Names count only for those who see them. */
export const searchCases = (sql: Sql, text: string, seesNames: boolean): number[] => [
  ...new Set(
    kindNames
      .filter((kind) => seesNames || kind !== 'customers')
      .flatMap((kind) =>
        columnOf<number>(
          sql,
          kinds[kind] + (seesNames || kind !== 'comments' ? '' : " AND m.kind NOT LIKE '%reply'"),
          JSON.stringify(searchRows(sql, kind, text)),
        ),
      ),
  ),
];

export interface WordsFilter extends Partial<Record<'source' | 'case' | 'template' | 'category', string | undefined>> {
  from?: number | undefined;
  to?: number | undefined;
  rows?: number[] | undefined;
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
  { from, to, source, rows, case: caseId, template, category, attributes = {} }: WordsFilter,
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
    `SELECT seq, id, submitted_at AS at, ${personOf('r.customer_key')} AS customerKey,
       CASE WHEN words <> '' AND ${shown.sql} THEN substr(words, 1, ${longestWords}) END AS words
     FROM (SELECT seq, id, submitted_at, customer_key, words FROM responses ${index}
       WHERE is_feedback = 1 AND ${passed.sql} ORDER BY submitted_at DESC, seq DESC LIMIT ${limit}) r
     ORDER BY submitted_at DESC, seq DESC`,
    ...shown.values,
    ...passed.values,
  );
}
