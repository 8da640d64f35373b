import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkRelatedCase } from '#src/workspace/cases/elevate.ts';
import { decide, measure, nameDecisionOwner } from '#src/workspace/cases/strategic.ts';
import { storeCustomerList } from '#src/workspace/intake/operator-actions.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { endGateWaitByPerson } from '#src/workspace/loop/gates.ts';
import { listStrategicCaseSummaries, readCaseLinks, readStrategicCaseJson } from '#src/workspace/queries/strategic.ts';
import { followUps } from '#src/workspace/store/asks.ts';
import { listTimelineEntries } from '#src/workspace/store/cases.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import type { SampleResponse } from '#test/harness/sample-response.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { refused } from './fakes.ts';

const unhappy = (customer: string, more: SampleResponse = {}): SampleResponse => ({
  token: `r-${customer}`,
  customer,
  ease: 2,
  ...more,
});
const names = (count: number) => Array.from({ length: count }, (_, index) => `k-${index}`);
const asked = (harness: Harness) => harness.mail.accepted.filter(({ subject }) => subject.includes('Did we solve it'));

async function closed(customers: SampleResponse[], settings = slowAcme(), words = true): Promise<Harness> {
  const harness = new Harness(settings);
  await harness.receive(...customers);
  if (words) harness.setWhatChanged('The installer signs its driver now.');
  harness.trackers.product.close(0);
  await harness.poll();
  return harness;
}

