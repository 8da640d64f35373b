import { expect, it } from 'vitest';
import { finishSteps } from '#domain/base/steps.ts';
import { backtest } from '#domain/reports/backtest.ts';
import { buildBacktestSections } from '#domain/reports/backtest-text.ts';
import { dateAt } from '#domain/time/quiet-hours.ts';
import { ReportPage } from '#src/views/report-page.tsx';
import { StrategicListPage } from '#src/views/strategic-list.tsx';
import { erasePerson, mergeKeys } from '#src/workspace/privacy/erase-person.ts';
import { listCaseRows, saveView } from '#src/workspace/queries/case-lists.ts';
import { readHuddle } from '#src/workspace/queries/huddle.ts';
import { list } from '#src/workspace/queries/lists.ts';
import { buildLoopReport } from '#src/workspace/queries/loop.ts';
import { buildReport } from '#src/workspace/queries/report.ts';
import { backtestStoredTemplate } from '#src/workspace/queries/settings.ts';
import { listStrategicCaseSummaries, readStrategicCaseJson } from '#src/workspace/queries/strategic.ts';
import { pushSettings } from '#src/workspace/settings/push-settings.ts';
import { sumRevenueAtRisk } from '#src/workspace/store/case-links.ts';
import { listOutcomes, putOutcome } from '#src/workspace/store/reported.ts';
import { findLastResponseOfPerson } from '#src/workspace/store/risks.ts';
import { walkWords } from '#src/workspace/store/search.ts';
import { acme, acmeFiles, answer, parseTemplate, response } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day } from '#test/harness/times.ts';
import { createVisit } from '#test/harness/visit.ts';

const casesOf = (harness: Harness, address: string | null) => {
  const query = Object.fromEntries(new URL(`https://a.test/${address}`).searchParams);
  return listCaseRows(harness.core, { show: 'all', cursor: null, limit: 50, who: 'dana', ...query });
};

it('counts the satisfied of few CSAT scores, and keeps the interval of a share within 0 and 100 %', async () => {
  const harness = new Harness(
    slowAcme((text) => text.replace('    questions:\n', '    scores: { csat: ease }\n    questions:\n')),
  );
  const csat = () => buildReport(harness.core, {}).figures.find(({ id }) => id === 'csat')?.now;
  await harness.receive({ token: 'a', customer: 'k-a', completed: true, ease: 10 });
  await harness.receive({ token: 'b', customer: 'k-b', completed: true, ease: 1 });
  expect(csat()).toMatchObject({ count: 1, total: 2, value: null });
  for (let n = 0; n < 28; n += 1)
    await harness.receive({ token: `t${n}`, customer: `k-${n}`, completed: true, ease: 10 });
  expect(csat()).toMatchObject({ count: 29, total: 30 });
  expect(csat()?.high).toBeLessThanOrEqual(1);
});

it('leads from times and handling scores to the cases that they are of', async () => {
  const harness = new Harness(slowAcme());
  for (const n of [1, 2, 3]) await harness.receive({ completed: false, token: `t${n}`, customer: `k${n}` });
  harness.update({ loop: 'asked', resolvedAt: harness.now, closeMs: 5 }, 0);
  harness.update({ generation: 2 }, 1);
  const { id } = harness.case(0);
  harness.sql.run(
    `INSERT INTO asks (id, kind, person, survey, state, why, due_at, answered_at, answers, case_id, generation)
       VALUES ('f', 'customer', 'k1', 'recovery', 'answered', '', 1, ?, '{"resolved":"yes","handling":"4"}', ?, 1)`,
    harness.now,
    id,
  );
  const { figures } = buildReport(harness.core, {});
  for (const name of ['close-time', 'handling']) {
    const row = figures.find((figure) => figure.id === name);
    expect(row?.now.count, name).toBe(1);
    expect(
      casesOf(harness, row?.list ?? null).rows.map(({ handle }) => handle),
      name,
    ).toEqual(['C-1']);
  }
});

it('counts verdicts of the period of the report alone', async () => {
  const harness = new Harness(slowAcme());
  await harness.receive({ completed: false });
  const period = { from: harness.now - day, to: harness.now + day };
  for (const [person, at] of [
    ['k-1', period.from - 1],
    ['k-2', period.from],
  ] as const)
    harness.sql.run("INSERT INTO verdicts SELECT id, ?, 1, 'confirmed', 'said', ? FROM cases", person, at);
  const report = buildLoopReport(harness.core, 2, period);
  expect(report.total.counts.confirmed).toBe(1);
  expect(Date.parse(report.from)).toBe(period.from);
});

