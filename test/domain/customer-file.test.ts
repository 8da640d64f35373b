import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '#domain/base/errors.ts';
import { finishSteps } from '#domain/base/steps.ts';
import { readCustomers, readFurtherAttributes } from '#domain/responses/customer-file.ts';
import { collectAttributes } from '#domain/settings/attributes.ts';

const attributes = collectAttributes({ attributes: { seats: { type: 'number' }, region: {} }, tiers: {} });
const read = (rows: Record<string, unknown>[]) => finishSteps(readCustomers(rows, attributes));

/** Fields and messages of what is refused. */
function problems(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems.map(({ field, message }) => `${field}: ${message}`);
  }
  return [];
}

describe('a customer list as JSON', () => {
  it('gives what each row says; the same customer may stand twice', () => {
    const rows = [
      { key: ' c-1 ', seats: 5, region: null, name: undefined },
      { key: 'c-1', region: 'north' },
    ];
    expect(read(rows)).toEqual([
      { key: 'c-1', seats: 5 },
      { key: 'c-1', region: 'north' },
    ]);
  });

  it('names row and attribute of everything that is wrong', () => {
    const missing = 'is missing; write the id by which responses name the customer';
    expect(
      problems(() => read([{ key: 'c-1', seats: 'x' }, { seats: 5 }, { key: ' ' }, { key: 'x'.repeat(501) }])),
    ).toEqual([
      'customers.0.seats: must be a number, without a currency',
      `customers.1.key: ${missing}`,
      `customers.2.key: ${missing}`,
      'customers.3.key: is longer than 500 characters',
    ]);
    const unknown = 'is not under attributes of the workspace file: kye; did you mean key?';
    expect(problems(() => read([{ key: 'c', kye: 1 }]))).toEqual([`customers.0.kye: ${unknown}`]);
  });
});

describe('a customer list as a file', () => {
  const file = (columns: string[], ...cells: string[][]) =>
    finishSteps(
      readCustomers({ columns, rows: cells.map((row, index) => ({ line: index + 2, cells: row })) }, attributes),
    );

  it('says nothing in a cell that is blank or missing', () => {
    expect(file(['key', 'seats', 'region'], ['c-1', ' 5 ', ' '], ['c-2'])).toEqual([
      { key: 'c-1', seats: 5 },
      { key: 'c-2' },
    ]);
  });

  it('needs a column key', () => expect(problems(() => file(['seats']))).toEqual(['line 1: has no column key']));
});

describe('further attributes of a customer', () => {
  it('are those without a field of their own', () => {
    expect(readFurtherAttributes({ seats: 5, renewal: '2027-03-31', region: null }, attributes)).toEqual({
      seats: 5,
      renewal: '2027-03-31',
    });
    expect(problems(() => readFurtherAttributes({ tier: 'gold', seats: 'x' }, attributes))).toEqual([
      expect.stringMatching(
        /^customer\.attributes\.tier: is not under attributes of the workspace file: tier; .*seats/,
      ),
      'customer.attributes.seats: must be a number, without a currency',
    ]);
  });
});
