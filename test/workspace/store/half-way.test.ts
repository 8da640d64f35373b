import { expect, it } from 'vitest';
import { listCustomers } from '#src/workspace/store/customers.ts';
import { Harness } from '#test/harness/harness.ts';

it('leaves nothing of a delivery whose processing failed half-way', async () => {
  const harness = new Harness();
  harness.sql.run('ALTER TABLE cases RENAME TO hidden_cases');
  await harness.receive({ completed: false });
  expect(harness.responses()).toEqual([]);
  expect(listCustomers(harness.sql, Number.MAX_SAFE_INTEGER, 10, {})).toEqual([]);
  expect(harness.deliveries()[0]?.outcome).toBe('set-aside');
});
