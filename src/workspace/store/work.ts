import type { WorkGroupName } from '#domain/json/case-json.ts';
import type { ListTime } from './case-filter.ts';
import { defineTable, query, type Sql } from './table.ts';

export type Worker = ListTime & { person: string; managed: string[]; teams: string[]; unverifiedSince: number };

const mine = `WITH own (number, is_step) AS (
    SELECT number, 0 FROM cases WHERE is_open = 1 AND assignee = @person AND loop = 'working'
    UNION ALL SELECT number, 0 FROM cases WHERE is_open = 1 AND loop_owner = @person
    UNION ALL SELECT number, 0 FROM strategic_cases s JOIN cases c ON c.id = s.case_id
      WHERE s.decision_owner = @person AND c.loop = 'working'
    UNION ALL SELECT number, 0 FROM cases WHERE stage = 'asked' AND loop_owner = @person
  ), further (number, is_step) AS (
    SELECT number, 1 FROM plan_steps p JOIN cases c ON c.id = p.case_id
      WHERE p.done_at IS NULL AND p.who IN (SELECT value FROM json_each(@teams) UNION SELECT @person) AND c.loop = 'working'
    UNION ALL SELECT number, 0 FROM cases WHERE stage = 'unverified' AND resolved_at >= @unverifiedSince
      AND (loop_owner = @person OR team IN (SELECT value FROM json_each(@managed)))
    UNION ALL SELECT number, 0 FROM cases WHERE needs_decision = 1 AND team IN (SELECT value FROM json_each(@managed))
    UNION ALL SELECT number, 0 FROM cases WHERE is_disputed = 1 AND team IN (SELECT value FROM json_each(@managed))
  ), mine AS (SELECT * FROM own UNION ALL SELECT * FROM further), placed AS (
    SELECT c.number, c.severity_rank, c.due_at, CASE
      WHEN s.is_step THEN 'steps'
      WHEN c.is_disputed THEN 'disputed'
      WHEN c.needs_decision THEN 'needs-person'
      WHEN c.overdue_at <= @now THEN 'overdue'
      WHEN c.overdue_at <= @endOfDay THEN 'due-today'
      WHEN c.contact_due_at <= @now THEN 'first-contact'
      WHEN s.has_step THEN 'steps'
      WHEN c.is_open THEN 'open'
      ELSE c.stage END AS place
    FROM (SELECT number, MIN(is_step) AS is_step, MAX(is_step) AS has_step FROM mine GROUP BY number) s
      JOIN cases c ON c.number = s.number
  )`;

const listPlaced = query.rows<
  { name: WorkGroupName; count: number; numbers: string },
  [of: Worker & { after: number; limit: number }]
>`
  ${mine} SELECT place AS name, MAX(size) AS count, json_group_array(number) AS numbers FROM (
      SELECT number, place, COUNT(*) OVER (PARTITION BY place) AS size,
        ROW_NUMBER() OVER (PARTITION BY place ORDER BY severity_rank, due_at, number) AS position FROM placed
      ORDER BY place, position
    ) WHERE position > @after AND position <= @after + @limit GROUP BY place`;

/** A person's work by groups: their sizes, and the numbers of the first cases of each. */
export const listWork = (sql: Sql, worker: Worker, page: { after: number; limit: number }) =>
  listPlaced(sql, { ...worker, ...page }).map((group) => ({
    ...group,
    numbers: JSON.parse(group.numbers) as number[],
  }));

export const countUnassigned = query.number`
  SELECT COUNT(*) FROM cases WHERE is_open = 1 AND assignee IS NULL AND loop = 'working'`;

export type SavedView = { name: string; query: string; who: string; at: number };

const savedViews = defineTable<SavedView>('saved_views', {}, { key: 'name', order: 'name' });

export const listSavedViews = savedViews.rows`ORDER BY name LIMIT 50`;

export function putSavedView(sql: Sql, { name, ...view }: Omit<SavedView, 'query'> & { query: string | null }): void {
  if (view.query === null) sql.run('DELETE FROM saved_views WHERE name = ?', name);
  else savedViews.put(sql, { name, ...view, query: view.query });
}

/** Beginning of what the customer of a case wrote, in its first response with words. */
export const findWordsOfCase = query.value<string, [caseId: string, length: number]>`
  SELECT substr(r.words, 1, ?2) FROM case_responses b JOIN responses r ON r.id = b.response_id
    WHERE b.case_id = ?1 AND r.words <> '' ORDER BY b.at LIMIT 1`;
