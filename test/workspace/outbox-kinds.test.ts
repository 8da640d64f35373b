import { expect, it } from 'vitest';
import { actOnCase } from '#src/workspace/issues/act-on-case.ts';
import { findOriginalId } from '#src/workspace/store/case-links.ts';
import type { Payload } from '#src/workspace/store/outbox.ts';
import { addToOutbox } from '#src/workspace/store/outbox.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour } from '#test/harness/times.ts';
import { lost, refused } from './fakes.ts';

async function opened(...told: Parameters<Harness['receive']>): Promise<Harness> {
  const harness = new Harness();
  await harness.receive(...(told.length > 0 ? told : [{ completed: false }]));
  return harness;
}

function leave<Kind extends 'issue.close' | 'issue.link'>(
  harness: Harness,
  kind: Kind,
  payload: Omit<Payload<Kind>, 'caseId'>,
  key = `${kind}:test`,
): void {
  const { id, tracker } = harness.case();
  addToOutbox(harness.sql, {
    key,
    queue: tracker,
    orderingKey: `case:${id}`,
    kind,
    payload: { caseId: id, ...payload } as Payload<Kind>,
    at: harness.now,
  });
}

it('closes an issue once more when the answer got lost, and shows it as closed', async () => {
  const harness = await opened();
  harness.trackers.support.fail('close', lost());
  leave(harness, 'issue.close', { kind: 'completed' });
  await harness.pass(hour);
  expect(harness.trackers.support.issue().snapshot.state).toBe('closed');
  expect(harness.case()).toMatchObject({ closingReason: 'fixed', loop: 'resolved' });
});

it('links two issues of one tracker, and waits for one that is not created yet', async () => {
  const harness = await opened({ completed: false }, { token: 'r-2', customer: 'k-2', completed: false });
  leave(harness, 'issue.link', { other: harness.case(1).id });
  await harness.pass(hour);
  expect(harness.trackers.support.issue().links).toEqual(['2']);
  expect(harness.timeline()).toContain('issues linked');
});

it('shows a person what the tracker refused', async () => {
  const harness = await opened();
  harness.trackers.support.fail('close', refused('rejected', 422));
  leave(harness, 'issue.close', { kind: 'completed' });
  await harness.pass(hour);
  expect(harness.case().needsPerson).toContain('The closing did not go through');
});

it('tells of each refusal of one generation, with its reason', async () => {
  const harness = await opened();
  const { support } = harness.trackers;
  const news = () => harness.mail.to('dana@acme.example', 'Needs a decision').map(({ text }) => text);
  for (const [index, status] of [422, 400].entries()) {
    support.fail('close', refused('rejected', status));
    leave(harness, 'issue.close', { kind: 'completed' }, `closing ${index}`);
    await harness.pass(day);
    expect(news().at(index)).toContain(`The closing did not go through: call: rejected: status ${status}`);
  }
  expect(news()).toHaveLength(2);
});

it('leaves nothing of a duplicate whose closing was refused, so that its original may become the duplicate', async () => {
  const harness = await opened({ completed: false }, { token: 'r-2', customer: 'k-2', completed: false });
  const repeat = (index: number, value: string) => {
    const action = { action: 'duplicate', value, because: null, rootCause: null, whatChanged: null } as const;
    const input = { ...action, mention: [], who: 'dana', once: null };
    harness.sql.transaction(() => actOnCase(harness.core, harness.case(index).id, input));
  };
  harness.trackers.support.fail('close', refused('rejected', 422));
  repeat(1, 'C-1');
  await harness.pass(hour);
  expect(findOriginalId(harness.sql, harness.case(1).id)).toBeNull();
  repeat(0, 'C-2');
  await harness.pass(hour);
  expect(harness.case(0)).toMatchObject({ loop: 'dropped', closingReason: 'duplicate' });
});
