import { type Case, casework, type json } from '../core.ts';
import { cases } from './cases.ts';
import { type AttributeFilter, filterByAttributes } from './customers.ts';
import { allOf, type Condition, columnOf, isOneOf, pairsOf, placesFor, type Sql, type SqlValue } from './table.ts';

export type ListTime = { now: number; endOfDay: number };

/** A filter with its instants in UTC milliseconds: opened from the first on, and before the other. */
export interface CaseConditions extends casework.CaseFilter<number> {
  attributes?: AttributeFilter;
  /** Sources of a kind of respondent; an empty name stands for none. */
  sources?: string[];
  /** Numbers of the cases that a search has met; undefined without a search. */
  numbers?: number[] | undefined;
}

const open = 'is_open = 1';
const states: Record<casework.CaseState, [sql: string, ...instants: (keyof ListTime)[]]> = {
  open: ['true'],
  overdue: ['overdue_at <= ?', 'now'],
  'needs-person': ['needs_decision = 1'],
  disputed: ['is_disputed = 1'],
  'due-today': ['overdue_at > ? AND overdue_at <= ?', 'now', 'endOfDay'],
  'first-contact': ['contact_due_at <= ?', 'now'],
  working: ["loop = 'working'"],
  asked: ["stage = 'asked'"],
  unverified: ["stage = 'unverified'"],
  'known-gap': ["stage = 'known-gap'"],
  confirmed: ["stage = 'confirmed'"],
  all: ['true'],
};

/** A case that was reopened has no closing now, but had one. A goal counts once it was met or missed. */
const caseFactSql: Record<casework.ListedFact, string> = {
  contact: 'first_contact_at IS NOT NULL',
  closed: 'resolved_at IS NOT NULL OR generation > 1',
  'goal-kept': "loop <> 'working' AND resolved_at <= due_at",
  'goal-missed': "(loop <> 'working' AND resolved_at > due_at) OR (loop = 'working' AND overdue = 1)",
  confirmation: "loop IN ('confirmed', 'unseen-recovery')",
  dispute: 'disputes > 0',
  reopened: 'generation > 1',
  'time-to-close': 'close_ms IS NOT NULL',
  'handling-score': `EXISTS (SELECT 1 FROM asks f WHERE f.case_id = cases.id AND f.kind = 'customer' AND f.state = 'answered'
    AND CAST(f.answers ->> '$.handling' AS REAL) > 0)`,
};

export const columnOfFacet = (facet: casework.CaseFacet): string => (facet === 'owner' ? 'loop_owner' : facet);

/** Columns of an order; the number of the case makes each order complete. */
const sorts: Record<casework.CaseSort, { columns: string[]; descends: boolean }> = {
  due: { columns: ['due_at', 'number'], descends: false },
  severity: { columns: ['severity_rank', 'due_at', 'number'], descends: false },
  revenue: { columns: ['COALESCE(revenue, 0)', 'number'], descends: true },
  newest: { columns: ['opened_at', 'number'], descends: true },
};

const chooseSort = ({ show, sort }: Pick<casework.CaseFilter, 'show' | 'sort'>): casework.CaseSort =>
  casework.isStateOfOpenCases(show) ? (sort ?? 'due') : 'newest';

const instantsOf = (show: casework.CaseState, time: ListTime): number[] =>
  states[show].slice(1).map((instant) => time[instant as keyof ListTime]);

/** Facets with an index over open cases alone. */
const openFacets = new Set<casework.CaseFacet>(['team', 'assignee', 'owner', 'category', 'template']);

/**
 * Everything that narrows a list but its state and its person.
 * @param isOpen whether only open cases are read, by their own indexes
 */
