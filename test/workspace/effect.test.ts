import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finishSteps } from '#domain/base/steps.ts';
import type { OutcomeJson } from '#domain/reports/effect.ts';
import type { Outcome } from '#domain/reports/reported.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { takeReported } from '#src/workspace/intake/take-reported.ts';
import { startWatchingRisks } from '#src/workspace/cases/watch-risks.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { exportPerson } from '#src/workspace/queries/customer.ts';
import { listOutcomesJson, listRisksJson } from '#src/workspace/queries/effect.ts';
import { buildReport } from '#src/workspace/queries/report.ts';
import { storeListedCustomer } from '#src/workspace/store/customers.ts';
import { caseScores } from '#src/workspace/store/risks.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour } from '#test/harness/times.ts';
import { storedLines } from '#test/workspace/store/rows.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const scoring = () =>
  new Harness(
    slowAcme((text) =>
      text
        .replace('sources:\n', 'sources:\n  events: { kind: events, secret: EVENTS_SECRET }\n')
        .replace('    questions:\n', '    scores: { nps: ease }\n    questions:\n'),
    ),
  );

const dayOf = (at: number) => new Date(at).toLocaleDateString('sv', { timeZone: 'Europe/Berlin' });
const outcome = (harness: Harness, customer: string, what: Outcome, value?: number) =>
  finishSteps(
    takeReported(harness.core, 'outcomes', {
      rows: [{ customer, outcome: what, day: dayOf(harness.now), value }],
      who: 'dana',
    }),
  );
const page = { cursor: null, limit: 50 };
const effectOf = (harness: Harness) => buildReport(harness.core, {}).effect;
const risks = (harness: Harness) =>
  listRisksJson(harness.core, page).items.map(({ customer, reasons }) => [
    customer,
    ...reasons.map(({ reason }) => reason),
  ]);
const notices = (harness: Harness) =>
  harness.mail.accepted.filter(({ text }) => text.includes('A customer is at risk'));

async function close(harness: Harness, index = 0): Promise<void> {
  await harness.pass(5 * hour);
  harness.trackers.support.close(index, 'completed', sam);
  await harness.poll();
}

async function say(harness: Harness, resolved: string, index = 0): Promise<void> {
  await harness.pass(2 * day);
  const own = harness.followUps(index).find(({ kind }) => kind === 'customer');
  expect(answerAsk(harness.core, own?.id ?? '', new Map([['resolved', resolved]])).status).toBe('thanks');
  await harness.pass(0);
}

