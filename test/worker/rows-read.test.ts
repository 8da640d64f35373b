import { runInDurableObject } from 'cloudflare:test';
import { beforeAll, expect, it } from 'vitest';
import type { Sql } from '#domain/base/ports.ts';
import { caseFacets, caseSorts, caseStates } from '#domain/cases/case-list.ts';
import type { Value } from '#src/calls.ts';
import { createObjectSql } from '#src/workspace/object-sql.ts';
import type { OperationName } from '#src/workspace/rights.ts';
import * as store from '#src/workspace/store/index.ts';
import type { Workspace } from '#src/workspace/workspace.ts';
import { fillStore } from '#test/workspace/store/fill-store.ts';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';

useNetwork();

/* The rows that SQLite reads for a list, by the runtime's own count. */

const [shown, mostReadPerRow] = [50, 20];
const page = { cursor: null, limit: shown };

let workspace: Awaited<ReturnType<typeof newWorkspace>>;

beforeAll(async () => {
  network.use(...emulatedHosts().handlers);
  workspace = await newWorkspace();
  await runInDurableObject(workspace.stub, async (_, { storage }) =>
    fillStore(createObjectSql(storage), { customers: 600, responses: 12_000, cases: 3000 }, Date.now()),
  );
}, 60_000);

/** Notes the statements from now on, until `end`. */
function noteStatements(storage: DurableObjectState['storage']) {
  const prototype = Object.getPrototypeOf(storage.sql);
  const { exec } = prototype;
  const cursors: { statement: string; cursor: { rowsRead: number } }[] = [];
  prototype.exec = (statement: string, ...given: unknown[]) => {
    const cursor = exec.call(storage.sql, statement, ...given);
    cursors.push({ statement, cursor });
    return cursor;
  };
  return { cursors, end: () => Object.assign(prototype, { exec }) };
}

/** An operation's answer, with the rows that its statements read; those that count go by an index alone. */
const ask = (name: OperationName, ...values: unknown[]) =>
  runInDurableObject(workspace.stub, async (object: Workspace, { storage }) => {
    const { cursors, end } = noteStatements(storage);
    const answer = await object.call({ kind: 'person', person: 'dana' }, name, values);
    end();
    if (!answer.ok) throw new Error(answer.message);
    const sum = (isCount: boolean) =>
      cursors
        .filter(({ statement }) => /^\s*SELECT (stage, )?(COUNT|SUM)\(/.test(statement) === isCount)
        .reduce((total, { cursor }) => total + cursor.rowsRead, 0);
    return { value: answer.value, read: sum(false), counted: sum(true) };
  });

const narrowed = [
  ...caseFacets.map((facet) => ({ [facet]: 'product-review' })),
  ...[{ assignee: 'sam' }, { person: 'dana' }, { tier: 'gold' }, { severity: 'urgent' }, { template: 'product-wish' }],
  ...[{ category: 'Product wish' }, { source: 'upgrade-survey' }, { from: '2026-06-01' }, { to: '2026-06-01' }],
  ...[{ attributes: { tier: 'gold' } }, { attributes: { name: 'Customer 7' } }],
];
type List = [name: OperationName, query: object];
const lists: List[] = [
  ...caseStates.map((show): List => ['caseRows', { show }]),
  ...caseSorts.map((sort): List => ['caseRows', { show: 'open', sort }]),
  ...narrowed.flatMap((filter): List[] => ['open', 'all'].map((show) => ['caseRows', { show, ...filter }])),
  ...(['cases', 'responses', 'customers', 'deliveries', 'mails'] as const).map((what): List => ['list', { what }]),
  ...[
    { responses: { acted: 'no' as const } },
    { responses: { acted: 'yes' as const } },
    { attributes: { name: 'Customer 7' } },
  ].map((query): List => ['list', { what: 'responses', ...query }]),
  ['followUpList', { state: null }],
  ['triage', {}],
  ...[
    ...[{}, { from: '2026-01-01', to: '2026-06-01' }, { source: 'upgrade-survey' }],
    ...[{ template: 'product-wish' }, { category: 'Product wish' }, { term: 'invoice' }, { mood: 'happy' as const }],
    ...[{ case: 'c_7' }, { attributes: { name: 'Customer 7' } }, { attributes: { tier: 'gold' } }],
  ].map((query): List => ['words', query]),
];

it.each(lists)('%s of %j reads at most 20 rows for each that it shows', async (name, query) => {
  const { read } = await ask(name, { ...query, ...page });
  expect(read).toBeLessThanOrEqual(mostReadPerRow * shown);
});

it('counts without further conditions by counters and indexes of the open cases', async () => {
  for (const show of caseStates) {
    const { counted } = await ask('caseRows', { show, ...page });
    expect(counted, show).toBeLessThanOrEqual(200);
  }
});

it('reads the strategic cases without all others', async () => {
  const { read, counted } = await ask('strategicList', shown);
  expect(read + counted).toBeLessThanOrEqual(mostReadPerRow * shown);
});

it('reads home by the cases that it counts, all of them the person’s own', async () => {
  const { value, read } = await ask('home', { group: null, after: 0 });
  const own = (value as Value<'home'>).groups.reduce((sum, { count }) => sum + count, 0);
  expect(own).toBeGreaterThan(20);
  expect(read).toBeLessThanOrEqual(mostReadPerRow * own);
});

const now = Date.now();
const delivered = { receivedAt: now, headers: {}, body: new Uint8Array() };
const waiting = Array.from({ length: 1500 }, (_, n) => ({ id: `d_${n}`, source: 'upgrade-survey', raw: delivered }));
const storeAll = (sql: Sql) => {
  for (const seq of store.listWaitingDeliveries(sql, waiting.length)) store.setDeliveryOutcome(sql, seq, 'stored');
};
const behindPages: [what: string, read: (sql: Sql) => unknown, prepare?: (sql: Sql) => void][] = [
  ['the next alarm', store.findNextWorkAt],
  ['the oldest unread delivery of a source', (sql) => store.findOldestUnreadTime(sql, 'upgrade-survey', now), storeAll],
  [
    'whether a question is left out',
    (sql) =>
      store.countResponsesWithoutAnswer(sql, { source: 'upgrade-survey', form: 'f', question: 'q', at: 0, most: 20 }),
  ],
  ['the issues to read again', (sql) => store.casesToRecheck(sql, 'support', { now, before: 0, limit: 100 })],
  ['the steps to read again', (sql) => store.listStepsToRecheck(sql, { tracker: 'support', before: now, limit: 100 })],
];

it.each(behindPages)('finds %s without walking through all rows', async (_, find, prepare) => {
  const read = await runInDurableObject(workspace.stub, async (__, { storage }) => {
    const sql = createObjectSql(storage);
    let rows = 0;
    const undo = new Error('undone');
    try {
      sql.transaction(() => {
        store.insertDeliveries(sql, waiting);
        prepare?.(sql);
        const { cursors, end } = noteStatements(storage);
        find(sql);
        end();
        rows = cursors.reduce((sum, { cursor }) => sum + cursor.rowsRead, 0);
        throw undo;
      });
    } catch (error) {
      if (error !== undo) throw error;
    }
    return rows;
  });
  expect(read).toBeLessThanOrEqual(mostReadPerRow * shown);
});
