import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verdicts } from '#domain/cases/verdict.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import { formatFigure } from '#domain/reports/figure.ts';
import { listReportRows, splitPeriod } from '#domain/reports/report.ts';
import { describeLoopState } from '#src/views/case-display.ts';
import { ReportPage } from '#src/views/report-page.tsx';
import { call } from '#src/workspace/call.ts';
import { buildLoopReport } from '#src/workspace/queries/loop.ts';
import { buildReport, type ReportQuery } from '#src/workspace/queries/report.ts';
import { sumResponses } from '#src/workspace/store/closings.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour } from '#test/harness/times.ts';
import { createVisit } from '#test/harness/visit.ts';
import { fillStore } from './fill-store.ts';

const filled = () => {
  const harness = new Harness(
    slowAcme((text) => text.replace('    questions:\n', '    scores: { nps: ease }\n    questions:\n')),
  );
  fillStore(harness.sql, { customers: 300, responses: 2000, cases: 1000 }, harness.now);
  return harness;
};
const program = { kind: 'program' } as const;

/** Every case of the store through the list, page by page. */
function listCases(harness: Harness, query: object): CaseJson[] {
  const cases: CaseJson[] = [];
  for (let cursor: string | null = null; ; ) {
    const page = call(harness.core, program, 'list', [{ what: 'cases', cases: query, cursor, limit: 200 }]) as {
      items: CaseJson[];
      next: string | null;
    };
    cases.push(...page.items);
    if (page.next === null) return cases;
    cursor = page.next;
  }
}

const daysBefore = (harness: Harness, days: number) => new Date(harness.now - days * day).toISOString().slice(0, 10);
const dayOf = (at: string) => new Date(Date.parse(at) + 1).toLocaleDateString('sv', { timeZone: 'Europe/Berlin' });
const isClosed = ({ resolvedAt, generation }: CaseJson) => resolvedAt !== null || generation > 1;
const isKept = ({ loop, resolvedAt, dueAt }: CaseJson) =>
  loop !== 'working' && resolvedAt !== null && resolvedAt <= dueAt;
const isMissed = ({ loop, resolvedAt, dueAt, overdue }: CaseJson) =>
  loop === 'working' ? overdue : resolvedAt !== null && resolvedAt > dueAt;