function narrow(filter: CaseConditions, isOpen: boolean): Condition[] {
  const { from, to, attributes = {}, sources, numbers } = filter;
  const own = filterByAttributes('cases.customer_key', attributes);
  const others = filterByAttributes('r.customer_key', attributes);
  return [
    ...casework.caseFacets.map((facet): Condition => {
      if (filter[facet] === casework.nobody && facet === 'assignee') return ['assignee IS NULL'];
      return [`${isOpen && !openFacets.has(facet) ? '+' : ''}${columnOfFacet(facet)} = ?`, filter[facet]];
    }),
    ...(filter.fact ? [[caseFactSql[filter.fact]] satisfies Condition] : []),
    ['opened_at >= ?', from],
    ['opened_at < ?', to],
    [isOneOf("COALESCE(source, '')"), sources],
    [isOneOf('number'), numbers],
    [
      `${own.sql} OR EXISTS (SELECT 1 FROM case_responses r WHERE r.case_id = cases.id AND ${others.sql})`,
      ...(own.values.length > 0 ? [...own.values, ...others.values] : [undefined]),
    ],
  ];
}

type Narrowing = ReturnType<typeof allOf>;

function ofPerson({ person }: CaseConditions, { sql, values }: Narrowing, bound = ''): Narrowing {
  if (person === undefined) return { sql, values };
  const by = (column: string) =>
    `SELECT number FROM (SELECT number FROM cases WHERE ${column} = ? AND ${sql} ${bound})`;
  return {
    sql: `number IN (${by('assignee')} UNION ${by('loop_owner')})`,
    values: [person, ...values, person, ...values],
  };
}

/** Everything that narrows a list, as one condition. */
export const buildNarrowing = (filter: CaseConditions): Narrowing => ofPerson(filter, allOf(...narrow(filter, false)));

/** Cases of a list after a cursor, in its order. */
export function listCases(
  sql: Sql,
  filter: CaseConditions,
  { time, after, limit }: { time: ListTime; after: number[] | null; limit: number },
): Case[] {
  const { columns, descends } = sorts[chooseSort(filter)];
  const order = columns.map((column) => (descends ? `${column} DESC` : column)).join(', ');
  const isOpen = casework.isStateOfOpenCases(filter.show);
  const conditions = allOf(
    [`${isOpen ? `${open} AND ` : ''}${states[filter.show][0]}`, ...instantsOf(filter.show, time)],
    ...narrow(filter, isOpen),
    [`(${columns.join(', ')}) ${descends ? '<' : '>'} (${placesFor(columns)})`, ...(after ?? [undefined])],
  );
  const wanted = ofPerson(filter, conditions, `ORDER BY ${order} LIMIT ${limit}`);
  return cases.select(sql, `WHERE ${wanted.sql} ORDER BY ${order} LIMIT ? + 0`, ...wanted.values, limit);
}

/** Cursor after a case in the order of its list. */
export function buildCaseCursor(filter: CaseConditions, { number, openedAt, dueAt, severityRank, revenue }: Case) {
  const values = {
    due: [dueAt, number],
    severity: [severityRank, dueAt, number],
    revenue: [revenue ?? 0, number],
    newest: [openedAt, number],
  };
  return values[chooseSort(filter)].join('_');
}

/** Values of a cursor; null for one of another order. */
export function readCaseCursor(filter: CaseConditions, cursor: string): number[] | null {
  const values = cursor.split('_').map(Number);
  return values.length === sorts[chooseSort(filter)].columns.length && values.every(Number.isFinite) ? values : null;
}

/** Narrowed cases are counted up to this number; more show as a `+`. */
export const mostCasesCounted = 5000;

