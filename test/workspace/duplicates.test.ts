import { expect, it } from 'vitest';
import type { IssueClosure } from '#domain/integrations/issue.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { findOriginalId, setOriginal } from '#src/workspace/store/case-links.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, minute } from '#test/harness/times.ts';

const dana = '5b10ac8d82e05b22cc7d4ef1';

async function two(): Promise<Harness> {
  const harness = new Harness();
  await harness.receive({ completed: false }, { token: 'r-2', customer: 'k-2', completed: false });
  await harness.pass(minute);
  return harness;
}

/** A person closes the second issue as a duplicate in the tracker. */
async function closeAsDuplicate(harness: Harness, repeats?: string): Promise<void> {
  const at = harness.now;
  const closure: IssueClosure = { kind: 'duplicate', native: 'Duplicate', at, by: dana };
  harness.trackers.support.change(1, {
    state: 'closed',
    closure: { ...closure, ...(repeats && { repeats }) },
  });
  await harness.poll();
  await harness.pass(minute);
}

it('follows the case whose issue people marked as its original', async () => {
  const harness = await two();
  await closeAsDuplicate(harness, '1');
  expect(harness.case(1)).toMatchObject({
    loop: 'dropped',
    needsPerson: null,
  });
  expect(findOriginalId(harness.sql, harness.case(1).id)).toBe(harness.case(0).id);
  expect(harness.timeline(1)).toContain('follows another case');
  harness.trackers.support.close(0, 'completed', dana);
  await harness.poll();
  await harness.pass(2 * day);
  expect(harness.mail.to('k-2@customer.example')).toHaveLength(1);
});

it('follows it also where they mark it after they closed it', async () => {
  const harness = await two();
  await closeAsDuplicate(harness);
  expect(harness.case(1).needsPerson).toContain('which case it repeats is not known');
  await closeAsDuplicate(harness, '1');
  expect(harness.case(1)).toMatchObject({
    loop: 'dropped',
    needsPerson: null,
  });
  expect(findOriginalId(harness.sql, harness.case(1).id)).toBe(harness.case(0).id);
});

it('waits for a decision where the original is the issue of no case, or its own', async () => {
  const harness = await two();
  await closeAsDuplicate(harness, '99');
  expect(harness.case(1).needsPerson).toContain('which case it repeats is not known');
  await closeAsDuplicate(harness, '2');
  expect(harness.case(1)).toMatchObject({ loop: 'dropped' });
  expect(findOriginalId(harness.sql, harness.case(1).id)).toBeNull();
});

it('reopens an original no third time, whosever dispute it is', async () => {
  const harness = await two();
  await closeAsDuplicate(harness, '1');
  harness.update({ generation: 3 });
  harness.trackers.support.close(0, 'completed', dana);
  await harness.poll();
  await harness.pass(2 * day);
  const asked = harness.customerFollowUp(1, 1);
  harness.sql.transaction(() => answerAsk(harness.core, asked.id, new Map([['resolved', 'no']])));
  await harness.pass(day);
  expect(harness.case(1).needsPerson).toContain('disputed a third time');
  expect(harness.trackers.support.count('reopen')).toBe(0);
});

it('opens a case again that somebody solved itself, although it is marked as a duplicate of an open one', async () => {
  const harness = await two();
  setOriginal(harness.sql, harness.case(1).id, harness.case(0).id, harness.now);
  harness.trackers.support.close(1, 'completed', dana);
  await harness.poll();
  await harness.pass(2 * day);
  const asked = harness.customerFollowUp(1, 1);
  harness.sql.transaction(() => answerAsk(harness.core, asked.id, new Map([['resolved', 'no']])));
  await harness.pass(day);
  expect(harness.case(1)).toMatchObject({ loop: 'working', generation: 2 });
  expect(harness.trackers.support.issue(1).snapshot.state).toBe('open');
  expect(harness.case(0).generation).toBe(1);
});

it('is reopened once where its customer and that of a duplicate say no at the same time', async () => {
  const harness = await two();
  await closeAsDuplicate(harness, '1');
  harness.trackers.support.close(0, 'completed', dana);
  await harness.poll();
  await harness.pass(2 * day);
  harness.sql.transaction(() => {
    for (const index of [1, 0])
      answerAsk(harness.core, harness.customerFollowUp(1, index).id, new Map([['resolved', 'no']]));
  });
  await harness.pass(day);
  expect(harness.case(0)).toMatchObject({ loop: 'working', generation: 2 });
  const said = harness.trackers.support.issue(0).comments.filter(({ text }) => text.startsWith('Reopened by'));
  expect([harness.trackers.support.count('reopen'), said.length]).toEqual([1, 1]);
});

it('goes round no circle of duplicates', async () => {
  const harness = await two();
  await closeAsDuplicate(harness, '1');
  const closure: IssueClosure = { kind: 'duplicate', native: null, at: harness.now, by: dana, repeats: '2' };
  harness.trackers.support.change(0, { state: 'closed', closure });
  await harness.poll();
  expect(harness.case(0)).toMatchObject({ loop: 'dropped' });
  expect(harness.case(0).needsPerson).toContain('which case it repeats is not known');
  await harness.pass(20 * day);
  expect(harness.mail.to('k-1@customer.example')).toEqual([]);
});
