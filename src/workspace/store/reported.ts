import type { casework, reports } from '../core.ts';
import { allOf, type Condition, defineTable, query, type Sql, singleValue } from './table.ts';

/** A survey that another tool has sent, or is to send. Its form is empty where the tool named none. */
export interface ReportedSurvey {
  customerKey: string;
  survey: string;
  form: string;
  at: number;
  address: string | null;
}

export const reportedSurveys = defineTable<ReportedSurvey>('reported_surveys', {}, { order: 'at DESC' });

/**
 * Instant of the last survey that another tool sent to a person; null without one. The one that led to a response does
 * not count: that of its source and form since the person's response before.
 */
export function findLastReportedSurveyAt(
  sql: Sql,
  { keys, address, now }: { keys: string[]; address: string | null; now: number },
  responseIds: string[],
): number | null {
  const sameForm = (alias: string) => `(s.form = '' OR s.form = ${alias}.form)`;
  const last = `SELECT MAX(s.at) FROM reported_surveys s
     WHERE (s.customer_key IN (SELECT value FROM json_each(?1)) OR s.address = lower(?2)) AND s.at <= ?3
       AND NOT EXISTS (SELECT 1 FROM json_each(?4) led CROSS JOIN responses r ON r.id = led.value
         WHERE r.source = s.survey AND ${sameForm('r')} AND s.at <= r.submitted_at
           AND NOT EXISTS (SELECT 1 FROM responses o WHERE o.customer_key = r.customer_key AND o.source = r.source
             AND ${sameForm('o')} AND o.submitted_at >= s.at AND o.submitted_at < r.submitted_at))`;
  return singleValue(sql, last, JSON.stringify(keys), address, now, JSON.stringify(responseIds));
}

export interface StoredOutcome extends Omit<reports.OutcomeJson, 'customer' | 'name' | 'page' | 'verdict'> {
  seq: number;
  customerKey: string;
  /** Newest verdict of the customer by the end of the day; null without one. */
  verdict: casework.Verdict | null;
}

export const outcomes = defineTable<StoredOutcome>('outcomes', {}, { order: 'seq' });

/** Stores the outcome of a day in place of an earlier one. @returns false where it changes nothing */
export const putOutcome = (sql: Sql, row: Omit<StoredOutcome, 'seq'>): boolean =>
  outcomes.insert(
    sql,
    row,
    `ON CONFLICT (customer_key, day) DO UPDATE SET outcome = excluded.outcome, value = excluded.value,
       verdict = excluded.verdict, handling = excluded.handling
     WHERE outcome <> excluded.outcome OR value IS NOT excluded.value`,
  );

/** How the cases of a person stood at an instant: the newest verdict, and whether a complaint was worked to a closing. */
export const findStanding = query.sums<Pick<StoredOutcome, 'verdict' | 'handling'>, [keys: string[], at: number]>`
  WITH own (id) AS (SELECT id FROM cases WHERE customer_key IN (SELECT value FROM json_each(?1))
     UNION SELECT case_id FROM case_responses WHERE customer_key IN (SELECT value FROM json_each(?1)))
  SELECT (SELECT v.verdict FROM own JOIN verdicts v ON v.case_id = own.id
       AND v.customer_key IN (SELECT value FROM json_each(?1)) WHERE v.at < ?2 ORDER BY v.at DESC LIMIT 1) AS verdict,
     CASE WHEN EXISTS (SELECT 1 FROM own CROSS JOIN timeline t ON t.case_id = own.id WHERE t.what LIKE 'closed as %' AND t.at < ?2) THEN 'handled'
       WHEN EXISTS (SELECT 1 FROM own CROSS JOIN cases c ON c.id = own.id WHERE c.opened_at < ?2)
         OR EXISTS (SELECT 1 FROM responses r JOIN triage t ON t.response_id = r.id
           WHERE r.customer_key IN (SELECT value FROM json_each(?1)) AND t.at < ?2) THEN 'not handled'
       ELSE 'no complaint' END AS handling`;

const isNewest = (to: string) =>
  `NOT EXISTS (SELECT 1 FROM outcomes n WHERE n.customer_key = o.customer_key AND n.day > o.day AND n.day <= ${to})`;

/** The newest outcome of each customer between two days, by what is known of their cases: values are of a year. */
export const sumOutcomes = query.rows<
  Pick<StoredOutcome, 'verdict' | 'handling' | 'outcome'> & { customers: number; value: number },
  [from: string, to: string]
>`
  SELECT verdict, handling, outcome, COUNT(*) AS customers, COALESCE(SUM(value), 0) AS value FROM outcomes o
    WHERE day >= ?1 AND day <= ?2 AND ${isNewest('?2')} GROUP BY 1, 2, 3`;

export type OutcomeFilter = Partial<
  Record<'from' | 'to' | 'verdict' | 'handling' | 'outcome' | 'each', string | undefined>
>;

/** Outcomes of a filter, newest day first, each with the number of its customer's page. */
export function listOutcomes(
  sql: Sql,
  { from = '', to = '9', verdict, handling, outcome, each }: OutcomeFilter,
  [day, seq]: [day: string, seq: number],
  limit: number,
): (StoredOutcome & { page: number | null; name: string | null })[] {
  const is = (column: string, value: string | undefined): Condition =>
    value === 'none' ? [`${column} IS NULL`] : [`${column} = ?`, value];
  const kept: Condition = outcome === 'kept' ? ["outcome <> 'left'"] : is('outcome', outcome);
  const narrowed = allOf(is('verdict', verdict), is('handling', handling), kept, [isNewest('?'), each && to]);
  return sql.all(
    `SELECT seq, customer_key AS customerKey, day, outcome, value, verdict, handling, u.rowid AS page, u.name
       FROM outcomes o LEFT JOIN customers u ON u.key = customer_key
      WHERE day >= ? AND day <= ? AND (day, seq) < (?, ?) AND ${narrowed.sql} ORDER BY day DESC, seq DESC LIMIT ? + 0`,
    ...[from, to, day, seq, ...narrowed.values, limit],
  );
}

export const reportedCounts = defineTable<reports.Reported<'counts'>>('reported_counts', {}, { key: 'source, day' });

/** Reported counts of a period, summed over days in a row. */
export const listCountedRuns = query.rows<
  { source: string; first: string; last: string; count: number },
  [from: string, to: string]
>`
  SELECT source, MIN(day) AS first, MAX(day) AS last, SUM(count) AS count FROM (
    SELECT source, day, count, julianday(day) - ROW_NUMBER() OVER (PARTITION BY source ORDER BY day) AS run
      FROM reported_counts WHERE day >= ? AND day <= ?) GROUP BY source, run ORDER BY source, first`;

/** What the APIs of sources listed at the last back-fill of each form, and what of it was missing and fetched. */
export const listLastWalksOfSources = query.rows<{
  source: string;
  since: number;
  until: number;
  seen: number;
  found: number;
}>`
  SELECT w.source, MIN(w.since) AS since, MAX(w.started_at) AS until, SUM(w.seen) AS seen, SUM(w.found) AS found
     FROM forms f JOIN walks w ON w.seq = (SELECT MAX(seq) FROM walks
       WHERE source = f.source AND form = f.form AND ended_at IS NOT NULL AND error IS NULL)
    GROUP BY w.source ORDER BY w.source`;
