import { expect, it } from 'vitest';
import { addToOutbox, type OutboxKind } from '#src/workspace/store/outbox.ts';
import { lost, refused } from './fakes.ts';
import { hour, Rig } from './rig.ts';

async function opened(...told: Parameters<Rig['receive']>): Promise<Rig> {
  const rig = new Rig();
  await rig.receive(...(told.length > 0 ? told : [{ completed: false }]));
  return rig;
}

function leave(rig: Rig, kind: OutboxKind, payload: object): void {
  const { id, tracker } = rig.case();
  addToOutbox(rig.sql, {
    key: `${kind}:test`,
    queue: tracker,
    subject: `case:${id}`,
    kind,
    payload: { caseId: id, ...payload },
    at: rig.now,
  });
}

it('closes an issue once more when the answer got lost, and shows it as closed', async () => {
  const rig = await opened();
  rig.trackers.support.fail('close', lost());
  leave(rig, 'issue.close', { kind: 'completed' });
  await rig.pass(hour);
  expect(rig.trackers.support.issue().snapshot.state).toBe('closed');
  expect(rig.case()).toMatchObject({ closingReason: 'fixed', loop: 'resolved' });
});

it('links two issues of one tracker, and waits for one that is not made yet', async () => {
  const rig = await opened({ completed: false }, { token: 'r-2', customer: 'k-2', completed: false });
  leave(rig, 'issue.link', { other: rig.case(1).id });
  await rig.pass(hour);
  expect(rig.trackers.support.issue().links).toEqual(['2']);
  expect(rig.timeline()).toContain('issues linked');
});

it('shows a person what the tracker refused', async () => {
  const rig = await opened();
  rig.trackers.support.fail('close', refused('rejected', 422));
  leave(rig, 'issue.close', { kind: 'completed' });
  await rig.pass(hour);
  expect(rig.case().needsPerson).toContain('issue close did not go through');
});

it('says in comments that two cases belong together, where one went to another tracker meanwhile', async () => {
  const rig = await opened({ completed: false }, { token: 'r-2', customer: 'k-2', completed: false });
  leave(rig, 'issue.link', { other: rig.case(1).id });
  rig.update({ tracker: 'growth' }, 1);
  await rig.pass(hour);
  expect(rig.trackers.support.issue().links).toEqual([]);
  expect(rig.trackers.support.issue().comments.at(-1)?.text).toContain('Related to [C-2]');
});
