import { DatabaseSync } from 'node:sqlite';
import { beforeAll, expect, it } from 'vitest';
import { finishSteps } from '#domain/base/steps.ts';
import { caseFacets, caseSorts, caseStates } from '#domain/cases/case-list.ts';
import { call } from '#src/workspace/call.ts';
import { holdStoredMatches } from '#src/workspace/intake/decide-held.ts';
import type { OperationName } from '#src/workspace/rights.ts';
import { findStanding } from '#src/workspace/store/reported.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day } from '#test/harness/times.ts';
import { createVolatileStore } from '#test/harness/volatile-store.ts';
import { fillStore } from './fill-store.ts';

/** Tables that grow with feedback. Others are as large as the settings. */
const growing = [
  ...['cases', 'responses', 'customers', 'deliveries', 'case_responses', 'case_addresses', 'case_links', 'timeline'],
  ...['plan_steps', 'ladder_steps', 'contributions', 'comments', 'commands', 'asks', 'verdicts', 'mails', 'notices'],
  ...[
    'schedule',
    'outbox',
    'contacts',
    'audit_log',
    'held_matches',
    'triage',
    'scores',
    'refusals',
    'customer_attributes',
  ],
];

let harness: Harness;
const database = new DatabaseSync(':memory:');
const statements = new Set<string>();

beforeAll(async () => {
  const store = createVolatileStore(database);
  harness = new Harness(slowAcme(), store);
  fillStore(harness.sql, { customers: 300, responses: 2000, cases: 1000 }, harness.now);
  // Every statement from here on is kept.
  const { all, run } = store.sql;
  store.sql.all = (query, ...values) => {
    statements.add(query);
    return all(query, ...values);
  };
  store.sql.run = (query, ...values) => {
    statements.add(query);
    run(query, ...values);
  };
  const who = { completed: false, customer: 'k-new', email: 'new@customer.example', name: 'Nora New' };
  await harness.receive({ token: 'a', ...who, wish: 'A schedule, please' }, { token: 'b', completed: true, ease: 2 });
  harness.trackers.support.close(0);
  await harness.poll();
  await harness.pass(3 * day);

  const page = { cursor: null, limit: 50 };
  const ask = (name: OperationName, ...values: unknown[]) =>
    call(harness.core, { kind: 'person', person: 'dana' }, name, values);
  for (const what of ['responses', 'customers', 'deliveries', 'mails', 'cases']) ask('list', { what, ...page });
  for (const show of caseStates) for (const sort of caseSorts) ask('caseRows', { show, sort, ...page });
  for (const show of ['open', 'confirmed', 'all'])
    for (const facet of [...caseFacets, 'person', 'from', 'to', 'search'])
      ask('caseRows', { show, [facet]: facet === 'from' || facet === 'to' ? '2026-01-01' : 'dana', ...page });
  const next = (await ask('caseRows', { show: 'all', cursor: null, limit: 2 })) as { next: string };
  ask('caseRows', { show: 'all', cursor: next.next, limit: 2 });
  const { items } = ask('list', { what: 'cases', search: 'k-new', ...page }) as { items: { id: string }[] };
  const id = items[0]?.id ?? '';
  ask('home', { group: null, after: 0 });
  for (const name of ['case', 'links', 'closureWarningsOfCase', 'messagesOfCase'] as const) ask(name, id);
  ask('actionsFor', id, {});
  ask('customer', 301);
  ask('ledger', 'k-new');
  ask('followUpList', { state: null, ...page });
  ask('strategicList', 50);
  for (const by of ['team', 'source', 'customer.tier']) ask('report', { by, attributes: {} });
  for (const name of ['Customer 7', 'nobody']) ask('caseRows', { show: 'all', attributes: { name }, ...page });
  ask('list', { what: 'customers', attributes: { tier: 'gold' }, ...page });
  ask('report', { quarter: '2026-Q3', team: 'product-review', attributes: { tier: 'gold' } });
  ask('list', { what: 'responses', responses: { from: '2020-01-01', to: '2030-01-01', acted: 'no' }, ...page });
  ask('caseRows', { show: 'all', fact: 'goal-missed', from: '2026-01-01', ...page });
  ask('people');
  ask('trackerStates');
  ask('heldMatches');
  ask('triage', page);
  for (const query of [
    {},
    { from: '2026-01-01' },
    { template: 'product-wish', category: 'Wish' },
    { search: 'schedule' },
  ])
    ask('words', { ...query, ...page });
  ask('words', { case: id, attributes: { tier: 'gold', name: 'Customer 7' }, ...page });
  ask('risingTerms', { source: 'upgrade-survey' });
  for (const query of [{}, { team: 'product-review' }]) ask('huddle', query);
  const low = { token: 'low', completed: true, ease: 10, customer: 'k-low' };
  await harness.receive(low, { ...low, token: 'lower', ease: 1 });
  ask('decideTriage', { responses: [], decision: 'dismiss', reason: 'not now' });
  finishSteps(holdStoredMatches(harness.core, 'upgrade-not-installed', { days: 30 }));
  ask('sources');
  findStanding(harness.sql, ['k-new'], harness.now);
});

