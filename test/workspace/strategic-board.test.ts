import { describe, expect, it } from 'vitest';
import type { RequestedAction } from '#domain/cases/action.ts';
import { elevateByHand, elevateByRules, partFromStrategicCase } from '#src/workspace/cases/elevate.ts';
import { actOnCase } from '#src/workspace/issues/act-on-case.ts';
import { setWhatChanged } from '#src/workspace/loop/notify-affected-customers.ts';
import { type PersonalMessage, writeToCustomer } from '#src/workspace/loop/write-to-customer.ts';
import { list } from '#src/workspace/queries/lists.ts';
import { listStrategicCaseSummaries, readStrategicCaseJson } from '#src/workspace/queries/strategic.ts';
import { storeListedCustomer } from '#src/workspace/store/customers.ts';
import { countVerdicts, listPartedCases } from '#src/workspace/store/case-links.ts';
import { optOut } from '#src/workspace/basics/person.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour } from '#test/harness/times.ts';

/** Acme polled once a day, with a change to its templates. */
const slow = (change: (name: string, text: string) => string = (_, text) => text) =>
  acme(({ kind, name, text }) =>
    kind === 'workspace' ? text.replace('every: 2 minutes', 'every: 1 day') : change(name, text),
  );

const sam = '5b10ac8d82e05b22cc7d4ef2';
const hard = (customer: string) => ({
  token: `r-${customer}`,
  customer,
  name: `Name ${customer}`,
  completed: true,
  ease: 3,
});
const strategicOf = (harness: Harness) => harness.cases().filter(({ kind }) => kind === 'strategic');
const mailsTo = (harness: Harness) =>
  harness.mail.accepted.flatMap(({ to, subject }) => (subject === 'News' ? [to] : [])).sort();
const form = { value: '', because: null, rootCause: null, whatChanged: null, mention: [], who: 'dana', once: null };
const act = async (harness: Harness, id: string, action: 'decline' | 'duplicate', given: Partial<RequestedAction>) => {
  harness.sql.transaction(() => actOnCase(harness.core, id, { ...form, isUndoable: false, action, ...given }));
  await harness.pass(hour);
};

async function passDays(harness: Harness, days: number): Promise<void> {
  for (let passed = 0; passed < days; passed += 1) await harness.pass(day);
}

/** A strategic case of three customers. */
async function gathered(): Promise<{ harness: Harness; id: string }> {
  const harness = new Harness(slow());
  for (const customer of ['a', 'b', 'c']) await harness.receive(hard(customer));
  return { harness, id: strategicOf(harness)[0]?.id ?? '' };
}

describe('the board of strategic cases', () => {
  it('shows the trend: responses of the last 30 days after those of the 30 days before', async () => {
    const { harness } = await gathered();
    const trend = () => listStrategicCaseSummaries(harness.core, 50).items[0]?.trend;
    expect(trend()).toEqual({ recent: 3, before: 0 });
    await passDays(harness, 31);
    await harness.receive(hard('d'));
    expect(trend()).toEqual({ recent: 1, before: 3 });
  });
});