describe('the report', () => {
  it('counts what an independent count over the same cases gives, in any period and narrowing', () => {
    const harness = filled();
    const all = listCases(harness, { show: 'all' });
    const teams = new Map(harness.cases().map(({ id, team }) => [id, team]));
    const opened = new Map(all.map(({ id, openedAt }) => [id, dayOf(openedAt)]));
    fc.assert(
      fc.property(
        fc.record({
          end: fc.integer({ min: 0, max: 700 }),
          length: fc.integer({ min: 1, max: 400 }),
          team: fc.option(fc.constantFrom('upgrade-response', 'product-review'), { nil: undefined }),
          category: fc.option(fc.constantFrom('Product wish', 'Installation issues'), { nil: undefined }),
          by: fc.constantFrom('team', 'category', 'template', 'tier'),
        }),
        ({ end, length, team, category, by }) => {
          const [from, to] = [daysBefore(harness, end + length - 1), daysBefore(harness, end)];
          const query: ReportQuery = { from, to, team, category, by };
          const report = buildReport(harness.core, query);
          const cohort = all.filter(
            (one) =>
              (opened.get(one.id) ?? '') >= from &&
              (opened.get(one.id) ?? '') <= to &&
              (!team || teams.get(one.id) === team) &&
              (!category || one.category === category),
          );
          const closed = cohort.filter(isClosed).length;
          const goals = cohort.filter((one) => isKept(one) || isMissed(one)).length;
          const expected = {
            contact: [cohort.filter(({ firstContactAt }) => firstContactAt !== null).length, cohort.length],
            'goal-kept': [cohort.filter(isKept).length, goals],
            confirmation: [
              cohort.filter(({ loop }) => loop === 'confirmed' || loop === 'unseen-recovery').length,
              closed,
            ],
            reopened: [cohort.filter(({ generation }) => generation > 1).length, closed],
          };
          for (const [id, counts] of Object.entries(expected)) {
            const row = report.figures.find((figure) => figure.id === id);
            expect([row?.now.count, row?.now.total], id).toEqual(counts);
            expect(row?.now.value === null, id).toBe((counts[1] ?? 0) < 20);
          }
          expect(report.groups.reduce((sum, { cases }) => sum + cases, 0)).toBe(cohort.length);
          const trend = report.trends.find(({ title }) => title === 'Goals kept')?.points ?? [];
          expect(trend.reduce((sum, { total }) => sum + total, 0)).toBe(goals);
          expect(trend.reduce((sum, { count }) => sum + count, 0)).toBe(cohort.filter(isKept).length);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('counts responses by the hour as it would one by one, between any instants and whatever changes', async () => {
    const harness = filled();
    await harness.receive({ token: 'r-a', completed: false }, { token: 'r-b', partial: true }, { token: 'r-c' });
    await harness.receive({ token: 'r-b' });
    harness.sql.run(
      'UPDATE responses SET is_acted_on = 1 - is_acted_on, submitted_at = submitted_at - 7000000 WHERE seq % 9 = 0',
    );
    harness.sql.run('UPDATE responses SET is_feedback = 0 WHERE seq % 11 = 0');
    const all = harness.sql.all<{ at: number; actedOn: number }>(
      'SELECT submitted_at AS at, is_acted_on AS actedOn FROM responses WHERE is_feedback = 1',
    );
    const instant = fc
      .integer({ min: 0, max: 800 * 24 * 4 })
      .map((quarters) => harness.now + hour - quarters * (hour / 4));
    fc.assert(
      fc.property(instant, instant, fc.constantFrom(undefined, 'upgrade-survey'), (one, other, source) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const own = all.filter(({ at }) => at >= from && at < to);
        expect(sumResponses(harness.sql, { show: 'all', from, to, source })).toEqual({
          total: own.length,
          actedOn: own.filter(({ actedOn }) => actedOn === 1).length,
        });
      }),
    );
  });

  it('counts the responses of customers with an attribute', () => {
    const harness = filled();
    const keys = new Set(
      harness.sql
        .all<{ key: string }>(
          "SELECT customer_key AS key FROM customer_attributes WHERE name = 'tier' AND value = 'gold'",
        )
        .map(({ key }) => key),
    );
    const own = harness.responses().filter(({ customerKey }) => keys.has(customerKey));
    const all = { show: 'all' as const, from: 0, to: harness.now + day, attributes: { tier: 'Gold' } };
    expect(own.length).toBeGreaterThan(0);
    expect(sumResponses(harness.sql, { ...all, source: 'upgrade-survey' }).total).toBe(own.length);
    expect(sumResponses(harness.sql, { ...all, source: 'another' }).total).toBe(0);
  });

  it('leads from each case figure to a list of as many cases', () => {
    const harness = filled();
    const report = buildReport(harness.core, { team: 'upgrade-response', from: daysBefore(harness, 700) });
    const rows = report.figures.filter(({ list, unit }) => unit === 'share' && list?.startsWith('cases'));
    expect(rows.map(({ id }) => id)).toEqual(['contact', 'goal-kept', 'confirmation', 'dispute', 'reopened']);
    for (const { id, list, now } of rows) {
      const query = Object.fromEntries(new URL(`https://a.test/${list}`).searchParams);
      expect(query.team).toBe('upgrade-response');
      expect(listCases(harness, query).length, id).toBe(now.count);
      expect(now.count, id).toBeGreaterThan(0);
    }
  });

  it('leads from what customers and closers said to the cases of which they said it', () => {
    const harness = filled();
    const closed = 'FROM cases WHERE resolved_at IS NOT NULL AND number %';
    for (const query of [
      `INSERT INTO verdicts SELECT id, customer_key, 1, json_extract('${JSON.stringify(verdicts)}', '$[' || (number % 5) || ']'),
         'said', resolved_at ${closed} 7 > 0`,
      `INSERT INTO asks (id, kind, person, survey, state, why, due_at, answered_at, answers, case_id, generation)
         SELECT 'closer-' || id, 'closer', 'sam', 'closer', 'answered', 'closed', resolved_at, resolved_at, json_object(
           'closed', CASE number % 3 WHEN 0 THEN 'yes' ELSE 'unable' END,
           'blocker', CASE number % 4 WHEN 0 THEN 'budget' WHEN 2 THEN 'no-time' END), id, 1 ${closed} 2 = 0`,
      `INSERT INTO asks (id, kind, person, survey, state, why, due_at, answered_at, answers, case_id, generation)
         SELECT 'customer-' || id, 'customer', customer_key, 'customer', 'answered', 'closed', resolved_at, resolved_at,
           json_object('resolved', CASE number % 5 WHEN 0 THEN 'yes' ELSE 'no' END), id, 1 ${closed} 3 = 0`,
    ])
      harness.sql.run(query);
    const loops = buildLoopReport(harness.core, 700);
    const period = { show: 'all', from: loops.from, to: loops.to };
    const rows = harness.sql.all<{ id: string; verdict: string; customer: string; closer: string }>(
      `SELECT v.case_id AS id, v.verdict, COALESCE(MAX(a.answers ->> '$.resolved'), 'silent') AS customer,
         COALESCE((SELECT b.answers ->> '$.closed' FROM asks b WHERE b.kind = 'closer' AND b.state = 'answered'
           AND b.case_id = v.case_id AND b.generation = v.generation ORDER BY b.answered_at DESC LIMIT 1), 'silent') AS closer
       FROM verdicts v LEFT JOIN asks a ON a.kind = 'customer' AND a.state = 'answered' AND a.case_id = v.case_id
         AND a.generation = v.generation AND a.person = v.customer_key
      WHERE v.at >= ? AND v.at < ? GROUP BY v.case_id, v.generation, v.customer_key`,
      Date.parse(loops.from),
      Date.parse(loops.to),
    );
    const idsOf = (query: object) => listCases(harness, { ...period, ...query }).map(({ id }) => id);
    const casesOf = (own: typeof rows) => new Set(own.map(({ id }) => id));
    for (const verdict of verdicts) {
      const own = rows.filter((row) => row.verdict === verdict);
      expect(new Set(idsOf({ verdict })), verdict).toEqual(casesOf(own));
      expect(own.length, verdict).toBe(loops.total.counts[verdict]);
    }
    for (const { closer, customer, count } of loops.crossed) {
      const own = rows.filter((row) => row.closer === closer && row.customer === customer);
      expect(new Set(idsOf({ 'closer-says': closer, 'customer-says': customer }))).toEqual(casesOf(own));
      expect(own.length).toBe(count);
    }
    expect(loops.crossed.filter(({ count }) => count > 0).length).toBeGreaterThan(4);
    expect(loops.blockers.map(({ blocker }) => blocker)).toEqual(['no-time', 'budget']);
    for (const { blocker, count, reasons } of loops.blockers) {
      const named = harness.sql.all<{ id: string }>(
        `SELECT case_id AS id FROM asks WHERE answered_at >= ? AND answered_at < ? AND state = 'answered'
           AND ? IN (answers ->> '$.blocker', CASE answers ->> '$.resolved' WHEN 'yes' THEN NULL ELSE answers ->> '$.reason' END)`,
        ...[Date.parse(loops.from), Date.parse(loops.to), blocker],
      );
      expect(new Set(idsOf({ reason: blocker }))).toEqual(new Set(named.map(({ id }) => id)));
      expect(named.length, blocker).toBe(count + reasons);
    }
    expect(idsOf({ verdict: 'disputed', reason: 'nobody named this' })).toEqual([]);
  });

  it('counts scores of the customers with an attribute, and none where cases alone are narrowed', () => {
    const harness = filled();
    harness.sql.run(
      `INSERT INTO scores (response_id, kind, at, source, form, question, score)
        SELECT id, 'nps', ?, source, 'form', 'ease', seq % 11 FROM responses`,
      harness.now,
    );
    const nps = (query: ReportQuery) =>
      buildReport(harness.core, { from: daysBefore(harness, 700), ...query }).figures.find(({ id }) => id === 'nps')
        ?.now;
    const all = nps({})?.count ?? 0;
    const gold = nps({ attributes: { tier: 'gold' } })?.count ?? 0;
    const [counted] = harness.sql.all<{ n: number }>(
      `SELECT COUNT(*) AS n FROM scores s JOIN responses r ON r.id = s.response_id JOIN customer_attributes a
         ON a.customer_key = r.customer_key AND a.name = 'tier' AND a.value = 'gold' WHERE s.kind = 'nps'`,
    );
    expect([gold, gold > 0 && gold < all]).toEqual([counted?.n, true]);
    expect(nps({ team: 'upgrade-response' })).toBeUndefined();
  });

  it('lists the responses of customers with an attribute as it counts them', () => {
    const harness = filled();
    const query = { what: 'responses', attributes: { tier: 'gold' }, cursor: null, limit: 200 } as const;
    const from = 0;
    const list = call(harness.core, program, 'list', [
      { ...query, responses: { from: '1970-01-01', acted: 'yes' } },
    ]) as {
      items: object[];
    };
    const counted = sumResponses(harness.sql, {
      show: 'all',
      from,
      to: harness.now + day,
      attributes: query.attributes,
    });
    expect(counted.actedOn).toBeGreaterThan(0);
    expect(list.items.length).toBe(Math.min(200, counted.actedOn));
  });

  it('gives the median and the ninth decile of working times', () => {
    const harness = filled();
    const report = buildReport(harness.core, {});
    const times = harness
      .cases()
      .filter(({ openedAt, closeMs }) => closeMs !== null && dayOf(new Date(openedAt).toISOString()) >= report.from)
      .map(({ closeMs }) => closeMs ?? 0)
      .sort((a, b) => a - b);
    const figure = report.figures.find(({ id }) => id === 'close-time')?.now;
    expect(figure?.value).toBe(times[Math.ceil(times.length / 2) - 1]);
    expect(figure?.high).toBe(times[Math.ceil(times.length * 0.9) - 1]);
  });

  it('draws each plot from the numbers of its table', () => {
    const harness = filled();
    const report = buildReport(harness.core, { from: daysBefore(harness, 700) });
    const visit = createVisit(harness.core);
    const loops = buildLoopReport(harness.core, 90);
    const html = String(ReportPage({ visit, report, loops, query: {}, facets: [], quarters: [] }));
    const drawn = [...html.matchAll(/data-value="([^"]+)"/g)].map(([, value]) => Number(value));
    expect(drawn).toEqual(report.trends.flatMap(({ points }) => points.flatMap(({ value }) => value ?? [])));
    expect(drawn.length).toBeGreaterThan(5);
    for (const days of [7, 30, 90, 365]) expect(html).toContain(`?days=${days}"`);
    for (const verdict of verdicts)
      expect(html).toContain(`${loops.total.counts[verdict]} ${describeLoopState(verdict).text}`);
    for (const value of drawn) expect(html).toContain(`${Math.round(value * 100)} %`);
  });
});

it('counts responses as acted on by a case, and not without one', async () => {
  const harness = new Harness();
  await harness.receive({ token: 'a', completed: false }, { token: 'b', customer: 'k-2', completed: true, ease: 9 });
  const acted = buildReport(harness.core, {}).figures.find(({ id }) => id === 'acted-on');
  expect(acted?.now).toMatchObject({ count: 1, total: 2, value: null });
  const list = call(harness.core, program, 'list', [
    { what: 'responses', responses: { from: '1970-01-01', acted: 'no' }, cursor: null, limit: 10 },
  ]) as { items: object[] };
  expect(list.items).toHaveLength(1);
});

it('lists no unfinished response as not acted on, with or without a period', async () => {
  const harness = new Harness();
  await harness.receive(
    { token: 'part', customer: 'k-1', ease: 9, partial: true },
    { token: 'b', customer: 'k-2', completed: true, ease: 9 },
  );
  for (const responses of [{ acted: 'no' }, { to: '2099-12-31' }]) {
    const list = call(harness.core, program, 'list', [{ what: 'responses', responses, cursor: null, limit: 10 }]);
    expect(list).toMatchObject({ items: [{ customer: { key: 'k-2' } }] });
  }
});

it('counts promoters less detractors as NPS, with its interval', async () => {
  const harness = new Harness(
    slowAcme((text) => text.replace('    questions:\n', '    scores: { nps: ease }\n    questions:\n')),
  );
  const scores = [...Array(12).fill(10), ...Array(6).fill(8), ...Array(6).fill(2)];
  await harness.receive(
    ...scores.map((ease, index) => ({ token: `t-${index}`, customer: `k-${index}`, completed: true, ease })),
  );
  const nps = buildReport(harness.core, {}).figures.find(({ id }) => id === 'nps')?.now;
  expect(nps).toMatchObject({ count: 24, value: 25 });
  expect(nps?.low).toBeLessThan(0);
  expect(nps?.high).toBeGreaterThan(50);
});

it('values satisfaction by the whole scale, also the answers that came before it was known', async () => {
  const harness = new Harness(
    slowAcme((text) => text.replace('    questions:\n', '    scores: { csat: ease }\n    questions:\n')),
  );
  const scores = [...Array(10).fill(5), ...Array(10).fill(4), ...Array(10).fill(10)];
  await harness.receive(
    ...scores.map((ease, index) => ({ token: `t-${index}`, customer: `k-${index}`, completed: true, ease })),
    { token: 'part', customer: 'k-part', ease: 10, partial: true },
  );
  const csat = buildReport(harness.core, {}).figures.find(({ id }) => id === 'csat')?.now;
  expect([csat?.count, csat?.total, csat?.value]).toEqual([10, 30, 1 / 3]);
});

it('names figures of groups in a file by their titles', () => {
  const named = listReportRows(buildReport(filled().core, {})).map(({ figure }) => figure);
  expect(named).toContain('Goals kept');
  expect(named).not.toContain('goal-kept');
});

it.each([
  ['time', { count: 1, total: 1 }, '1 case'],
  ['time', { count: 7, total: 7 }, '7 cases'],
  ['share', { count: 1, total: 1 }, '1 of 1'],
  ['score', { count: 3, total: 3 }, '3 scores'],
] as const)('shows a %s of %o with its unit', (unit, counts, text) => {
  expect(formatFigure({ ...counts, value: null, low: null, high: null }, unit)).toBe(text);
});

it('measures first contact and closing in the working time of the case’s calendar', async () => {
  const harness = new Harness();
  await harness.receive({ completed: false });
  await harness.pass(3 * hour);
  call(harness.core, program, 'markContacted', [harness.case().id, { how: 'call', who: 'dana' }]);
  await harness.pass(2 * hour);
  harness.trackers.support.close(0);
  await harness.poll();
  const { openedAt, firstContactAt, resolvedAt, contactMs, closeMs } = harness.case();
  expect([contactMs, closeMs]).toEqual([(firstContactAt ?? 0) - openedAt, (resolvedAt ?? 0) - openedAt]);
});

it.each([
  [{ quarter: '2026-Q5' }, /quarter: must be a quarter/],
  [{ from: '2026-02-30' }, /from: must be a day/],
  [{ from: '2026-03-01', to: '2026-02-01' }, /from: must be 1 to/],
  [{ by: 'colour' }, /by: must be one of/],
])('a report of %o is refused by its field', (query, message) => {
  expect(() => buildReport(new Harness().core, query)).toThrow(message);
});

it('takes a calendar quarter beside the one before, in parts without gaps', () => {
  const report = buildReport(new Harness().core, { quarter: '2026-Q1' });
  expect(report).toMatchObject({
    from: '2026-01-01',
    to: '2026-03-31',
    before: { from: '2025-10-01', to: '2025-12-31' },
  });
  const parts = splitPeriod({ from: '2026-01-01', to: '2026-03-31' });
  expect(parts[0]).toEqual({ from: '2026-01-01', to: '2026-01-07' });
  expect(parts.at(-1)?.to).toBe('2026-03-31');
});
