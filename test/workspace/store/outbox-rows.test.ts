import { expect, it } from 'vitest';
import { addToOutbox, readOutboxRow } from '#src/workspace/store/outbox.ts';
import { findNextWorkAt } from '#src/workspace/store/schedule.ts';
import { Harness } from '#test/harness/harness.ts';
import { hour } from '#test/harness/times.ts';

async function opened(): Promise<Harness> {
  const harness = new Harness();
  await harness.receive({ completed: false });
  return harness;
}

function leaveClose(harness: Harness): void {
  const { id, tracker } = harness.case();
  addToOutbox(harness.sql, {
    key: 'issue.close:test',
    queue: tracker,
    orderingKey: `case:${id}`,
    kind: 'issue.close',
    payload: { caseId: id, kind: 'completed' },
    at: harness.now,
  });
}

it.each([
  ['an unknown kind', "kind = 'issue.pin'", 'issue.pin', 1],
  ['an unknown version', 'version = 2', 'issue.close', 2],
  ['a content that does not fit', "payload = '{}'", 'issue.close', 1],
])('keeps a row of %s, and logs it once an hour', async (_, change, kind, version) => {
  const harness = await opened();
  const { length } = harness.outbox();
  leaveClose(harness);
  harness.sql.run(`UPDATE outbox SET ${change} WHERE key = 'issue.close:test'`);
  await harness.pass(3 * hour);
  const line = `row-unreadable ${JSON.stringify({ queue: 'support', kind, version, row: length + 1 })}`;
  expect(harness.log).toEqual(Array(4).fill(line));
  expect(harness.outbox().at(-1)).toMatchObject({ kind, state: 'waiting', attempts: 0, error: null });
  expect(findNextWorkAt(harness.sql)).toBe(harness.now + hour);
  harness.sql.run(
    `UPDATE outbox SET kind = 'issue.close', version = 1, payload = ? WHERE key = 'issue.close:test'`,
    JSON.stringify({ caseId: harness.case().id, kind: 'completed' }),
  );
  await harness.pass(2 * hour);
  expect(harness.case()).toMatchObject({ loop: 'resolved' });
});

it('takes a call that was under way when its row became unreadable for one without an answer', async () => {
  const harness = await opened();
  leaveClose(harness);
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
    expect(readOutboxRow({ kind, version, payload })).toEqual({ kind, version, payload: JSON.parse(payload) });
});