describe('outcomes', () => {
  it('stand by verdict and by handling as both were on their day, with the value kept and lost', async () => {
    const harness = scoring();
    await harness.receive(...['k-1', 'k-2'].map((customer) => ({ token: customer, customer, completed: false })));
    await close(harness, 0);
    await say(harness, 'yes', 0);
    outcome(harness, 'k-1', 'renewed', 1200);
    outcome(harness, 'k-2', 'left', 300);
    outcome(harness, 'k-3', 'stayed');
    const effect = effectOf(harness);
    expect(effect?.groups).toMatchObject([
      { by: 'verdict', name: 'confirmed', kept: { count: 1, total: 1 }, keptValue: 1200, lostValue: 0 },
      { by: 'verdict', name: null, kept: { count: 1, total: 2 }, keptValue: 0, lostValue: 300 },
      { by: 'handling', name: 'handled', kept: { count: 1, total: 1 } },
      { by: 'handling', name: 'not handled', kept: { count: 0, total: 1 } },
      { by: 'handling', name: 'no complaint', kept: { count: 1, total: 1 } },
    ]);
    expect(effect?.note).toContain('no proof of a cause');
    // A later closing changes nothing of what was on that day.
    await harness.pass(day);
    await close(harness, 1);
    const sums = (all: typeof effect) => all?.groups.map(({ list: _, ...group }) => group);
    expect(sums(effectOf(harness))).toEqual(sums(effect));
  });

  it('come as events too, once, and a correction of the day replaces the former', async () => {
    const harness = scoring();
    const tell = async (id: string, what: string, value: number) => {
      const event = { id, event: `customer.${what}`, value, customer: { key: 'k-1' } };
      const body = new TextEncoder().encode(JSON.stringify(event));
      storeDeliveries(harness.core, [{ source: 'events', raw: { body, headers: {}, receivedAt: harness.now } }]);
      await harness.pass(0);
    };
    await tell('e-1', 'renewed', 500);
    await tell('e-1', 'renewed', 500);
    expect(harness.deliveries().map((delivery) => delivery.outcome)).toEqual(['stored', 'duplicate']);
    await tell('e-2', 'grew', 900);
    expect(listOutcomesJson(harness.core, { ...page, filter: {} }).items).toMatchObject([
      { customer: 'k-1', outcome: 'grew', value: 900, verdict: null, handling: 'no complaint' },
    ]);
  });

  it('sum up to what their lists hold, in any mixture', () => {
    const harness = scoring();
    const row = fc.record({
      customer: fc.nat({ max: 40 }).map((number) => `k-${number}`),
      outcome: fc.constantFrom('stayed' as const, 'renewed' as const, 'grew' as const, 'left' as const),
      days: fc.nat({ max: 120 }),
      value: fc.option(fc.nat({ max: 1000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const reported = rows.map(({ days, ...more }) => ({ ...more, day: dayOf(harness.now - days * day) }));
        finishSteps(takeReported(harness.core, 'outcomes', { rows: reported, who: 'dana' }));
        const report = buildReport(harness.core, {});
        for (const { by, list, kept, keptValue, lostValue } of report.effect?.groups ?? []) {
          const { [by]: name, ...filter } = Object.fromEntries(new URL(`https://a.test/${list}`).searchParams);
          const items: OutcomeJson[] = [];
          let cursor: string | null = null;
          do {
            const next = listOutcomesJson(harness.core, { cursor, limit: 7, filter: { ...filter, [by]: name } });
            items.push(...next.items);
            cursor = next.next;
          } while (cursor);
          const lost = items.filter((item) => item.outcome === 'left');
          expect([items.length - lost.length, items.length]).toEqual([kept.count, kept.total]);
          const sum = (some: typeof items) => some.reduce((total, item) => total + (item.value ?? 0), 0);
          expect([sum(items) - sum(lost), sum(lost)]).toEqual([keptValue, lostValue]);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('stay under a pseudonym when their customer is erased', async () => {
    const harness = scoring();
    await harness.receive({ completed: false, ease: 9 });
    outcome(harness, 'k-1', 'left', 10);
    harness.sql.transaction(() => erasePerson(harness.core, 'k-1', 'dana'));
    expect(storedLines(harness.sql).filter((line) => line.includes('"k-1"'))).toEqual([]);
    expect(effectOf(harness)?.groups.find(({ by }) => by === 'handling')?.kept).toMatchObject({ count: 0, total: 1 });
  });
});

it('a case has the score before it and the first one after its closing, until it is opened again', async () => {
  const harness = scoring();
  await harness.receive({ token: 'r-1', completed: true, ease: 9 });
  await harness.pass(day);
  await harness.receive({ token: 'r-2', completed: false, ease: 3 });
  await close(harness);
  await harness.pass(day);
  await harness.receive({ token: 'r-3', completed: true, ease: 8 });
  await harness.pass(day);
  await harness.receive({ token: 'r-4', completed: true, ease: 10 });
  const scores = () => caseScores.list(harness.sql, { caseId: harness.case().id });
  expect(scores()).toMatchObject([{ kind: 'nps', before: 3, after: 8 }]);
  expect(effectOf(harness)?.scores).toMatchObject([
    { kind: 'nps', before: { count: 1 }, after: { count: 1 }, change: { count: 1 } },
  ]);
  harness.trackers.support.reopen(0);
  await harness.poll();
  expect(scores()).toMatchObject([{ before: 3, after: null }]);
  expect(effectOf(harness)?.scores).toEqual([]);
});

it('a person’s export holds outcomes, reasons of a risk, and the scores around cases', async () => {
  const harness = scoring();
  await harness.receive({ token: 'r-1', completed: false, ease: 9 }, { token: 'r-2', customer: 'k-2' });
  await harness.pass(day);
  await harness.receive({ token: 'r-3', ease: 3 });
  outcome(harness, 'k-1', 'left', 10);
  outcome(harness, 'k-2', 'grew', 20);
  const { outcomes, risks: reasons, scores } = exportPerson(harness.core, 'k-1');
  expect(outcomes).toMatchObject([{ customer: 'k-1', day: dayOf(harness.now), outcome: 'left', value: 10 }]);
  expect(reasons).toMatchObject([{ reason: 'falling-score', why: 'NPS fell from 9 to 3' }]);
  expect(scores).toMatchObject([{ case: harness.case().id, kind: 'nps', before: 9, afterAt: null }]);
});

describe('customers at risk', () => {
  it('are listed as soon as a score falls by a fifth of its scale, and no longer once it is well again', async () => {
    const harness = scoring();
    await harness.receive({ token: 'r-1', ease: 9 });
    await harness.receive({ token: 'r-2', ease: 8 });
    expect(risks(harness)).toEqual([]);
    await harness.receive({ token: 'r-3', ease: 6 });
    expect(risks(harness)).toEqual([['k-1', 'falling-score']]);
    expect(notices(harness)).toHaveLength(1);
    expect(notices(harness)[0]?.text).not.toContain('k-1@');
    await harness.receive({ token: 'r-4', ease: 7 });
    expect(risks(harness)).toEqual([]);
  });

  it('are noticed once in a month, however often they fall', async () => {
    const harness = scoring();
    for (let turn = 0; turn < 6; turn += 1) {
      await harness.receive({ token: `r-${turn}`, ease: turn % 2 === 0 ? 10 : 2 });
      await harness.pass(day);
    }
    expect(notices(harness)).toHaveLength(1);
    await harness.pass(31 * day);
    await harness.receive({ token: 'r-a', ease: 10 });
    await harness.receive({ token: 'r-b', ease: 2 });
    await harness.pass(day);
    expect(notices(harness)).toHaveLength(2);
  });

  it('are those who dispute a closing, who are silent after one, and whose renewal is near while a case is open', async () => {
    const harness = scoring();
    startWatchingRisks(harness.core);
    const renewal = dayOf(harness.now + 50 * day);
    for (const key of ['k-1', 'k-9']) storeListedCustomer(harness.sql, { key, renewal }, harness.now);
    await harness.receive(...['k-1', 'k-2'].map((customer) => ({ token: customer, customer, completed: false })));
    await harness.pass(2 * day);
    expect(risks(harness)).toEqual([['k-1', 'renewal-near']]);
    await close(harness, 0);
    await close(harness, 1);
    await say(harness, 'no', 0);
    await harness.pass(2 * day);
    expect(risks(harness)).toContainEqual(['k-1', 'open-dispute', 'renewal-near']);
    await harness.pass(20 * day);
    expect(risks(harness)).toContainEqual(['k-2', 'silence']);
    expect(risks(harness).flat()).not.toContain('k-9');
    await harness.receive({ token: 'later', customer: 'k-2' });
    await harness.pass(2 * day);
    expect(risks(harness).flat()).not.toContain('k-2');
  });
});

it('employees are named so in their issue, and the report breaks down by who answers', async () => {
  const harness = new Harness(
    slowAcme((text) =>
      text
        .replace('    questions:\n', '    respondents: employees\n    questions:\n')
        .replace('words: never', 'words: private'),
    ),
  );
  await harness.receive({ completed: false, wish: 'A quieter office.' });
  await harness.pass(hour);
  expect(buildReport(harness.core, { by: 'respondents' }).groups).toMatchObject([{ name: 'employees', cases: 2 }]);
  expect(harness.trackers.support.issues[0]?.body).toContain('In the employee’s words');
});

it('what a tool counts stands against what is held, for the days that were reported', async () => {
  const harness = new Harness();
  const at = harness.now - 2 * day;
  await harness.receive({ token: 'r-1', at }, { token: 'r-2', customer: 'k-2', at }, { token: 'r-3', customer: 'k-3' });
  const rows = [
    { source: 'upgrade-survey', day: dayOf(at - day), count: 0 },
    { source: 'upgrade-survey', day: dayOf(at), count: 3 },
  ];
  finishSteps(takeReported(harness.core, 'counts', { rows, who: 'dana' }));
  expect(buildReport(harness.core, {}).sources).toEqual([
    { source: 'upgrade-survey', how: 'counted', from: dayOf(at - day), to: dayOf(at), theirs: 3, ours: 2 },
  ]);
});
