import { expect, it } from 'vitest';
import { countRefusalAtDoor, isGenuineDelivery, storeRefusedDeliveries } from '#src/workspace/intake/receive.ts';
import { listRefusedDeliveries } from '#src/workspace/store/deliveries.ts';
import { acme } from '#test/domain/samples.ts';
import { EmulatedHarness } from '#test/harness/emulated-harness.ts';
import { day, minute } from '#test/harness/times.ts';

const forged = { body: new Uint8Array(), headers: { 'typeform-signature': 'sha256=0' }, receivedAt: 0 };
const source = 'upgrade-survey';
const rows = (harness: EmulatedHarness) => harness.sql.all('SELECT * FROM refused_deliveries');

it('a flood of refused deliveries costs one write per reason and minute', async () => {
  const harness = new EmulatedHarness(acme());
  let writes = 0;
  const { run } = harness.core.sql;
  harness.core.sql.run = (query, ...values) => {
    writes += 1;
    run.call(harness.core.sql, query, ...values);
  };
  for (let index = 0; index < 600; index += 1) {
    expect(await isGenuineDelivery(harness.core, { source, raw: forged })).toBe(false);
    countRefusalAtDoor(harness.core, source, 'too-large');
    countRefusalAtDoor(harness.core, `source ${index}`, 'too-large');
    countRefusalAtDoor(harness.core, source, 'not-found');
    harness.now += minute / 100;
  }
  expect(writes).toBeGreaterThan(1);
  expect(writes).toBeLessThanOrEqual(2 * 7);
  storeRefusedDeliveries(harness.core);
  const listed = listRefusedDeliveries(harness.sql, source, harness.now - day);
  expect(listed.map(({ reason, count }) => [reason.split(/[;,]/)[0], count]).sort()).toEqual([
    ['larger than 1 MiB', 600],
    ['signature or secret does not match', 600],
  ]);
  expect(rows(harness).length).toBeLessThanOrEqual(4);

  harness.now += 8 * day;
  expect(listRefusedDeliveries(harness.sql, source, harness.now - day)).toEqual([]);
  countRefusalAtDoor(harness.core, source, 'too-large');
  expect(rows(harness)).toHaveLength(1);
});
