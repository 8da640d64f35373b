import { expect, it } from 'vitest';
import { addToOutbox } from '#src/workspace/store/outbox.ts';
import { type Payload, readPayload } from '#src/workspace/store/payloads.ts';
import { nextDue } from '#src/workspace/store/schedule.ts';
import { Harness } from '#test/harness/harness.ts';
import { hour } from '#test/harness/times.ts';
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
): void {
  const { id, tracker } = harness.case();
  addToOutbox(harness.sql, {
    key: `${kind}:test`,
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
  expect(harness.case().needsPerson).toContain('issue close did not go through');
});

it('says in comments that two cases belong together, where one went to another tracker meanwhile', async () => {
  const harness = await opened({ completed: false }, { token: 'r-2', customer: 'k-2', completed: false });
  leave(harness, 'issue.link', { other: harness.case(1).id });
  harness.update({ tracker: 'growth' }, 1);
  await harness.pass(hour);
  expect(harness.trackers.support.issue().links).toEqual([]);
  expect(harness.trackers.support.issue().comments.at(-1)?.text).toContain('Related to [C-2]');
});

it.each([
  ['an unknown kind', "kind = 'issue.pin'", 'issue.pin', 1],
  ['an unknown version', 'version = 2', 'issue.close', 2],
  ['a content that does not fit', "payload = '{}'", 'issue.close', 1],
])('keeps a row of %s, and logs it once an hour', async (_, change, kind, version) => {
  const harness = await opened();
  const { length } = harness.outbox();
  leave(harness, 'issue.close', { kind: 'completed' });
  harness.sql.run(`UPDATE outbox SET ${change} WHERE key = 'issue.close:test'`);
  await harness.pass(3 * hour);
  const line = `row-unreadable ${JSON.stringify({ queue: 'support', kind, version, row: length + 1 })}`;
  expect(harness.log).toEqual(Array(4).fill(line));
  expect(harness.outbox().at(-1)).toMatchObject({ kind, state: 'waiting', attempts: 0, error: null });
  expect(nextDue(harness.sql)).toBe(harness.now + hour);
  harness.sql.run(
    `UPDATE outbox SET kind = 'issue.close', version = 1, payload = ? WHERE key = 'issue.close:test'`,
    JSON.stringify({ caseId: harness.case().id, kind: 'completed' }),
  );
  await harness.pass(2 * hour);
  expect(harness.case()).toMatchObject({ loop: 'resolved' });
});

it('takes a call that was under way when its row became unreadable for one without an answer', async () => {
  const harness = await opened();
  leave(harness, 'issue.close', { kind: 'completed' });
  harness.sql.run(
    "UPDATE outbox SET kind = 'issue.pin', state = 'calling', deadline_at = ? WHERE key = 'issue.close:test'",
    harness.now,
  );
  await harness.pass(0);
  expect(harness.outbox().at(-1)).toMatchObject({ kind: 'issue.pin', state: 'unknown' });
});

it('reads every payload that is written', async () => {
  const harness = await opened();
  await harness.pass(hour);
  const rows = harness.sql.all<{ kind: string; version: number; payload: string }>(
    'SELECT kind, version, payload FROM outbox',
  );
  expect(rows.length).toBeGreaterThan(2);
  for (const { kind, version, payload } of rows)
    expect(readPayload(kind, version, payload)).toEqual({ kind, payload: JSON.parse(payload) });
});