describe('a strategic case', () => {
  type Recipients = Pick<PersonalMessage, 'to' | 'everybody'>;
  const write = async (harness: Harness, id: string, whom: Recipients, text = 'We are on it.') => {
    harness.sql.transaction(() => writeToCustomer(harness.core, id, { ...whom, subject: 'News', text, who: 'dana' }));
    await harness.pass(0);
  };

  it('names its customers, and its responses are a list of their own', async () => {
    const { harness, id } = await gathered();
    await harness.receive({ token: 'other', customer: 'x', completed: true, ease: 9 });
    const { members } = readStrategicCaseJson(harness.core, id);
    expect(members).toMatchObject([{ name: 'Name a' }, { name: 'Name b' }, { name: 'Name c' }]);
    expect(members.every(({ page }) => page !== null)).toBe(true);
    const page = { what: 'responses', cursor: null, limit: 9 } as const;
    expect(list(harness.core, { ...page, responses: { case: id } }).items).toHaveLength(3);
    expect(list(harness.core, page).items).toHaveLength(4);
  });

  it('takes a message to one of its customers, and to nobody else', async () => {
    const { harness, id } = await gathered();
    await write(harness, id, { to: 'b' });
    await write(harness, id, { to: 'b' });
    expect(mailsTo(harness)).toEqual(['b@customer.example']);
    for (const to of [null, 'x', 'all'])
      await expect(write(harness, id, { to })).rejects.toThrow('to: is no customer of this case');
    await expect(write(harness, id, { to: 'b', everybody: true })).rejects.toThrow('to: names one customer');
  });

  it('takes a message to the one customer whose key is the word all', async () => {
    const { harness, id } = await gathered();
    await harness.receive(hard('all'));
    await write(harness, id, { to: 'all' });
    expect(mailsTo(harness)).toEqual(['all@customer.example']);
  });

  it('takes a message to all of its customers but those who want no mail, once each', async () => {
    const { harness, id } = await gathered();
    await write(harness, id, { to: 'c' }, 'First.');
    optOut(harness.core, 'c');
    await write(harness, id, { everybody: true });
    await write(harness, id, { everybody: true });
    expect(mailsTo(harness)).toEqual(['a', 'b', 'c'].map((key) => `${key}@customer.example`));
    await expect(write(harness, id, { to: 'c' }, 'Again.')).rejects.toThrow('asked for no more mail');
    expect(harness.timeline(harness.cases().findIndex((each) => each.id === id))).toContain('customer contacted');
  });

  it('takes a message to a mailbox of two customers once, however its address is written', async () => {
    const { harness, id } = await gathered();
    await harness.receive({ ...hard('d'), email: 'A@customer.example' });
    await write(harness, id, { everybody: true });
    expect(mailsTo(harness).map((to) => to.toLowerCase())).toEqual(
      ['a', 'b', 'c'].map((key) => `${key}@customer.example`),
    );
  });

  it('is declined for all: each customer reads the reason', async () => {
    const { harness, id } = await gathered();
    await act(harness, id, 'decline', { because: 'The driver comes from somebody else.' });
    await passDays(harness, 3);
    const informed = harness.mail.accepted.filter(({ text }) => text.includes('The driver comes from somebody else.'));
    expect(
      informed
        .map(({ to }) => to)
        .filter((to) => to.endsWith('customer.example'))
        .sort(),
    ).toEqual(['a', 'b', 'c'].map((key) => `${key}@customer.example`));
  });

  it('is merged into another one as its duplicate: customers of both are asked when that one is solved', async () => {
    const byTier = (name: string, text: string) =>
      name === 'upgrade-hard-to-install' ? text.replace(/^gather: .*/m, 'gather: { theme: customer.tier }') : text;
    const harness = new Harness(slow(byTier));
    for (const [customer, tier] of [
      ['a', 'gold'],
      ['b', 'silver'],
      ['c', 'silver'],
    ] as const)
      await harness.receive({ ...hard(customer), tier });
    const [gold, silver] = strategicOf(harness);
    await act(harness, silver?.id ?? '', 'duplicate', { value: `C-${gold?.number}` });
    await harness.poll();
    expect(strategicOf(harness)[1]).toMatchObject({ loop: 'dropped', closingReason: 'duplicate' });
    harness.trackers.product.close(0, 'completed', sam);
    await harness.poll();
    harness.sql.transaction(() => {
      for (const { id } of strategicOf(harness))
        setWhatChanged(harness.core, id, { text: 'It is signed.', who: 'dana' });
    });
    await passDays(harness, 3);
    const asked = harness.mail.accepted.filter(({ text }) => text.includes('It is signed.')).map(({ to }) => to);
    expect(asked.sort()).toEqual(['a', 'b', 'c'].map((key) => `${key}@customer.example`));
  });
});

