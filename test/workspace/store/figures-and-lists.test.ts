import { expect, it } from 'vitest';
import { ReportPage } from '#src/views/report-page.tsx';
import type { Visit } from '#src/views/visit.ts';
import { call } from '#src/workspace/call.ts';
import { listCaseRows, saveView } from '#src/workspace/queries/case-lists.ts';
import { list } from '#src/workspace/queries/lists.ts';
import { buildLoopReport } from '#src/workspace/queries/loop.ts';
import { buildReport } from '#src/workspace/queries/report.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day } from '#test/harness/times.ts';

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
  for (const hasCase of [true, false])
    expect(
      list(harness.core, { what: 'responses', cursor: null, limit: 9, responses: { askedAgain: 'again', hasCase } })
        .items,
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
  const about = call(harness.core, { kind: 'person', person: 'dana' }, 'about', [null]) as Visit;
  const visit = {
    ...about,
    workspace: 'acme',
    person: 'dana',
    access: 'manager' as const,
    now: harness.now,
    query: {},
  };
  const query = { team: 'upgrade-response', by: 'respondents' };
  const report = buildReport(harness.core, query);
  const loops = buildLoopReport(harness.core, 9);
  const html = String(ReportPage({ visit, report, loops, query, facets: ['team'], quarters: [] }));
  const [, link = ''] = /href="([^"]+respondents=customers[^"]+)"/.exec(html) ?? [];
  expect(link).toContain('team=upgrade-response');
});
