/*
 * `npm run bench:pages -- CASES RESPONSES`: processor time of pages over a filled store, in milliseconds. Each page is
 * asked for and rendered several times; the median counts, and a page over 50 ms fails the run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { caseStates } from '#domain/cases/case-list.ts';
import { CaseListPage } from '#src/views/case-list.tsx';
import { ReportPage } from '#src/views/report-page.tsx';
import { WordsPage } from '#src/views/words-page.tsx';
import { WorkPage } from '#src/views/work-page.tsx';
import { call } from '#src/workspace/call.ts';
import type { Operations } from '#src/workspace/operations.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { createVisit } from '#test/harness/visit.ts';
import { createVolatileStore } from '#test/harness/volatile-store.ts';
import { fillStore } from '#test/workspace/store/fill-store.ts';

const [cases = 100_000, responses = 1_000_000] = process.argv.slice(2).map(Number);
const [mostMs, turns] = [50, 9];
const folder = mkdtempSync(join(tmpdir(), 'caselite-pages-'));
const database = new DatabaseSync(join(folder, 'workspace.sqlite'));
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
const harness = new Harness(slowAcme(), createVolatileStore(database));
const begun = performance.now();
fillStore(harness.sql, { customers: Math.ceil(cases / 3), responses, cases }, harness.now);
harness.store.commit();
console.log(`${cases} cases and ${responses} responses after ${Math.round((performance.now() - begun) / 1000)} s`);

const ask = <Name extends keyof Operations>(name: Name, ...values: unknown[]) =>
  call(harness.core, { kind: 'person', person: 'dana' }, name, values) as ReturnType<Operations[Name]>;
const visit = createVisit(harness.core);

const renderList = (query: Record<string, string>, filter: object) => {
  const list = ask('caseRows', { show: 'open', ...filter, cursor: null, limit: 50 });
  const more = { query, show: 'open' as const, cursor: null, attributes: {}, states: [], done: null };
  return CaseListPage({ visit, list: { ...list, ...more } });
};
const day = (days: number) => new Date(harness.now + days * 24 * 3_600_000).toISOString().slice(0, 10);
const reportPage = (query: Record<string, string>) => {
  const report = ask('report', { ...query, attributes: {} });
  return ReportPage({ visit, report, loops: ask('loopReport', 90), query, facets: [], quarters: [] });
};
const wordsPage = (query: object) => {
  const { items, next } = ask('words', { ...query, cursor: null, limit: 50 });
  const list = { items, next, cursor: null, hasFile: true, url: () => '' };
  return WordsPage({ visit, list, rising: ask('risingTerms', query), given: {}, attributes: {} });
};
const pages: Record<string, () => unknown> = {
  home: () =>
    WorkPage({ visit, home: ask('home', { group: null, after: 0 }), held: [], states: [], report: null, after: null }),
  ...Object.fromEntries(caseStates.map((show) => [`cases ${show}`, () => renderList({}, { show })])),
  'cases open, most severe first': () => renderList({}, { sort: 'severity' }),
  'cases open of dana': () => renderList({ person: 'dana' }, { person: 'dana' }),
  'cases open of a team and category': () =>
    renderList({ team: 'x' }, { team: 'product-review', category: 'Product wish' }),
  'cases confirmed of gold customers': () => renderList({ tier: 'gold' }, { show: 'confirmed', tier: 'gold' }),
  'all cases of a quarter': () => renderList({ from: 'x' }, { show: 'all', from: '2025-01-01', to: '2025-03-31' }),
  'cases of customers with a common attribute': () =>
    renderList({ 'customer.tier': 'gold' }, { attributes: { tier: 'gold' } }),
  'all cases of a customer with a rare attribute': () =>
    renderList({ 'customer.name': 'x' }, { show: 'all', attributes: { name: 'Customer 777' } }),
  'a search for common words': () => renderList({ search: 'x' }, { show: 'all', search: 'installation stops' }),
  'a search for a rare word': () => renderList({ search: 'x' }, { show: 'all', search: 'part 4711' }),
  'a search for a common and a rare word': () =>
    renderList({ search: 'x' }, { show: 'all', search: 'installation 4711' }),
  'a search for a name': () => renderList({ search: 'x' }, { show: 'all', search: 'Customer 777' }),
  'a case': () => ['case', 'links', 'closureWarningsOfCase'].map((name) => ask(name as 'case', 'c_4900')),
  responses: () => ask('list', { what: 'responses', cursor: null, limit: 50 }),
  'responses with a word': () => ask('list', { what: 'responses', cursor: null, limit: 50, search: 'invoice' }),
  'words of people': () => wordsPage({}),
  'words with a word': () => wordsPage({ search: 'invoice' }),
  'words behind cases of a template, by gold customers': () =>
    wordsPage({ template: 'product-wish', attributes: { tier: 'gold' } }),
  'words of a quarter that are happy': () => wordsPage({ from: day(-180), to: day(-90), mood: 'happy' }),
  customers: () => ask('list', { what: 'customers', cursor: null, limit: 50 }),
  'a customer': () => ask('customer', 500),
  'the report of a quarter': () => reportPage({ from: day(-90), to: day(0) }),
  'the report of a year': () => reportPage({ from: day(-364), to: day(0) }),
  'follow-ups': () => ask('followUpList', { state: null, cursor: null, limit: 50 }),
};

let slow = 0;
for (const [name, show] of Object.entries(pages)) {
  const spent: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const before = process.cpuUsage();
    String(await show());
    const { user, system } = process.cpuUsage(before);
    spent.push((user + system) / 1000);
  }
  const median = spent.sort((a, b) => a - b)[Math.floor(turns / 2)] ?? 0;
  if (median > mostMs) slow += 1;
  console.log(`${median.toFixed(1).padStart(8)} ms  ${name}${median > mostMs ? '  TOO SLOW' : ''}`);
}
database.close();
rmSync(folder, { recursive: true, force: true });
process.exitCode = slow > 0 ? 1 : 0;
