import { describe, expect, it } from 'vitest';
import { type ByHand, nameCustomer, openByHand } from '#src/workspace/cases/open-by-hand.ts';
import { unsubscribe } from '#src/workspace/loop/answer.ts';
import { mergeKeys, partKey } from '#src/workspace/privacy/erase-person.ts';
import { readCustomerDetail } from '#src/workspace/queries/customer.ts';
import { ledger } from '#src/workspace/queries/loop.ts';
import { findCustomer } from '#src/workspace/store/customers.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour } from '#test/harness/times.ts';

const merge = (harness: Harness, keys = ['k-1', 'k-2']) =>
  harness.sql.transaction(() => mergeKeys(harness.core, { keys, who: 'dana' }));
const part = (harness: Harness, key: string) =>
  harness.sql.transaction(() => partKey(harness.core, { key, who: 'dana' }));
const detail = (harness: Harness, key: string) =>
  readCustomerDetail(harness.core, findCustomer(harness.sql, key)?.seq ?? 0);

async function withTwoKeys(): Promise<Harness> {
  const harness = new Harness();
  await harness.receive({ token: 'r-1', customer: 'k-1', completed: false });
  await harness.receive({ token: 'r-2', customer: 'k-2', email: 'work@customer.example', completed: true, ease: 9 });
  return harness;
}

async function close(harness: Harness, index = 0): Promise<void> {
  harness.trackers.support.close(index);
  await harness.poll();
  await harness.pass(2 * day);
}

describe('two customer keys that a case manager merged', () => {
  it('are one customer of a case, which a response under either joins', async () => {
    const harness = await withTwoKeys();
    merge(harness);
    await harness.receive({ token: 'r-3', customer: 'k-2', email: 'work@customer.example', completed: false });
    expect(harness.cases()).toHaveLength(1);
    expect(harness.timeline()).toContain('joined by a response');
    await close(harness);
    expect(harness.mail.accepted.filter(({ to }) => to.endsWith('@customer.example'))).toHaveLength(1);
  });

  it('have one case when it is opened by hand, or its customer is named later', async () => {
    const harness = await withTwoKeys();
    merge(harness);
    const wish = { template: 'upgrade-not-installed', reason: 'a call', who: 'dana', once: 'page dana 1' };
    const byHand = (customer: ByHand['customer']) =>
      harness.sql.transaction(() => openByHand(harness.core, { ...wish, customer }));
    const fields = { email: null, name: null, tier: null, revenue: null };
    expect(() => byHand({ key: 'k-2', ...fields })).toThrow('C-1 is open already');
    const { id } = byHand(null);
    expect(byHand(null).id).toBe(id);
    harness.sql.transaction(() => nameCustomer(harness.core, id, { key: 'k-9', email: null, name: null, who: 'dana' }));
    await harness.receive({ token: 'r-9', customer: 'k-9', completed: false });
    expect(harness.cases()).toHaveLength(2);
    expect(() => byHand({ key: 'k-9', ...fields })).toThrow('C-2 is open already');
  });

  it('share history, opt-out and quarantine', async () => {
    const harness = await withTwoKeys();
    merge(harness);
    expect(detail(harness, 'k-2')).toMatchObject({ linked: [{ key: 'k-1', by: 'merge' }], cases: [{}] });
    expect(detail(harness, 'k-2').responses).toHaveLength(2);
    await close(harness);
    expect(ledger(harness.core, 'k-2').quarantineUntil).not.toBeNull();
    unsubscribe(harness.core, harness.customerFollowUp().id);
    expect(ledger(harness.core, 'k-2')).toMatchObject({ keys: ['k-2', 'k-1'], hasOptedOut: true });
  });

  it('are parted again as they were before', async () => {
    const harness = await withTwoKeys();
    const before = [detail(harness, 'k-2'), ledger(harness.core, 'k-2')];
    merge(harness);
    await close(harness);
    unsubscribe(harness.core, harness.customerFollowUp().id);
    part(harness, 'k-1');
    expect([detail(harness, 'k-2'), ledger(harness.core, 'k-2')]).toEqual(before);
    await harness.receive({ token: 'r-3', customer: 'k-2', email: 'work@customer.example', completed: false });
    await harness.pass(hour);
    expect(harness.case(1).customerKey).toBe('k-2');
    expect(() => part(harness, 'k-2')).toThrow(/merged with no other/);
  });

  it('stay one person with a third key, and each parts alone', async () => {
    const harness = await withTwoKeys();
    await harness.receive({ token: 'r-3', customer: 'k-3', email: 'third@customer.example', completed: true });
    merge(harness);
    merge(harness, ['k-3', 'k-2']);
    expect(ledger(harness.core, 'k-1').keys).toEqual(['k-1', 'k-2', 'k-3']);
    part(harness, 'k-2');
    expect(ledger(harness.core, 'k-1').keys).toEqual(['k-1', 'k-3']);
  });

  it('are known to Caselite, and two', async () => {
    const harness = await withTwoKeys();
    expect(() => merge(harness, ['k-1', 'k-1 '])).toThrow(/^keys: are fewer than two/);
    expect(() => merge(harness, ['k-1', 'k-9'])).toThrow(/^keys: names a customer whom nobody knows/);
  });
});
