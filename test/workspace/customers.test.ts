import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finishSteps } from '#domain/base/steps.ts';
import {
  addResponseAttributes,
  effective,
  type OriginValuesByAttribute,
  replaceListAttributes,
} from '#domain/responses/customer.ts';
import { readCustomers } from '#domain/responses/customer-file.ts';
import { builtInAttributes } from '#domain/settings/attributes.ts';
import { storeCustomerList } from '#src/workspace/intake/operator-actions.ts';
import { toCustomerJson } from '#src/workspace/queries/serializers.ts';
import { searchRows } from '#src/workspace/store/search.ts';
import { findCustomer, listCustomers } from '#src/workspace/store/customers.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, start } from '#test/harness/times.ts';
import { ToolHarness } from '#test/harness/tool-harness.ts';

const known = (harness: Harness, key: string) => {
  const customer = findCustomer(harness.sql, key);
  if (!customer) throw new Error(`no customer ${key}`);
  return toCustomerJson(harness.core, customer);
};

describe('a customer', () => {
  it('has the attributes of the list before those of responses, with their origin', async () => {
    const harness = new Harness();
    finishSteps(storeCustomerList(harness.core, [{ key: 'k-1', tier: 'Silver', renewal: '2027-03-31' }], 'dana'));
    await harness.receive({ completed: false, tier: 'gold' });
    expect(harness.case().tier).toBe('silver');
    expect(known(harness, 'k-1')).toMatchObject({
      tier: 'silver',
      renewal: '2027-03-31',
      name: 'Name of k-1',
      from: { tier: 'list', renewal: 'list', name: 'response', revenue: 'response' },
    });
    finishSteps(storeCustomerList(harness.core, [{ key: 'k-1' }], 'dana'));
    expect(known(harness, 'k-1')).toMatchObject({ tier: 'gold', renewal: null, from: { tier: 'response' } });
  });

  it('is known by a folded address where a response names no id', async () => {
    const harness = new ToolHarness({}, (yaml) => yaml.replace('key: hidden.customer_id, ', ''));
    finishSteps(storeCustomerList(harness.core, [{ key: 'K-7', email: 'Ada@Example.com', tier: 'gold' }], 'dana'));
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
          list.reduce((known: OriginValuesByAttribute, { at, ...said }) => addResponseAttributes(known, said, at), {});
        const shuffled = all
          .map((entry) => ({ one: entry, place: order.next().value ?? 0 }))
          .sort((a, b) => a.place - b.place)
          .map(({ one }) => one);
        expect(fold([...shuffled, ...all])).toEqual(fold(all));
      }),
    );
  });

  it('has the list’s value, else the newest response’s, for every attribute', () => {
    const values = fc.record({
      tier: fc.constantFrom(null, 'gold', 'silver'),
      region: fc.constantFrom(null, 'emea', 'apac'),
    });
    const step = fc.record({ isList: fc.boolean(), at: fc.nat({ max: 5 }), values });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const known = steps.reduce(
          (before: OriginValuesByAttribute, { isList, at, values: said }) =>
            isList ? replaceListAttributes(before, said, at) : addResponseAttributes(before, said, at),
          {},
        );
        const { values: counted, from } = effective(known);
        for (const name of ['tier', 'region'] as const) {
          const onList = steps.findLast(({ isList }) => isList)?.values[name] ?? null;
          const newest = steps
            .filter(({ isList, values: said }) => !isList && said[name] !== null)
            .sort((a, b) => b.at - a.at || (String(a.values[name]) < String(b.values[name]) ? 1 : -1))[0];
          expect(counted[name] ?? null).toBe(onList ?? newest?.values[name] ?? null);
          expect(from[name]).toBe(onList ? 'list' : newest ? 'response' : undefined);
        }
      }),
    );
  });

  it('gets an attribute that is declared later out of responses that came before', async () => {
    const harness = new ToolHarness();
    await harness.submit({ id: 'r-1', answers: { done: true } });
    const { updatedAt } = known(harness, 'r-1');
    const declare = (values: string) => (yaml: string) =>
      yaml
        .replace('sources:\n', `attributes: { region: { values: [${values}] } }\nsources:\n`)
        .replace('email: hidden.email }', 'email: hidden.email, region: hidden.customer_id }');
    harness.push(declare('emea'));
    await harness.pass(day);
    expect(known(harness, 'r-1').attributes).toEqual({});
    harness.push(declare('emea, R-1'));
    await harness.pass(day);
    expect(known(harness, 'r-1')).toMatchObject({
      attributes: { region: { value: 'R-1' } },
      from: { region: 'response' },
      updatedAt,
    });
  });

  it('is found by a part of key, name or address', async () => {
    const harness = new Harness();
    await harness.receive({ token: 'a', customer: 'north' }, { token: 'b', customer: 'south' });
    const rows = searchRows(harness.sql, 'customers', 'OUT');
    expect(listCustomers(harness.sql, 1e9, 10, { rows }).map(({ key }) => key)).toEqual(['south']);
    expect(listCustomers(harness.sql, 1e9, 10).map(({ key }) => key)).toEqual(['south', 'north']);
  });

  it.each([
    [{ tier: 'gold' }, 'key'],
    [{ key: 'k', email: 'nowhere' }, 'email'],
    [{ key: 'k', revenue: '12 €' }, 'revenue'],
    [{ key: 'k', renewal: '31.3.2027' }, 'renewal'],
    [{ key: 'k', tear: 'gold' }, 'tear'],
  ])('is refused with the name of the field: %j', (row, field) => {
    expect(() => finishSteps(readCustomers([row], builtInAttributes))).toThrow(
      new RegExp(`^customers\\.0\\.${field}: `),
    );
  });
});