it('lists cases of removed sources where their kind of respondent is counted', async () => {
  const harness = new Harness(slowAcme());
  await harness.receive({ completed: false });
  harness.update({ source: 'removed' }, 0);
  harness.sql.run("INSERT INTO sources (name, settings) VALUES ('removed', '{}')");
  const [group] = buildReport(harness.core, { by: 'respondents' }).groups;
  expect(group).toMatchObject({ name: 'customers', cases: 1 });
  expect(casesOf(harness, '?respondents=customers').rows).toHaveLength(1);
});

it('lists the responses of a re-survey by whether a case came of them', async () => {
  const harness = new Harness(slowAcme());
  await harness.receive({ token: 'a', completed: false }, { token: 'b', customer: 'k-2', completed: true, ease: 9 });
  harness.sql.run(
    `INSERT INTO asks (id, kind, person, survey, state, why, due_at, sent_at, rule, origin_id)
       SELECT 'q' || seq, 'resurvey', customer_key, 'recovery', 'sent', '', 1, ?, 'again', id FROM responses`,
    harness.now,
  );
  const { resurveys } = buildLoopReport(harness.core, 30);
  expect(resurveys.map(({ hadCase, asked }) => [hadCase, asked])).toEqual([
    [true, 1],
    [false, 1],
  ]);
  for (const opened of ['yes', 'no'] as const)
    expect(
      list(harness.core, { what: 'responses', cursor: null, limit: 9, responses: { again: 'again', opened } }).items,
    ).toHaveLength(1);
});

it('keeps in a saved view what narrows the list of a figure', () => {
  const harness = new Harness(slowAcme());
  const query = 'show=all&fact=goal-missed&respondents=customers&verdict=disputed&reason=policy&from=2026-11-01';
  saveView(harness.core, { name: 'Missed', query: `${query}&search=Maria`, who: 'dana' });
  const [view] = casesOf(harness, '').rail.views;
  expect(new URLSearchParams(view?.query).size).toBe(new URLSearchParams(query).size);
});

it('keeps the narrowing of a report in the links from its kinds of respondents', async () => {
  const harness = new Harness(slowAcme());
  await harness.receive({ completed: false });
  const visit = createVisit(harness.core);
  const query = { team: 'upgrade-response', by: 'respondents' };
  const report = buildReport(harness.core, query);
  const loops = buildLoopReport(harness.core, 9);
  const html = String(ReportPage({ visit, report, loops, query, facets: ['team'], quarters: [] }));
  const [, link = ''] = /href="([^"]+respondents=customers[^"]+)"/.exec(html) ?? [];
  expect(link).toContain('team=upgrade-response');
});

it('ends a huddle with yesterday also where a day has 25 hours', () => {
  const { core } = new Harness(slowAcme());
  const now = Date.parse('2026-10-25T23:30:00+01:00');
  const { from, to } = readHuddle({ ...core, clock: { ...core.clock, now: () => now } }, {});
  expect([from, to]).toEqual(['2026-10-18', '2026-10-24']);
  expect(dateAt(Date.parse('2026-03-30T00:30:00+02:00'), 'Europe/Berlin', -1)).toBe('2026-03-29');
});

it('takes for the last response of a person the one answered last, however late another was imported', async () => {
  const harness = new Harness(slowAcme());
  await harness.receive({ token: 'a', completed: false }, { token: 'b', completed: false });
  const [first, second] = harness.sql.all<{ id: string }>('SELECT id FROM responses ORDER BY seq');
  harness.sql.run('UPDATE responses SET submitted_at = submitted_at - 1000 WHERE id = ?', second?.id ?? '');
  expect(findLastResponseOfPerson(harness.core.sql, ['k-1'])?.id).toBe(first?.id);
});

it('counts a person of two keys once: at risk, behind a strategic case, and with a rising word', async () => {
  const harness = new Harness(slowAcme());
  for (const n of [1, 2])
    await harness.receive({ token: `t${n}`, customer: `k-${n}`, completed: true, ease: 2, wish: 'A dark mode' });
  mergeKeys(harness.core, { keys: ['k-1', 'k-2'], who: 'dana' });
  expect(sumRevenueAtRisk(harness.core.sql)).toEqual({ customers: 1, revenue: 1000 });
  const people = walkWords(harness.core.sql, {}, null, 9).map(({ customerKey }) => customerKey);
  expect(new Set(people).size).toBe(1);
  const strategic = harness.cases().find(({ kind }) => kind === 'strategic');
  const row = casesOf(harness, '').rows.find(({ id }) => id === strategic?.id);
  expect([row?.customers, readStrategicCaseJson(harness.core, strategic?.id ?? '').customers]).toEqual([1, 1]);
});

