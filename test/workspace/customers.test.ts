import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListedCustomer, type Reported, tell } from '#domain/responses/customer.ts';
import { putCustomers } from '#src/workspace/intake/operator-actions.ts';
import { customerJson } from '#src/workspace/queries/intake.ts';
import { findCustomer, listCustomers } from '#src/workspace/store/customers.ts';
import { day, Harness, start } from './harness.ts';
import { ToolHarness } from './tool-harness.ts';

const listed = (row: object) => ListedCustomer.parse(row);
const known = (harness: Harness, key: string) => {
  const customer = findCustomer(harness.sql, key);
  if (!customer) throw new Error(`no customer ${key}`);
  return customerJson(customer);
};

describe('a customer', () => {
  it('is what the list says before what responses say, and says which', async () => {
    const harness = new Harness();
    putCustomers(harness.core, [listed({ key: 'k-1', tier: 'Silver', renewal: '2027-03-31' })]);
    await harness.receive({ completed: false, tier: 'gold' });
    expect(harness.case().tier).toBe('silver');
    expect(known(harness, 'k-1')).toMatchObject({
      tier: 'silver',
      renewal: '2027-03-31',
      name: 'Name of k-1',
      from: { tier: 'list', renewal: 'list', name: 'response', revenue: 'response' },
    });
    putCustomers(harness.core, [listed({ key: 'k-1' })]);
    expect(known(harness, 'k-1')).toMatchObject({ tier: 'gold', renewal: null, from: { tier: 'response' } });
  });

  it('is known by a folded address where a response names no id', async () => {
    const harness = new ToolHarness({}, (yaml) => yaml.replace('key: hidden.customer_id, ', ''));
    putCustomers(harness.core, [listed({ key: 'K-7', email: 'Ada@Example.com', tier: 'gold' })]);
    await harness.submit({ id: 'r-1', email: ' ADA@example.COM ', answers: { done: false } });
    await harness.submit({ id: 'r-2', email: 'ada@example.com', answers: { done: false } });
    await harness.submit({ id: 'r-3', email: 'Somebody@Example.com', answers: { done: false } });
    expect(harness.case()).toMatchObject({ customerKey: 'K-7', tier: 'gold' });
    expect(harness.cases().map(({ customerKey }) => customerKey)).toEqual(['K-7', 'somebody@example.com']);
  });

  it('is not set back by an older response that arrives late', async () => {
    const harness = new Harness();
    await harness.receive({ token: 'new', at: start, tier: 'gold' });
    await harness.receive({ token: 'old', at: start - 300 * day, tier: 'bronze' });
    expect(known(harness, 'k-1').tier).toBe('gold');
  });

  it('is the same in whatever order responses arrive', () => {
    const said = fc.record({
      at: fc.integer({ min: 0, max: 5 }),
      tier: fc.constantFrom(null, 'gold', 'silver', 'bronze'),
      revenue: fc.constantFrom(null, 1, 2),
    });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (all, order) => {
        const fold = (list: typeof all) =>
          list.reduce((told: Reported, { at, ...one }) => tell(told, one, at), {});
        const shuffled = all
          .map((entry) => ({ one: entry, place: order.next().value ?? 0 }))
          .sort((a, b) => a.place - b.place)
          .map(({ one }) => one);
        expect(fold([...shuffled, ...all])).toEqual(fold(all));
      }),
    );
  });

  it('is found by a part of key, name or address', async () => {
    const harness = new Harness();
    await harness.receive({ token: 'a', customer: 'north' }, { token: 'b', customer: 'south' });
    expect(listCustomers(harness.sql, 1e9, 10, 'OUT').map(({ key }) => key)).toEqual(['south']);
    expect(listCustomers(harness.sql, 1e9, 10, '').map(({ key }) => key)).toEqual(['south', 'north']);
  });

  it.each([
    [{ tier: 'gold' }, 'key'],
    [{ key: 'k', email: 'nowhere' }, 'email'],
    [{ key: 'k', revenue: '12 €' }, 'revenue'],
    [{ key: 'k', renewal: '31.3.2027' }, 'renewal'],
    [{ key: 'k', tear: 'gold' }, ''],
  ])('is refused with the name of the field: %j', (row, field) => {
    const read = ListedCustomer.safeParse(row);
    expect(read.error?.issues[0]?.path.join('.')).toBe(field);
  });
});