/** Indexes of some rows only, such as those of open cases. */
const partial = () =>
  new Set(
    harness.sql
      .all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'")
      .map(({ name }) => name),
  );

/**
 * Tables that a statement reads from one end to the other, whatever names it gives them. A partial index and an index in
 * the order of a bounded list are none.
 */
function findScans(statement: string): string[] {
  if (!/^\s*(SELECT|WITH|UPDATE|DELETE|INSERT)\b/i.test(statement)) return [];
  const steps = harness.sql.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${statement}`).map(({ detail }) => detail);
  const isBoundedList = /LIMIT [^)]*$/.test(statement) && !steps.some((step) => step.includes('TEMP B-TREE'));
  return steps.flatMap((step) => {
    const [, name, index = ''] = /^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?(?!.*VIRTUAL TABLE)/.exec(step) ?? [];
    if (name === undefined || partial().has(index) || (index !== '' && isBoundedList)) return [];
    const table = growing.find((each) => new RegExp(`\\b${each}\\s+(AS\\s+)?${name}\\b`, 'i').test(statement)) ?? name;
    return growing.includes(table) || table.startsWith('search_')
      ? [`${table}: ${statement.replace(/\s+/g, ' ').slice(0, 160)}`]
      : [];
  });
}

it('no statement of pages and daily work reads a table that grows from one end to the other', () => {
  expect(statements.size).toBeGreaterThan(200);
  expect([...statements].flatMap(findScans)).toEqual([]);
  expect(findScans('SELECT COUNT(*) FROM cases c WHERE c.disputes > 1')).toHaveLength(1);
});

/** Whether a statement goes through a table before the few values that it was given, of which each names its row. */
function takesGivenLast(statement: string): boolean {
  if (!/json_each/.test(statement) || !/^\s*(SELECT|WITH)\b/i.test(statement)) return false;
  const steps = harness.sql.all<{ parent: number; detail: string }>(`EXPLAIN QUERY PLAN ${statement}`);
  return steps.some(
    ({ parent, detail }, index) =>
      /AUTOMATIC COVERING INDEX|^SCAN \w+ VIRTUAL TABLE/.test(detail) &&
      steps
        .slice(0, index)
        .some((before) => before.parent === parent && /^(SEARCH|SCAN) \w+ USING/.test(before.detail)),
  );
}

it('a statement that is given a few values begins with them', () => {
  expect([...statements].filter(takesGivenLast)).toEqual([]);
});

/** Whether SQLite plans a statement anew each time that it runs, because its plan depends on a value: `LIMIT ?`, or a partial index. */
function isPlannedAtEachRun(text: string): boolean {
  if (!/^\s*(SELECT|WITH|UPDATE|DELETE)\b/i.test(text)) return false;
  let steps = 0;
  database.setAuthorizer(() => {
    steps += 1;
    return 0;
  });
  const names = new Set(text.match(/\?\d+/g));
  // A text is a search, and zero a limit.
  const values = Array.from({ length: names.size || text.split('?').length - 1 }, () => (/MATCH/.test(text) ? '1' : 0));
  const statement = database.prepare(text);
  statement.all(...values);
  steps = 0;
  statement.all(...values);
  database.setAuthorizer(null);
  return steps > 0;
}

it('no statement of pages and daily work is planned anew each time that it runs', () => {
  expect([...statements].filter(isPlannedAtEachRun)).toEqual([]);
  expect(isPlannedAtEachRun('SELECT id FROM cases LIMIT ?')).toBe(true);
});
