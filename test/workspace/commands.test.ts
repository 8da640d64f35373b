import { describe, expect, it } from 'vitest';
import { dueDate } from '#domain/templates/due.ts';
import { day, hour, minute, Rig } from './rig.ts';

const dana = '5b10ac8d82e05b22cc7d4ef1';
const sam = '5b10ac8d82e05b22cc7d4ef2';

async function opened(): Promise<Rig> {
  const rig = new Rig();
  await rig.receive({ completed: false });
  await rig.pass(minute);
  return rig;
}

async function say(rig: Rig, author: string, text: string): Promise<string> {
  rig.trackers.support.say(0, author, text);
  await rig.poll();
  await rig.pass(minute);
  return answers(rig).at(-1) ?? '';
}

const answers = (rig: Rig) =>
  rig.trackers.support
    .issue()
    .comments.filter(({ ref }) => ref !== null)
    .map(({ text }) => text);
const snapshot = (rig: Rig) => rig.trackers.support.issue().snapshot;

describe('commands of one comment', () => {
  it('are done in order, and answered in one comment', async () => {
    const rig = await opened();
    await say(
      rig,
      sam,
      'Called them.\n/severity low\n!due 2026-12-02 because of the fair\n/Assign dana\n/contacted by phone',
    );
    expect(rig.case()).toMatchObject({
      severity: 'low',
      assignee: 'dana',
      firstContactAt: expect.any(Number),
    });
    expect(dueDate(rig.case().dueAt, 'Europe/Berlin')).toBe('2026-12-02');
    expect(answers(rig)).toEqual([
      'The severity is low now.\n\nIt is due by the end of the working day of 2026-12-02.\n\nDana Reyes works on it now.\n\nThe first contact is noted.',
    ]);
    expect(snapshot(rig)).toMatchObject({ severity: 4, dueDate: '2026-12-02', assignee: dana });
    expect(rig.mail.to('k-1@customer.example')).toEqual([]);
  });

  it('that cannot be done say why, and the others are done', async () => {
    const rig = await opened();
    const answer = await say(rig, sam, '/severity awful\n/due tomorrow\n/assign nobody-known\n/ack');
    expect(answer).toContain('severity: is not among urgent, high, normal, low');
    expect(answer).toContain('due: is not a date');
    expect(answer).toContain('the people are dana, sam, priya, mette');
    expect(answer).toContain('Noted: you have it.');
    expect(rig.case()).toMatchObject({ severity: 'urgent', acknowledgedAt: expect.any(Number) });
  });

  it('list themselves for whoever asks', async () => {
    const rig = await opened();
    expect(await say(rig, sam, '/help')).toContain('`/root-cause …` says why it happened');
    await rig.poll();
    await rig.pass(hour);
    expect(answers(rig)).toHaveLength(1);
  });
});

it('stops and starts the clock by command, and shows it in the tracker', async () => {
  const rig = await opened();
  await say(rig, sam, '/snooze 3 hours because they are at lunch');
  expect(rig.case().snoozedUntil).toBeGreaterThan(rig.now + 2 * hour);
  expect(await say(rig, sam, '/snooze because I want to')).toContain('snooze: wants a time');
  await say(rig, sam, '/pause because we wait for an answer');
  expect(rig.case()).toMatchObject({ status: 'Pending' });
  expect(snapshot(rig).labels).toContain('status:pending');
  expect(rig.case().clock?.pauses.at(-1)?.to).toBeNull();
  await say(rig, sam, '/resume');
  expect(rig.case().clock?.pauses.at(-1)?.to).not.toBeNull();
  expect(snapshot(rig).labels).not.toContain('status:pending');
});

it('closes and reopens for the person who said so', async () => {
  const rig = await opened();
  expect(await say(rig, sam, '/close because it works')).toContain(
    'Only case managers may close it: Dana Reyes',
  );
  await say(rig, dana, '/close because it works');
  expect(rig.case()).toMatchObject({
    loop: 'resolved',
    closer: 'dana',
    closingReason: 'fixed',
    closingNote: 'it works',
  });
  await say(rig, sam, '/reopen because it broke again');
  expect(rig.case()).toMatchObject({ loop: 'working', generation: 2 });
  expect(answers(rig).join()).toContain('Reopened by Caselite for Sam Okafor: it broke again.');
});

it('marks a duplicate, which shares the end of the case it repeats', async () => {
  const rig = await opened();
  await rig.receive({ token: 'r-2', customer: 'k-2', completed: false });
  rig.trackers.support.say(1, dana, '/duplicate of C-1');
  await rig.poll();
  await rig.pass(minute);
  expect(rig.case(1)).toMatchObject({ closingReason: 'duplicate', loop: 'dropped', needsPerson: null });
  await rig.pass(5 * day);
  expect(rig.mail.to('k-2@customer.example')).toEqual([]);
  rig.trackers.support.close(0, 'completed', dana);
  await rig.poll();
  expect(rig.case(1)).toMatchObject({ loop: 'resolved', closer: 'dana' });
  await rig.pass(2 * day);
  expect(rig.mail.to('k-1@customer.example')).toHaveLength(1);
  expect(rig.mail.to('k-2@customer.example')).toHaveLength(1);
});

it('ignores a stranger’s commands, and says so once', async () => {
  const rig = await opened();
  await say(rig, 'stranger', '/severity low\n/close because I say so');
  await say(rig, 'stranger', '/assign dana');
  expect(rig.case()).toMatchObject({ severity: 'urgent', loop: 'working', assignee: 'sam' });
  expect(answers(rig)).toEqual([expect.stringContaining('people of the case’s team only')]);
});

it('takes no command from a quote, from code, or from what Caselite wrote itself', async () => {
  const rig = await opened();
  await say(rig, sam, '> /severity low\n\n```\n/severity low\n```\n`/severity low`');
  expect(rig.case().severity).toBe('urgent');
  await say(rig, sam, '/help');
  await rig.poll();
  expect(rig.case().severity).toBe('urgent');
});