describe('each affected customer of a resolved strategic case', () => {
  it('is informed of the change and asked, once', async () => {
    const harness = await closed([...names(3).map((name) => unhappy(name)), unhappy('k-1', { token: 'again' })]);
    await harness.pass(2 * day);
    expect(
      asked(harness)
        .map(({ to }) => to)
        .sort(),
    ).toEqual(names(3).map((name) => `${name}@customer.example`));
    for (const { text } of asked(harness)) expect(text).toContain('The installer signs its driver now.');
  });

  it('was never asked by a mail for two that did not leave before the reopening', async () => {
    const harness = await closed([unhappy('a', { email: '' }), unhappy('b', { email: '' })]);
    const rows = ['a', 'b'].map((key) => ({ key, email: 'both@customer.example' }));
    for (const _ of storeCustomerList(harness.core, rows, 'dana'));
    harness.mail.always.set('send', refused('auth', 401));
    await harness.pass(2 * day);
    const asks = () => followUps.list(harness.sql, { kind: 'customer' });
    expect(asks()).toMatchObject([{ state: 'sent' }, { state: 'sent', mergedInto: asks()[0]?.id }]);
    harness.trackers.product.reopen(0);
    await harness.poll();
    const why = 'the case was reopened before the mail left';
    for (const ask of asks()) expect(ask).toMatchObject({ state: 'skipped', sentAt: null, why });
  });

  it('waits until a person has described the change, and the case shows the wait', async () => {
    const harness = await closed([unhappy('a'), unhappy('b')], slowAcme(), false);
    await harness.pass(20 * day);
    expect(asked(harness)).toEqual([]);
    expect(harness.case()).toMatchObject({
      loop: 'resolved',
      needsPerson: 'write what changed: 2 customers wait to be notified and asked',
    });
    expect(harness.mail.to('dana@acme.example', 'Needs a decision')).toHaveLength(1);
    harness.setWhatChanged();
    expect(harness.case().needsPerson).toBeNull();
    harness.setWhatChanged('Said again in other words.');
    await harness.pass(2 * day);
    expect(asked(harness)).toHaveLength(2);
    for (const { text } of asked(harness)) expect(text).toContain('Said again in other words.');
  });

  it('is informed again after a reopening, with a text about the new closing', async () => {
    const harness = await closed([unhappy('a')]);
    harness.trackers.product.reopen(0);
    await harness.poll();
    harness.trackers.product.close(0);
    await harness.poll();
    expect(harness.case().needsPerson).toContain('write what changed');
  });

  it('counts as one person, even with one address given twice', async () => {
    const harness = await closed([
      unhappy('a', { email: 'one@customer.example' }),
      unhappy('b', { email: 'One@customer.example' }),
      unhappy('c'),
    ]);
    await harness.pass(2 * day);
    expect(
      asked(harness)
        .map(({ to }) => to)
        .sort(),
    ).toEqual(['c@customer.example', 'one@customer.example']);
    const skipped = harness.followUps().filter(({ state }) => state === 'skipped');
    expect(skipped.map(({ person, why }) => [person, why])).toEqual([
      ['b', 'another customer with the same address is notified and asked'],
    ]);
  });

  it('is not informed early after the gate because another mail leaves', async () => {
    const gated = acme(({ name, text }) =>
      name === 'upgrade-hard-to-install' ? `${text}ask-after: { label: shipped }\n` : text,
    );
    const harness = new Harness(gated);
    await harness.receive(unhappy('a', { completed: false }));
    const strategic = harness.case(0).kind === 'strategic' ? 0 : 1;
    expect(harness.case(strategic).kind).toBe('strategic');
    harness.setWhatChanged('The installer signs its driver now.', strategic);
    harness.trackers.product.close(0);
    await harness.poll();
    await harness.pass(3 * day);
    harness.trackers.support.close(0);
    await harness.poll();
    await harness.pass(23 * hour);
    endGateWaitByPerson(harness.core, harness.case(strategic).id, 'shipped', 'priya');
    const { dueAt } = harness.customerFollowUp(1, strategic);
    expect(dueAt).toBe(harness.now + day);
    expect(harness.customerFollowUp(1, 1 - strategic).dueAt).toBeLessThan(dueAt);
    await harness.until(dueAt - minute);
    expect(asked(harness)).toEqual([]);
    await harness.until(dueAt + minute);
    expect(asked(harness)).toHaveLength(1);
    expect(harness.customerFollowUp(1, strategic).state).toBe('sent');
  });

  it('is informed at the workspace’s rate, and none is left out', async () => {
    const batch = slowAcme((text) => text.replace('quarantine: 30 days', 'quarantine: 30 days, batch: 4 per hour'));
    const harness = await closed(
      names(10).map((name) => unhappy(name)),
      batch,
    );
    await harness.pass(day + minute);
    expect(asked(harness).length).toBeLessThanOrEqual(4);
    await harness.pass(4 * hour);
    expect(asked(harness)).toHaveLength(10);
    const perHour = new Map<number, number>();
    for (const { kind, sentAt } of harness.followUps()) {
      const during = Math.floor((sentAt ?? 0) / hour);
      if (kind === 'customer') perHour.set(during, (perHour.get(during) ?? 0) + 1);
    }
    expect(Math.max(...perHour.values())).toBeLessThanOrEqual(4);
    expect(new Set(asked(harness).map(({ to }) => to)).size).toBe(10);
  });

  it('is informed at that rate too when all are due at once after a standstill', async () => {
    const batch = slowAcme((text) => text.replace('quarantine: 30 days', 'quarantine: 30 days, batch: 3 per hour'));
    const harness = await closed(
      names(7).map((name) => unhappy(name)),
      batch,
    );
    harness.now += 5 * day;
    await harness.pass(0);
    expect(asked(harness)).toHaveLength(3);
    await harness.pass(3 * hour);
    expect(asked(harness)).toHaveLength(7);
  });

  it('is informed once and never forgotten, in whatever order responses came', async () => {
    const entry = fc.record({
      customer: fc.integer({ min: 0, max: 5 }),
      address: fc.integer({ min: 0, max: 3 }),
      completed: fc.boolean(),
    });
    const elevating = acme(({ text }) =>
      text.replace('count: 20', 'count: 1').replace('every: 2 minutes', 'every: 1 day'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 8 }), async (all) => {
        const harness = new Harness(elevating);
        for (const [index, { customer, address, completed }] of all.entries())
          await harness.receive(
            unhappy(`k-${customer}`, {
              token: `r-${index}`,
              email: `a-${address}@customer.example`,
              ease: completed ? 2 : 9,
              completed,
            }),
          );
        const at = harness.cases().findIndex(({ kind }) => kind === 'strategic');
        harness.setWhatChanged('It is solved.', at);
        harness.trackers.product.close(0);
        await harness.poll();
        await harness.pass(3 * day);
        const addresses = asked(harness).map(({ to }) => to);
        expect(new Set(addresses).size).toBe(addresses.length);
        const behind = new Set(all.map(({ customer }) => `k-${customer}`));
        const reached = harness.followUps(at).filter(({ kind }) => kind === 'customer');
        expect(new Set(reached.map(({ person }) => person))).toEqual(behind);
        for (const { state, why } of reached)
          expect([state, why !== '']).toEqual([expect.stringMatching(/sent|skipped/), true]);
        expect(addresses.length).toBe(reached.filter(({ state }) => state === 'sent').length);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    [10, 1, 'asked'],
    [10, 2, 'working'],
    [9, 1, 'asked'],
    [5, 1, 'working'],
  ])('reopens it at a fifth of them: of %i, %i say no', async (all, no, loop) => {
    const harness = await closed(names(all).map((name) => unhappy(name)));
    await harness.pass(2 * day);
    for (const name of names(no)) {
      const own = harness.followUps().find(({ kind, person }) => kind === 'customer' && person === name);
      answerAsk(harness.core, own?.id ?? '', new Map([['resolved', 'no']]));
    }
    await harness.pass(0);
    expect(harness.case().loop).toBe(loop);
  });
});

describe('a strategic case holds', () => {
  it('its decision in every version, and the issue only that there is one', async () => {
    const harness = new Harness();
    await harness.receive(unhappy('a'));
    const { id } = harness.case();
    decide(harness.core, id, { text: 'Sign the driver.', who: 'dana' });
    await harness.pass(hour);
    decide(harness.core, id, { text: 'Sign the driver, and drop the old one.', who: 'dana' });
    await harness.pass(0);
    expect(readStrategicCaseJson(harness.core, id).decision).toMatchObject({
      text: 'Sign the driver, and drop the old one.',
      who: 'dana',
    });
    const versions = listTimelineEntries(harness.sql, id).filter(({ what }) => what === 'decided');
    expect(versions.map(({ why }) => why)).toEqual(['Sign the driver.', 'Sign the driver, and drop the old one.']);
    const comments = harness.trackers.product.issue().comments.map(({ text }) => text);
    expect(comments).toHaveLength(2);
    expect(comments[0]).toContain('decided by Dana Reyes');
    expect(harness.trackers.product.text).not.toContain('Sign the driver');
  });

  it('its measure, before and after', async () => {
    const harness = new Harness();
    await harness.receive(unhappy('a'));
    const { id } = harness.case();
    const wish = { name: 'Support calls', unit: 'a week', source: 'manual' as const, who: 'dana' };
    measure(harness.core, id, { ...wish, before: 40, after: null });
    measure(harness.core, id, { ...wish, before: 40, after: 12 });
    expect(readStrategicCaseJson(harness.core, id).measure).toMatchObject({
      name: 'Support calls',
      before: 40,
      after: 12,
    });
    expect(() => measure(harness.core, id, { ...wish, before: null, after: 3 })).toThrow('before: is missing');
    expect(() => measure(harness.core, id, { ...wish, source: 'theme-rate', before: 3, after: null })).toThrow(
      'counted from responses',
    );
  });

  it('an owner of the decision from the start', async () => {
    const harness = new Harness();
    await harness.receive(unhappy('a'));
    const { id } = harness.case();
    expect(readStrategicCaseJson(harness.core, id)).toMatchObject({ loopOwner: 'dana', decisionOwner: 'dana' });
    nameDecisionOwner(harness.core, id, { person: 'mette', who: 'dana' });
    expect(readStrategicCaseJson(harness.core, id).decisionOwner).toBe('mette');
    expect(() => nameDecisionOwner(harness.core, id, { person: 'nobody', who: 'dana' })).toThrow('is not under people');
  });

  it('links to related cases of other products, shown on both', async () => {
    const harness = new Harness(
      acme(({ name, text }) =>
        name === 'upgrade-hard-to-install'
          ? `${text.replace(/^gather: .*/m, 'gather: { theme: hidden.tier, values: [gold, silver] }')}`
          : text,
      ),
    );
    await harness.receive(unhappy('a', { tier: 'gold' }), unhappy('b', { tier: 'silver' }));
    const [gold, silver] = harness.cases();
    const wish = { to: 'c-2', reason: 'the same installer', who: 'dana' };
    linkRelatedCase(harness.core, gold?.id ?? '', wish);
    linkRelatedCase(harness.core, gold?.id ?? '', wish);
    const relatedCasesOf = (id = '') => readCaseLinks(harness.core, id).links.map(({ theme, why }) => [theme, why]);
    expect(relatedCasesOf(gold?.id)).toEqual([['silver', 'the same installer']]);
    expect(relatedCasesOf(silver?.id)).toEqual([['gold', 'the same installer']]);
    expect(readStrategicCaseJson(harness.core, gold?.id ?? '').customers).toBe(1);
    const link = (to: string) => () => linkRelatedCase(harness.core, gold?.id ?? '', { ...wish, to });
    expect(link('C-9')).toThrow('is no other case of this workspace: C-9');
    expect(link('C-1')).toThrow('is no other case of this workspace: C-1');
  });

  it('is changed by case managers alone', async () => {
    const harness = new Harness();
    await harness.receive(unhappy('a'));
    expect(() => decide(harness.core, harness.case().id, { text: 'x', who: 'priya' })).toThrow('Only a case manager');
    decide(harness.core, harness.case().id, { text: 'x', who: 'the API' });
  });
});

describe('the list of strategic cases', () => {
  it('counts the revenue at risk once for each customer, of cases at work', async () => {
    const harness = new Harness();
    await harness.receive(unhappy('a', { completed: false }), unhappy('b'));
    expect(listStrategicCaseSummaries(harness.core, 50)).toMatchObject({
      items: [{ handle: 'C-2', customers: 2, revenueAtRisk: 2000 }],
      atRisk: { customers: 2, revenue: 2000 },
    });
    harness.trackers.product.close(0);
    await harness.poll();
    expect(listStrategicCaseSummaries(harness.core, 50).atRisk).toEqual({ customers: 1, revenue: 1000 });
  });
});
