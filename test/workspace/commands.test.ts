import { describe, expect, it } from 'vitest';
import { toDueDate } from '#domain/templates/due.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour, minute } from '#test/harness/times.ts';

const dana = '5b10ac8d82e05b22cc7d4ef1';
const sam = '5b10ac8d82e05b22cc7d4ef2';

async function opened(): Promise<Harness> {
  const harness = new Harness();
  await harness.receive({ completed: false });
  await harness.pass(minute);
  return harness;
}

async function say(harness: Harness, author: string, text: string): Promise<string> {
  harness.trackers.support.say(0, author, text);
  await harness.poll();
  await harness.pass(minute);
  return answers(harness).at(-1) ?? '';
}

const answers = (harness: Harness) =>
  harness.trackers.support
    .issue()
    .comments.filter(({ ref }) => ref !== null)
    .map(({ text }) => text);
const snapshot = (harness: Harness) => harness.trackers.support.issue().snapshot;

describe('commands of one comment', () => {
  it('are done in order, and answered in one comment', async () => {
    const harness = await opened();
    await say(
      harness,
      sam,
      'Called them.\n/severity low\n!due 2026-12-02 because of the fair\n/Assign dana\n/contacted by phone',
    );
    expect(harness.case()).toMatchObject({
      severity: 'low',
      assignee: 'dana',
      firstContactAt: expect.any(Number),
    });
    expect(toDueDate(harness.case().dueAt, 'Europe/Berlin')).toBe('2026-12-02');
    expect(answers(harness)).toEqual([
      'The severity is low now.\n\nIt is due by the end of the working day of 2026-12-02.\n\nDana Reyes is the assignee now.\n\nThe first contact is noted.',
    ]);
    expect(snapshot(harness)).toMatchObject({ severity: 4, dueDate: '2026-12-02', assignee: dana });
    expect(harness.mail.to('k-1@customer.example')).toEqual([]);
  });

  it('keep their words: a reason that declines, a text with "because", and who has it', async () => {
    const harness = await opened();
    await say(harness, dana, '/ack');
    expect(await say(harness, sam, '/ack')).toBe('Dana Reyes has it already.');
    await say(harness, sam, '/what-changed It is faster because of a cache');
    expect(harness.case().whatChanged?.text).toBe('It is faster because of a cache');
    expect(await say(harness, dana, "/close Won't do because it costs too much")).toContain('closed as declined');
    expect(harness.case().closingNote).toBe("Won't do because it costs too much");
  });

  it('that fail get their reasons, and the others are carried out', async () => {
    const harness = await opened();
    const answer = await say(harness, sam, '/severity awful\n/due tomorrow\n/assign nobody-known\n/ack');
    expect(answer).toContain('severity: is not among urgent, high, normal, low');
    expect(answer).toContain('due: is not a date');
    expect(answer).toContain('the people are dana, sam, priya, mette');
    expect(answer).toContain('Noted: you have it.');
    expect(harness.case()).toMatchObject({ severity: 'urgent', acknowledgedAt: expect.any(Number) });
  });

  it('list themselves for whoever asks', async () => {
    const harness = await opened();
    expect(await say(harness, sam, '/help')).toContain('`/root-cause …` names the root cause');
    await harness.poll();
    await harness.pass(hour);
    expect(answers(harness)).toHaveLength(1);
  });
});

it('stops and starts the clock by command, and shows it in the tracker', async () => {
  const harness = await opened();
  await say(harness, sam, '/snooze 3 hours because they are at lunch');
  expect(harness.case().snoozedUntil).toBeGreaterThan(harness.now + 2 * hour);
  expect(await say(harness, sam, '/snooze because I want to')).toContain('snooze: wants a time');
  await say(harness, sam, '/pause because we wait for an answer');
  expect(harness.case()).toMatchObject({ status: 'Pending' });
  expect(snapshot(harness).labels).toContain('status:pending');
  expect(harness.case().clock?.pauses.at(-1)?.to).toBeNull();
  await say(harness, sam, '/resume');
  expect(harness.case().clock?.pauses.at(-1)?.to).not.toBeNull();
  expect(snapshot(harness).labels).not.toContain('status:pending');
});

it('closes and reopens in the name of the comment’s author', async () => {
  const harness = await opened();
  expect(await say(harness, sam, '/close because it works')).toContain('Only case managers may close it: Dana Reyes');
  await say(harness, dana, '/close because it works');
  expect(harness.case()).toMatchObject({
    loop: 'resolved',
    closer: 'dana',
    closingReason: 'fixed',
    closingNote: 'it works',
  });
  await say(harness, sam, '/reopen because it broke again');
  expect(harness.case()).toMatchObject({ loop: 'working', generation: 2 });
  expect(answers(harness).join()).toContain('Reopened by Caselite for Sam Okafor: it broke again.');
});

it('marks a duplicate, which shares the end of the case it repeats', async () => {
  const harness = await opened();
  await harness.receive({ token: 'r-2', customer: 'k-2', completed: false });
  harness.trackers.support.say(1, dana, '/duplicate of C-1');
  await harness.poll();
  await harness.pass(minute);
  expect(harness.case(1)).toMatchObject({ closingReason: 'duplicate', loop: 'dropped', needsPerson: null });
  await harness.pass(5 * day);
  expect(harness.mail.to('k-2@customer.example')).toEqual([]);
  harness.trackers.support.close(0, 'completed', dana);
  await harness.poll();
  expect(harness.case(1)).toMatchObject({ loop: 'resolved', closer: 'dana' });
  await harness.pass(2 * day);
  expect(harness.mail.to('k-1@customer.example')).toHaveLength(1);
  expect(harness.mail.to('k-2@customer.example')).toHaveLength(1);
});

it('ignores a stranger’s commands, and answers once', async () => {
  const harness = await opened();
  await say(harness, 'stranger', '/severity low\n/close because I say so');
  await say(harness, 'stranger', '/assign dana');
  expect(harness.case()).toMatchObject({ severity: 'urgent', loop: 'working', assignee: 'sam' });
  expect(answers(harness)).toEqual([expect.stringContaining('Only people of the case’s team can use commands')]);
});

it('takes no command from a quote, from code, or from what Caselite wrote itself', async () => {
  const harness = await opened();
  await say(harness, sam, '> /severity low\n\n```\n/severity low\n```\n`/severity low`');
  expect(harness.case().severity).toBe('urgent');
  await say(harness, sam, '/help');
  await harness.poll();
  expect(harness.case().severity).toBe('urgent');
});