describe('a case that is taken out of a strategic one', () => {
  it('takes its customer and revenue along, so that the rest decide and nobody else is asked', async () => {
    const harness = new Harness(slow());
    for (const customer of ['a', 'b', 'c']) await harness.receive({ token: customer, customer, completed: false });
    const [first] = harness.cases();
    const elevate = (caseId: string, to: string) =>
      harness.sql.transaction(() => elevateByHand(harness.core, caseId, { to, reason: 'one driver', who: 'dana' }));
    const { id } = elevate(first?.id ?? '', 'upgrade-hard-to-install');
    const part = (caseId: string) =>
      harness.sql.transaction(() => partFromStrategicCase(harness.core, caseId, { to: id, reason: 'no', who: 'dana' }));
    part(first?.id ?? '');
    expect(strategicOf(harness)[0]?.revenue).toBeNull();
    for (const caseRecord of harness.cases().slice(0, 3)) elevate(caseRecord.id, id);
    expect(strategicOf(harness)[0]?.revenue).toBe(3000);
    await harness.pass(hour);
    harness.trackers.product.close(0, 'completed', sam);
    await harness.poll();
    harness.sql.transaction(() => setWhatChanged(harness.core, id, { text: 'It is signed.', who: 'dana' }));
    storeListedCustomer(harness.sql, { key: 'a', email: 'a@customer.example' }, harness.now);
    part(first?.id ?? '');
    await passDays(harness, 3);
    const asked = harness.mail.accepted.filter(({ text }) => text.includes('It is signed.')).map(({ to }) => to);
    expect(asked.sort()).toEqual(['b@customer.example', 'c@customer.example']);
    const follow = readStrategicCaseJson(harness.core, id);
    expect(follow.mailState).toMatchObject({ sent: 2, skipped: 1 });
    await passDays(harness, 15);
    expect(strategicOf(harness)[0]?.loop).toBe('unverified');
    expect(Object.fromEntries(countVerdicts(harness.sql, id, 1))).toEqual({ unverified: 2 });
  });

  it('no longer counts there, and no rule links it again', async () => {
    const byCategory = slow((name, text) =>
      name === 'upgrade-hard-to-install'
        ? text
            .replace(/^when: .*/m, 'when: { source: [] }')
            .replace(/^gather: .*/m, 'gather: { cases: [{ category: Installation issues, count: 3, within: 7 days }] }')
        : text,
    );
    const harness = new Harness(byCategory);
    for (const customer of ['a', 'b', 'c']) await harness.receive({ token: customer, customer, completed: false });
    const [strategic] = strategicOf(harness);
    const [first] = harness.cases();
    const part = (to: string, who = 'dana') =>
      harness.sql.transaction(() =>
        partFromStrategicCase(harness.core, first?.id ?? '', { to, reason: 'a network drive', who }),
      );
    const customers = () => readStrategicCaseJson(harness.core, strategic?.id ?? '').customers;
    expect(customers()).toBe(3);
    expect(() => part('C-1')).toThrow('to: is no strategic case that this one is part of');
    expect(() => part(strategic?.id ?? '', 'sam')).toThrow('Only');
    part(strategic?.id ?? '');
    expect(customers()).toBe(2);
    expect(harness.timeline()).toContain('parted');
    harness.sql.transaction(() => elevateByRules(harness.core, first?.id ?? '', 'category'));
    expect(customers()).toBe(2);
    // A person may still elevate it again, and take it out again.
    const again = { to: strategic?.id ?? '', reason: 'the same driver after all', who: 'dana' };
    harness.sql.transaction(() => elevateByHand(harness.core, first?.id ?? '', again));
    expect(customers()).toBe(3);
    part(strategic?.id ?? '');
    expect(customers()).toBe(2);
    expect(listPartedCases(harness.sql, first?.id ?? '')).toHaveLength(1);
  });
});
