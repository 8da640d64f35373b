import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, linkRelatedCase, measure, nameDecisionOwner } from '#src/workspace/cases/strategic.ts';
import { answerFollowUp } from '#src/workspace/loop/answer.ts';
import { endWaiting } from '#src/workspace/loop/gates.ts';
import { strategicCase, strategicList } from '#src/workspace/queries/strategic.ts';
import { timelineOf } from '#src/workspace/store/timeline.ts';
import { acme } from '#test/domain/samples.ts';
import { day, hour, minute, type Reported, Rig, slowAcme } from './rig.ts';

const unhappy = (customer: string, more: Reported = {}): Reported => ({
  token: `r-${customer}`,
  customer,
  ease: 2,
  ...more,
});
const names = (count: number) => Array.from({ length: count }, (_, index) => `k-${index}`);
const asked = (rig: Rig) => rig.mail.accepted.filter(({ subject }) => subject.includes('Did we solve it'));

async function closed(customers: Reported[], settings = slowAcme(), words = true): Promise<Rig> {
  const rig = new Rig(settings);
  await rig.receive(...customers);
  if (words) rig.sayWhatChanged('The installer signs its driver now.');
  rig.trackers.product.close(0);
  await rig.poll();
  return rig;
}

describe('everyone behind a resolved strategic case', () => {
  it('is told what changed and asked, once', async () => {
    const rig = await closed([...names(3).map((name) => unhappy(name)), unhappy('k-1', { token: 'again' })]);
    await rig.pass(2 * day);
    expect(
      asked(rig)
        .map(({ to }) => to)
        .sort(),
    ).toEqual(names(3).map((name) => `${name}@customer.example`));
    for (const { text } of asked(rig)) expect(text).toContain('The installer signs its driver now.');
  });

  it('waits while nobody has written what changed, and the case says so', async () => {
    const rig = await closed([unhappy('a'), unhappy('b')], slowAcme(), false);
    await rig.pass(20 * day);
    expect(asked(rig)).toEqual([]);
    expect(rig.case()).toMatchObject({
      loop: 'resolved',
      needsPerson: 'write what changed: 2 customers wait to be told and asked',
    });
    expect(rig.mail.to('dana@acme.example', 'needs a person')).toHaveLength(1);
    rig.sayWhatChanged();
    expect(rig.case().needsPerson).toBeNull();
    rig.sayWhatChanged('Said again in other words.');
    await rig.pass(2 * day);
    expect(asked(rig)).toHaveLength(2);
    for (const { text } of asked(rig)) expect(text).toContain('Said again in other words.');
  });

  it('is told anew after a reopening, with words about the new closing', async () => {
    const rig = await closed([unhappy('a')]);
    rig.trackers.product.reopen(0);
    await rig.poll();
    rig.trackers.product.close(0);
    await rig.poll();
    expect(rig.case().needsPerson).toContain('write what changed');
  });

  it('hears of it as one person, who gave one address twice', async () => {
    const same = { email: 'one@customer.example' };
    const rig = await closed([unhappy('a', same), unhappy('b', same), unhappy('c')]);
    await rig.pass(2 * day);
    expect(
      asked(rig)
        .map(({ to }) => to)
        .sort(),
    ).toEqual(['c@customer.example', 'one@customer.example']);
    const skipped = rig.followUps().filter(({ state }) => state === 'skipped');
    expect(skipped.map(({ person, why }) => [person, why])).toEqual([
      ['b', 'another customer of the same address is told and asked'],
    ]);
  });

  it('is not told sooner after the gate than it should be, because another mail leaves', async () => {
    const gated = acme(({ name, text }) =>
      name === 'upgrade-hard-to-install' ? `${text}ask-after: { label: shipped }\n` : text,
    );
    const rig = new Rig(gated);
    await rig.receive(unhappy('a', { completed: false }));
    const strategic = rig.case(0).kind === 'strategic' ? 0 : 1;
    expect(rig.case(strategic).kind).toBe('strategic');
    rig.sayWhatChanged('The installer signs its driver now.', strategic);
    rig.trackers.product.close(0);
    await rig.poll();
    await rig.pass(3 * day);
    rig.trackers.support.close(0);
    await rig.poll();
    await rig.pass(23 * hour);
    endWaiting(rig.core, rig.case(strategic).id, 'shipped', 'priya');
    const { dueAt } = rig.customerFollowUp(1, strategic);
    expect(dueAt).toBe(rig.now + day);
    expect(rig.customerFollowUp(1, 1 - strategic).dueAt).toBeLessThan(dueAt);
    await rig.until(dueAt - minute);
    expect(asked(rig)).toEqual([]);
    await rig.until(dueAt + minute);
    expect(asked(rig)).toHaveLength(1);
    expect(rig.customerFollowUp(1, strategic).state).toBe('sent');
  });

  it('is told no faster than the workspace wants, and nobody is left out', async () => {
    const batch = slowAcme((text) =>
      text.replace('quarantine: 30 days', 'quarantine: 30 days, batch: 4 per hour'),
    );
    const rig = await closed(
      names(10).map((name) => unhappy(name)),
      batch,
    );
    await rig.pass(day + minute);
    expect(asked(rig).length).toBeLessThanOrEqual(4);
    await rig.pass(4 * hour);
    expect(asked(rig)).toHaveLength(10);
    const perHour = new Map<number, number>();
    for (const { kind, sentAt } of rig.followUps()) {
      const during = Math.floor((sentAt ?? 0) / hour);
      if (kind === 'customer') perHour.set(during, (perHour.get(during) ?? 0) + 1);
    }
    expect(Math.max(...perHour.values())).toBeLessThanOrEqual(4);
    expect(new Set(asked(rig).map(({ to }) => to)).size).toBe(10);
  });

  it('keeps to the pace when all fall due at once after a standstill', async () => {
    const batch = slowAcme((text) =>
      text.replace('quarantine: 30 days', 'quarantine: 30 days, batch: 3 per hour'),
    );
    const rig = await closed(
      names(7).map((name) => unhappy(name)),
      batch,
    );
    rig.now += 5 * day;
    await rig.pass(0);
    expect(asked(rig)).toHaveLength(3);
    await rig.pass(3 * hour);
    expect(asked(rig)).toHaveLength(7);
  });

  it('is told once per person and never forgotten, whoever responded in whatever order', async () => {
    const one = fc.record({
      customer: fc.integer({ min: 0, max: 5 }),
      address: fc.integer({ min: 0, max: 3 }),
      completed: fc.boolean(),
    });
    const elevating = slowAcme((text) => text.replace('count: 20', 'count: 1'));
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 8 }), async (all) => {
        const rig = new Rig(elevating);
        for (const [index, { customer, address, completed }] of all.entries())
          await rig.receive(
            unhappy(`k-${customer}`, {
              token: `r-${index}`,
              email: `a-${address}@customer.example`,
              ease: completed ? 2 : 9,
              completed,
            }),
          );
        const at = rig.cases().findIndex(({ kind }) => kind === 'strategic');
        rig.sayWhatChanged('It is solved.', at);
        rig.trackers.product.close(0);
        await rig.poll();
        await rig.pass(3 * day);
        const addresses = asked(rig).map(({ to }) => to);
        expect(new Set(addresses).size).toBe(addresses.length);
        const behind = new Set(all.map(({ customer }) => `k-${customer}`));
        const reached = rig.followUps(at).filter(({ kind }) => kind === 'customer');
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
    const rig = await closed(names(all).map((name) => unhappy(name)));
    await rig.pass(2 * day);
    for (const name of names(no)) {
      const own = rig.followUps().find(({ kind, person }) => kind === 'customer' && person === name);
      answerFollowUp(rig.core, own?.id ?? '', new Map([['resolved', 'no']]));
    }
    await rig.pass(0);
    expect(rig.case().loop).toBe(loop);
  });
});

