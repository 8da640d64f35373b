import { expect, it } from 'vitest';
import type { IssueClosure } from '#domain/integrations/tracker.ts';
import { answerFollowUp } from '#src/workspace/loop/answer.ts';
import { day, minute, Rig } from './rig.ts';

const dana = '5b10ac8d82e05b22cc7d4ef1';

async function two(): Promise<Rig> {
  const rig = new Rig();
  await rig.receive({ completed: false }, { token: 'r-2', customer: 'k-2', completed: false });
  await rig.pass(minute);
  return rig;
}

/** A person closes the second issue as a duplicate in the tracker. */
async function closeAsDuplicate(rig: Rig, repeats?: string): Promise<void> {
  const at = rig.now;
  const closure: IssueClosure = { kind: 'duplicate', native: 'Duplicate', at, by: dana };
  rig.trackers.support.change(1, { state: 'closed', closure: { ...closure, ...(repeats && { repeats }) } });
  await rig.poll();
  await rig.pass(minute);
}

it('follows the case whose issue people marked as its original', async () => {
  const rig = await two();
  await closeAsDuplicate(rig, '1');
  expect(rig.case(1)).toMatchObject({ loop: 'dropped', needsPerson: null, duplicateOf: rig.case(0).id });
  expect(rig.timeline(1)).toContain('follows another case');
  rig.trackers.support.close(0, 'completed', dana);
  await rig.poll();
  await rig.pass(2 * day);
  expect(rig.mail.to('k-2@customer.example')).toHaveLength(1);
});

it('follows it also where they mark it after they closed it', async () => {
  const rig = await two();
  await closeAsDuplicate(rig);
  expect(rig.case(1).needsPerson).toContain('which case it repeats is not known');
  await closeAsDuplicate(rig, '1');
  expect(rig.case(1)).toMatchObject({ loop: 'dropped', needsPerson: null, duplicateOf: rig.case(0).id });
});

it('waits for a decision where the original is the issue of no case, or its own', async () => {
  const rig = await two();
  await closeAsDuplicate(rig, '99');
  expect(rig.case(1).needsPerson).toContain('which case it repeats is not known');
  await closeAsDuplicate(rig, '2');
  expect(rig.case(1)).toMatchObject({ duplicateOf: null, loop: 'dropped' });
});

it('reopens an original no third time, whosever dispute it is', async () => {
  const rig = await two();
  await closeAsDuplicate(rig, '1');
  rig.update({ generation: 3 });
  rig.trackers.support.close(0, 'completed', dana);
  await rig.poll();
  await rig.pass(2 * day);
  const asked = rig.customerFollowUp(1, 1);
  rig.sql.transaction(() => answerFollowUp(rig.core, asked.id, new Map([['resolved', 'no']])));
  await rig.pass(day);
  expect(rig.case(1).needsPerson).toContain('disputed a third time');
  expect(rig.trackers.support.count('reopen')).toBe(0);
});

it('goes round no circle of duplicates', async () => {
  const rig = await two();
  await closeAsDuplicate(rig, '1');
  const closure: IssueClosure = { kind: 'duplicate', native: null, at: rig.now, by: dana, repeats: '2' };
  rig.trackers.support.change(0, { state: 'closed', closure });
  await rig.poll();
  expect(rig.case(0)).toMatchObject({ loop: 'dropped' });
  expect(rig.case(0).needsPerson).toContain('which case it repeats is not known');
  await rig.pass(20 * day);
  expect(rig.mail.to('k-1@customer.example')).toEqual([]);
});