/** Cases of each state. Those without further conditions come from counters. */
export function countCases(sql: Sql, filter: CaseConditions, time: ListTime): json.CaseCounts {
  const ofOpen = casework.caseStates.filter(casework.isStateOfOpenCases);
  const inOpen = ofPerson(filter, allOf([open], ...narrow(filter, true)));
  const [counted] = sql.all<Record<string, number | null>>(
    `SELECT ${ofOpen.map((name) => `SUM(${states[name][0]}) AS "${name}"`).join(', ')}
       FROM cases WHERE ${open} AND ${inOpen.sql}`,
    ...ofOpen.flatMap((name) => instantsOf(name, time)),
    ...inOpen.values,
  );
  const bound = `LIMIT ${mostCasesCounted + 1}`;
  const narrowed = ofPerson(filter, allOf(...narrow(filter, false)), bound);
  const stages = pairsOf<string, number>(
    sql,
    narrowed.sql === 'true'
      ? 'SELECT stage, cases FROM case_counts'
      : `SELECT stage, COUNT(*) FROM (SELECT stage FROM cases WHERE ${narrowed.sql} ${bound}) GROUP BY stage`,
    ...narrowed.values,
  );
  const total = [...stages.values()].reduce((sum, count) => sum + count, 0);
  const count = (state: casework.CaseState) =>
    state === 'all' ? total : ((casework.isStateOfOpenCases(state) ? counted?.[state] : stages.get(state)) ?? 0);
  return Object.fromEntries(casework.caseStates.map((state) => [state, count(state)])) as json.CaseCounts;
}

const buildAnsweredFollowUpSql = (kind: string) =>
  `f.case_id = v.case_id AND f.generation = v.generation AND f.kind = '${kind}' AND f.state = 'answered'`;

export const answeredVerdictsSql = `SELECT v.case_id, v.verdict,
       (SELECT json_extract(f.answers, '$.resolved') FROM asks f WHERE ${buildAnsweredFollowUpSql('customer')}
          AND f.person = v.customer_key LIMIT 1) AS customer,
       (SELECT json_extract(f.answers, '$.closed') FROM asks f WHERE ${buildAnsweredFollowUpSql('closer')}
          ORDER BY f.answered_at DESC LIMIT 1) AS closer
     FROM verdicts v WHERE v.at >= ? AND v.at < ?`;

const mostSaid = 5000;

/**
 * Numbers of the cases of which something was said within a period, as reports count it, among its newest 5,000
 * verdicts, answers or scores.
 * @param toChoose reasons that surveys offer, as `listReasonsToChoose` gives them
 */
export function findCasesBySaid(
  sql: Sql,
  { from = 0, to = Number.MAX_SAFE_INTEGER, ...said }: CaseConditions,
  toChoose: string,
): number[] {
  const { verdict = null, reason, scored, 'customer-says': customer = null, 'closer-says': closer = null } = said;
  const parts: Condition[] = [];
  const add = (sql: string, ...values: SqlValue[]) => parts.push([`id IN (${sql})`, from, to, ...values]);
  const newest = (column: string) => `ORDER BY ${column} DESC LIMIT ${mostSaid}`;
  if (customer ?? closer)
    add(
      `SELECT case_id FROM (${answeredVerdictsSql} ${newest('v.at')}) WHERE verdict = COALESCE(?, verdict)
         AND COALESCE(customer, 'silent') = COALESCE(?, customer, 'silent')
         AND COALESCE(closer, 'silent') = COALESCE(?, closer, 'silent')`,
      ...[verdict, customer, closer],
    );
  else if (verdict)
    add(`SELECT case_id FROM verdicts WHERE at >= ? AND at < ? AND verdict = ? ${newest('at')}`, verdict);
  if (reason)
    add(
      `SELECT case_id FROM (SELECT * FROM asks WHERE answered_at >= ? AND answered_at < ? ${newest('answered_at')})
        WHERE state = 'answered' AND CASE kind WHEN 'closer' THEN answers ->> '$.blocker' = ?
          WHEN 'customer' THEN answers ->> '$.resolved' <> 'yes' AND answers ->> '$.reason' = ?
            AND json_array(survey, answers ->> '$.reason') IN (SELECT value FROM json_each(?)) END`,
      ...[reason, reason, toChoose],
    );
  if (scored)
    add(
      `SELECT case_id FROM case_scores WHERE after IS NOT NULL AND after_at >= ? AND after_at < ? AND kind = ?
         ${newest('after_at')}`,
      scored,
    );
  const wanted = allOf(...parts);
  return columnOf(sql, `SELECT number FROM cases WHERE ${wanted.sql}`, ...wanted.values);
}