describe('a strategic case holds', () => {
  it('its decision in every version, and the issue only that there is one', async () => {
    const rig = new Rig();
    await rig.receive(unhappy('a'));
    const { id } = rig.case();
    decide(rig.core, id, { text: 'Sign the driver.', who: 'dana' });
    await rig.pass(hour);
    decide(rig.core, id, { text: 'Sign the driver, and drop the old one.', who: 'dana' });
    await rig.pass(0);
    expect(strategicCase(rig.core, id).decision).toMatchObject({
      text: 'Sign the driver, and drop the old one.',
      who: 'dana',
    });
    const versions = timelineOf(rig.sql, id).filter(({ what }) => what === 'decided');
    expect(versions.map(({ why }) => why)).toEqual([
      'Sign the driver.',
      'Sign the driver, and drop the old one.',
    ]);
    const comments = rig.trackers.product.issue().comments.map(({ text }) => text);
    expect(comments).toHaveLength(2);
    expect(comments[0]).toContain('decided by Dana Reyes');
    expect(rig.trackers.product.text).not.toContain('Sign the driver');
  });

  it('its measure, before and after', async () => {
    const rig = new Rig();
    await rig.receive(unhappy('a'));
    const { id } = rig.case();
    const wish = { name: 'Support calls', unit: 'a week', source: 'manual' as const, who: 'dana' };
    measure(rig.core, id, { ...wish, before: 40, after: null });
    measure(rig.core, id, { ...wish, before: 40, after: 12 });
    expect(strategicCase(rig.core, id).measure).toMatchObject({
      name: 'Support calls',
      before: 40,
      after: 12,
    });
    expect(() => measure(rig.core, id, { ...wish, before: null, after: 3 })).toThrow('before: is missing');
    expect(() => measure(rig.core, id, { ...wish, source: 'theme-rate', before: 3, after: null })).toThrow(
      'counted from responses',
    );
  });

  it('an owner of the decision from the start', async () => {
    const rig = new Rig();
    await rig.receive(unhappy('a'));
    const { id } = rig.case();
    expect(strategicCase(rig.core, id)).toMatchObject({ loopOwner: 'dana', decisionOwner: 'dana' });
    nameDecisionOwner(rig.core, id, { person: 'mette', who: 'dana' });
    expect(strategicCase(rig.core, id).decisionOwner).toBe('mette');
    expect(() => nameDecisionOwner(rig.core, id, { person: 'nobody', who: 'dana' })).toThrow('names nobody');
  });

  it('links to sister cases of other products, seen from both', async () => {
    const rig = new Rig(
      acme(({ name, text }) =>
        name === 'upgrade-hard-to-install'
          ? `${text}gather-by: { product: hidden.tier, values: [gold, silver] }\n`
          : text,
      ),
    );
    await rig.receive(unhappy('a', { tier: 'gold' }), unhappy('b', { tier: 'silver' }));
    const [gold, silver] = rig.cases();
    const wish = { sister: 'c-2', reason: 'the same installer', who: 'dana' };
    linkRelatedCase(rig.core, gold?.id ?? '', wish);
    linkRelatedCase(rig.core, gold?.id ?? '', wish);
    const relatedCasesOf = (id = '') =>
      strategicCase(rig.core, id).relatedCases.map(({ theme, why }) => [theme, why]);
    expect(relatedCasesOf(gold?.id)).toEqual([['silver', 'the same installer']]);
    expect(relatedCasesOf(silver?.id)).toEqual([['gold', 'the same installer']]);
    expect(strategicCase(rig.core, gold?.id ?? '').customers).toBe(1);
    const link = (sister: string) => () => linkRelatedCase(rig.core, gold?.id ?? '', { ...wish, sister });
    expect(link('C-9')).toThrow('is no case of this workspace: C-9');
    expect(link('C-1')).toThrow('is this case itself');
  });

  it('is changed by case managers alone', async () => {
    const rig = new Rig();
    await rig.receive(unhappy('a'));
    expect(() => decide(rig.core, rig.case().id, { text: 'x', who: 'priya' })).toThrow('Only a case manager');
    decide(rig.core, rig.case().id, { text: 'x', who: 'the API' });
  });
});

describe('the list of strategic cases', () => {
  it('counts the revenue at risk once for each customer, of cases at work', async () => {
    const rig = new Rig();
    await rig.receive(unhappy('a', { completed: false }), unhappy('b'));
    expect(strategicList(rig.core, 50)).toMatchObject({
      items: [{ handle: 'C-2', customers: 2, revenueAtRisk: 2000 }],
      atRisk: { customers: 2, revenue: 2000 },
    });
    rig.trackers.product.close(0);
    await rig.poll();
    expect(strategicList(rig.core, 50).atRisk).toEqual({ customers: 1, revenue: 1000 });
  });
});
