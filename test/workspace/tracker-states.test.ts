import { expect, it } from 'vitest';
import { readTrackerStates } from '#src/workspace/queries/connections.ts';
import { allowances } from '#src/workspace/store/queues.ts';
import { Harness } from '#test/harness/harness.ts';
import { hour } from '#test/harness/times.ts';

it('the calls that a tracker says are left are the fewest of its units, until they begin anew', async () => {
  const harness = new Harness();
  const left = () => readTrackerStates(harness.core).find(({ tracker }) => tracker === 'product')?.left;
  expect(left()).toBeNull();
  const resetsAt = harness.now + hour;
  for (const [unit, remaining] of [
    ['requests', 4900],
    ['points', 12],
  ] as const)
    allowances.put(harness.sql, { queue: 'product', unit, remaining, resetsAt });
  expect(left()).toEqual({ calls: 12, until: new Date(resetsAt).toISOString() });
  await harness.pass(2 * hour);
  expect(left()).toBeNull();
});