it('counts in the rate of a theme only responses that can still be about it', async () => {
  const harness = new Harness(slowAcme());
  await harness.receive(
    { token: 'a', customer: 'k-1', completed: true, ease: 2 },
    { token: 'b', customer: 'k-2', completed: true, ease: 2 },
  );
  const { id } = harness.cases().find(({ kind }) => kind === 'strategic') ?? {};
  const during = () => readStrategicCaseJson(harness.core, id ?? '').rate.during;
  expect(during()).toMatchObject({ count: 2, total: 2 });
  harness.sql.transaction(() => erasePerson(harness.core, 'k-2', 'dana'));
  expect(during()).toMatchObject({ count: 1, total: 1 });
});

it('lists and writes the strategic cases that its counts are of', async () => {
  const harness = new Harness(slowAcme());
  await harness.receive({ completed: true, ease: 2 });
  const { items, atRisk } = listStrategicCaseSummaries(harness.core, 9);
  const visit = createVisit(harness.core);
  const query = { show: 'undecided', sort: 'customers' } as const;
  const html = String(
    StrategicListPage({ visit, items: items.map((each) => ({ ...each, isDecided: true })), atRisk, query }),
  );
  expect(html).toMatch(/<strong>0<\/strong> No decision yet/);
  expect(html).toMatch(/show=undecided[^"]*format=csv/);
});

it('counts unassigned cases as their list does', async () => {
  const harness = new Harness(slowAcme());
  for (const n of [1, 2]) await harness.receive({ token: `t${n}`, customer: `k-${n}`, completed: false });
  harness.update({ assignee: null, team: 'another-team' }, 0);
  harness.update({ assignee: null }, 1);
  const { rows, rail } = casesOf(harness, '?show=working&assignee=nobody');
  expect([rows.length, rail.unassigned]).toEqual([2, 2]);
});

it('names weeks of a back-test by their Monday in any time zone, and counts each matching response once', () => {
  const { workspace: settings } = acme();
  const template = parseTemplate({
    ...{ name: 'Wishes', kind: 'strategic', state: 'draft', category: 'Product wish', tracker: 'support' },
    ...{ team: 'upgrade-response', gather: { theme: 'tags', values: ['Suite', 'Desk'] } },
    when: { source: 'upgrade-survey', all: [{ question: 'completed', is: 'yes' }] },
  });
  const tags = answer('tags', ['Suite', 'Desk'], { type: 'choice', text: 'Suite, Desk' });
  const given = response([tags, answer('completed', true)], { submittedAt: Date.parse('2026-11-04T12:00:00Z') });
  const asked = { settings, name: 'wishes', template, against: null, others: new Map(), responses: [given] };
  const report = backtest(asked);
  expect(report).toMatchObject({ responses: 1, matched: 1, opened: 2 });
  const weeks = buildBacktestSections(report, 'America/Los_Angeles').find(({ title }) => title === 'Per week');
  expect(weeks?.lines).toEqual(['week of 2026-11-02: 2']);
});

it('back-tests on feedback alone, without answers to follow-ups', async () => {
  const harness = new Harness(slowAcme());
  const settings = () => harness.core.settings;
  pushSettings(harness.core, { files: acmeFiles(), base: null, author: 'dana' }, settings);
  await harness.receive({ token: 'a', completed: false }, { token: 'b', customer: 'k-2', completed: false });
  harness.sql.run("UPDATE responses SET is_feedback = 0 WHERE customer_key = 'k-2'");
  const asked = { template: 'upgrade-not-installed', text: null, against: null };
  expect(finishSteps(backtestStoredTemplate(harness.core, asked, settings)).report.responses).toBe(1);
});

it('counts each customer and yearly value once in the effect of a period, by the newest outcome', () => {
  const { sql, core } = new Harness(slowAcme());
  const row = { value: 100, verdict: null, handling: 'no complaint' } as const;
  for (const day of ['2026-01-01', '2026-02-01', '2026-03-01'])
    putOutcome(sql, { ...row, customerKey: 'a', day, outcome: day < '2026-03' ? 'stayed' : 'left' });
  putOutcome(sql, { ...row, customerKey: 'b', day: '2026-01-05', outcome: 'stayed' });
  const figure = (to: string) =>
    buildReport(core, { from: '2026-01-01', to }).effect?.groups.find(({ name }) => name === 'no complaint');
  expect(figure('2026-03-31')).toMatchObject({ kept: { count: 1, total: 2 }, keptValue: 100, lostValue: 100 });
  const february = figure('2026-02-28');
  expect(february).toMatchObject({ kept: { count: 2, total: 2 }, keptValue: 200 });
  const query = Object.fromEntries(new URL(`https://a.test/${february?.list}`).searchParams);
  expect(listOutcomes(sql, query, ['9', Number.MAX_SAFE_INTEGER], 9).map(({ day }) => day)).toEqual([
    '2026-02-01',
    '2026-01-05',
  ]);
});
