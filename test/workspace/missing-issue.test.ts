import { describe, expect, it } from 'vitest';
import { decideClosing } from '#src/workspace/loop/after-closing.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { toCaseJson } from '#src/workspace/queries/serializers.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { lost, refused } from './fakes.ts';

/** Acme with one case, polled every five minutes. */
async function opened(): Promise<Harness> {
  const harness = new Harness(slowAcme((text) => text.replace('every: 2 minutes', 'every: 5 minutes')));
  await harness.receive({ completed: false });
  await harness.pass(minute);
  return harness;
}

const vanished = async (): Promise<Harness> => {
  const harness = await opened();
  harness.trackers.support.vanish(0);
  await harness.poll();
  return harness;
};

const lastEdit = (harness: Harness) => harness.outbox().findLast(({ kind }) => kind === 'issue.edit');
const lookups = (harness: Harness) => harness.trackers.support.count('whereabouts');

describe('an issue that a read does not find', () => {
  it('is noted at once, with since when and what can be done, and the case goes on', async () => {
    const harness = await vanished();
    expect(harness.case()).toMatchObject({
      loop: 'working',
      needsPerson: null,
      missedIssueReads: { lookups: 1 },
    });
    expect(harness.timeline()).toContain('issue missing');
    expect(toCaseJson(harness.core, harness.case()).issue?.trouble).toMatchObject({
      kind: 'missing',
      since: new Date(harness.now).toISOString(),
      says: expect.stringContaining('one read has not found it'),
      remedy: expect.stringContaining('decide about the case here'),
    });
  });

  it('is not missed within ten seconds after it was seen, because GitHub may lag that long', async () => {
    const harness = new Harness(slowAcme());
    await harness.receive({ completed: false });
    harness.trackers.support.vanish(0);
    await harness.poll();
    expect(harness.case().issue).not.toBeNull();
    expect(harness.timeline()).not.toContain('issue missing');
    harness.trackers.support.comeBack(0);
    await harness.pass(minute);
    expect(harness.timeline()).not.toContain('issue back');
    harness.trackers.support.vanish(0);
    await harness.poll();
    expect(harness.timeline()).toContain('issue missing');
  });

  it('is lost after three reads over 24 hours, not before', async () => {
    const harness = await vanished();
    await harness.pass(23 * hour);
    expect(harness.case().loop).toBe('working');
    expect(lookups(harness)).toBeGreaterThanOrEqual(3);
    await harness.pass(3 * hour);
    expect(harness.case()).toMatchObject({ loop: 'dropped', closingReason: 'gone' });
    expect(harness.case().needsPerson).toContain('cannot be found');
    expect(harness.timeline().filter((what) => what === 'issue missing')).toHaveLength(1);
    expect(harness.timeline()).toContain('issue gone');
    expect(harness.mail.to('k-1@customer.example')).toEqual([]);
  });

  it('is not lost by failed reads', async () => {
    const harness = await vanished();
    harness.trackers.support.always.set('read', refused('unavailable', 503));
    await harness.pass(5 * day);
    expect(harness.case()).toMatchObject({ loop: 'working', missedIssueReads: { lookups: 1 } });
  });

  it('goes on where it is back in between', async () => {
    const harness = await vanished();
    await harness.pass(10 * hour);
    harness.trackers.support.comeBack(0);
    await harness.poll();
    await harness.pass(5 * day);
    expect(harness.case()).toMatchObject({ loop: 'working', generation: 1, missedIssueReads: null });
    expect(harness.case().issue?.trouble).toBeNull();
    expect(harness.timeline()).toContain('issue back');
    expect(harness.timeline()).not.toContain('issue gone');
  });

  it('goes on in a new generation where it is back later', async () => {
    const harness = await vanished();
    await harness.pass(4 * day);
    expect(harness.case().closingReason).toBe('gone');
    harness.trackers.support.issue(0).reachable = true;
    await harness.pass(2 * day);
    expect(harness.case()).toMatchObject({
      loop: 'working',
      generation: 2,
      needsPerson: null,
      missedIssueReads: null,
    });
    harness.trackers.support.close(0);
    await harness.poll();
    expect(harness.case()).toMatchObject({ loop: 'resolved', closingReason: 'fixed' });
  });

  it('counts as closed where it comes back closed', async () => {
    const harness = await vanished();
    await harness.pass(4 * day);
    harness.trackers.support.close(0);
    harness.trackers.support.comeBack(0);
    await harness.poll();
    expect(harness.case()).toMatchObject({ loop: 'resolved', closingReason: 'fixed', generation: 2 });
  });

  it('is no longer read after a month', async () => {
    const harness = new Harness(slowAcme());
    await harness.receive({ completed: false });
    harness.trackers.support.vanish(0);
    await harness.poll();
    await harness.pass(35 * day);
    const before = lookups(harness);
    await harness.pass(35 * day);
    expect(lookups(harness)).toBe(before);
    expect(before).toBeLessThan(60);
  });

  it('changes nothing about a case that is over', async () => {
    const harness = await opened();
    harness.update({ loop: 'confirmed' });
    harness.trackers.support.vanish(0);
    await harness.poll();
    await harness.pass(3 * day);
    expect(harness.case()).toMatchObject({ loop: 'confirmed', missedIssueReads: null });
  });
});

describe('calls about a missing issue', () => {
  const commented = (harness: Harness) => harness.trackers.support.say(0, 'nobody', '/severity low');

  it('wait, and go when it is back', async () => {
    const harness = await opened();
    commented(harness);
    harness.trackers.support.fail('comment', refused('rejected', 404));
    await harness.poll();
    // The refused comment alone was no read of the issue, which exists.
    expect(harness.case().missedIssueReads).toBeNull();
    harness.update({ needsPerson: null });

    harness.trackers.support.issue(0).reachable = false;
    harness.trackers.support.change(0, {});
    await harness.poll();
    harness.core.sql.transaction(() => harness.update({ severity: 'low', severityRank: 4 }));
    const { queueIssueEdit: syncIssue } = await import('#src/workspace/tracker-requests/sync-issue.ts');
    syncIssue(harness.core, harness.case().id);
    await harness.pass(6 * hour);
    expect(lastEdit(harness)?.state).toBe('waiting');
    expect(harness.case().needsPerson).toBeNull();
    harness.trackers.support.comeBack(0);
    await harness.poll();
    await harness.pass(minute);
    expect(lastEdit(harness)?.state).toBe('done');
    expect(harness.trackers.support.issue(0).snapshot.severity).toBe(4);
  });

  it('count as reads themselves, and have no effect when it is given up', async () => {
    const harness = await opened();
    harness.trackers.support.issue(0).reachable = false;
    const { queueIssueEdit: syncIssue } = await import('#src/workspace/tracker-requests/sync-issue.ts');
    syncIssue(harness.core, harness.case().id);
    await harness.pass(minute);
    expect(harness.case()).toMatchObject({ missedIssueReads: { lookups: 1 }, needsPerson: null });
    await harness.pass(2 * day);
    expect(harness.case().closingReason).toBe('gone');
    expect(lastEdit(harness)).toMatchObject({ state: 'refused', error: 'its issue is gone' });
  });
});

describe('a person who decides about a case whose issue is gone', () => {
  const customer = 'k-1@customer.example';

  it('has the customer asked, and no further read undoes that', async () => {
    const harness = await vanished();
    await harness.pass(4 * day);
    decideClosing(harness.core, harness.case().id, { decision: 'ask' }, 'dana');
    await harness.pass(10 * day);
    expect(harness.mail.to(customer)).toHaveLength(2);
    expect(harness.case()).toMatchObject({ loop: 'asked', closingReason: 'fixed', needsPerson: null });
    expect(harness.timeline().filter((what) => what === 'issue gone')).toHaveLength(1);
    answerAsk(harness.core, harness.customerFollowUp().id, new Map([['resolved', 'no']]));
    await harness.pass(day);
    expect(harness.case()).toMatchObject({
      loop: 'disputed',
      needsPerson: expect.stringContaining('The reopening did not go through'),
    });
  });

  it('has the customer asked whom the loss of the issue had spared', async () => {
    const harness = await opened();
    harness.trackers.support.close(0);
    await harness.poll();
    harness.trackers.support.vanish(0);
    await harness.poll();
    await harness.pass(4 * day);
    expect(harness.customerFollowUp()).toMatchObject({ state: 'skipped', why: 'its issue is gone' });
    decideClosing(harness.core, harness.case().id, { decision: 'ask' }, 'dana');
    await harness.pass(2 * day);
    expect(harness.mail.to(customer)).toHaveLength(1);
    expect(harness.case().loop).toBe('asked');
  });

  it('gives the customer the reason why nothing is done', async () => {
    const harness = await vanished();
    await harness.pass(4 * day);
    const wish = { decision: 'declined', because: 'The old product has come to its end.' } as const;
    decideClosing(harness.core, harness.case().id, wish, 'dana');
    await harness.pass(2 * day);
    expect(harness.mail.to(customer)[0]?.text).toContain(wish.because);
    expect(harness.case()).toMatchObject({ loop: 'asked', closingReason: 'declined', needsPerson: null });
  });

  it('has it follow another case, and its customer asked with that one', async () => {
    const harness = await vanished();
    await harness.receive({ token: 'r-2', customer: 'k-2', completed: false });
    await harness.pass(4 * day);
    decideClosing(harness.core, harness.case().id, { decision: 'repeats', handle: 'C-2' }, 'dana');
    await harness.pass(2 * day);
    harness.trackers.support.close(1);
    await harness.poll();
    await harness.pass(3 * day);
    expect(harness.mail.to(customer)).toHaveLength(1);
    expect(harness.case()).toMatchObject({ loop: 'asked', closingReason: 'duplicate' });
  });
});

describe('a call whose answer was lost', () => {
  it('counts as a read of a missing issue, and has no effect when that is given up', async () => {
    const harness = await opened();
    harness.trackers.support.fail('comment', lost('before'));
    harness.trackers.support.say(0, 'nobody', '/severity low');
    await harness.poll();
    harness.trackers.support.issue(0).reachable = false;
    harness.update({ loop: 'disputed' });
    await harness.pass(3 * day);
    expect(harness.case()).toMatchObject({ loop: 'dropped', closingReason: 'gone' });
    const comment = harness.outbox().find(({ kind }) => kind === 'issue.comment');
    expect(comment).toMatchObject({ state: 'refused', error: 'its issue is not there' });
  });
});

describe('a whole place that is no longer to be seen', () => {
  it('loses no issue, and is the credentials’ affair', async () => {
    const harness = await opened();
    harness.trackers.support.hides = 'hidden';
    harness.trackers.support.issue(0).reachable = false;
    await harness.pass(5 * day);
    expect(harness.case()).toMatchObject({ loop: 'working', missedIssueReads: null });
    expect(harness.mail.to('dana@acme.example', 'Caselite cannot work in Jira')).toHaveLength(1);
    harness.trackers.support.issue(0).reachable = true;
    await harness.pass(day);
    expect(harness.case()).toMatchObject({ loop: 'working', missedIssueReads: null });
    expect(harness.mail.to('dana@acme.example', 'Caselite works in Jira')).toHaveLength(1);
  });
});

describe('an issue with which something is wrong although it is there', () => {
  it.each(['locked', 'archived', 'converted', 'moved'] as const)(
    'is shown as %s, and as well again',
    async (condition) => {
      const harness = await opened();
      harness.trackers.support.change(0, { condition });
      await harness.poll();
      const since = harness.case().issue?.trouble?.since;
      expect(harness.case()).toMatchObject({ loop: 'working', issue: { trouble: { kind: condition } } });
      await harness.pass(day);
      expect(harness.case().issue?.trouble?.since).toBe(since);
      harness.trackers.support.change(0, { condition: null });
      await harness.poll();
      expect(harness.case().issue?.trouble).toBeNull();
      expect(harness.timeline().filter((what) => what.startsWith('issue '))).toEqual([
        'issue created',
        `issue ${condition}`,
        'issue back',
      ]);
    },
  );

  it('is looked at in one call at each poll, together with all others that were moved', async () => {
    const harness = new Harness();
    await harness.receive(
      ...['k-1', 'k-2', 'k-3'].map((customer) => ({ token: customer, customer, completed: false })),
    );
    for (const index of [0, 1, 2]) harness.trackers.support.change(index, { condition: 'moved', key: `OPS-${index}` });
    await harness.poll();
    await harness.pass(hour);
    const { support } = harness.trackers;
    support.listChanges = async (_, now) => ({ changed: [], cursor: String(now) });
    // The first look comes too soon after the change to trust its time.
    await harness.poll();
    await harness.pass(hour);
    const before = [support.count('look'), support.count('read')];
    await harness.poll();
    expect([support.count('look'), support.count('read')]).toEqual([(before[0] ?? 0) + 1, before[1]]);
  });

  it('is read by each poll where it was moved, because no list of the old place names it', async () => {
    const harness = await opened();
    harness.trackers.support.change(0, { condition: 'moved', key: 'OPS-7' });
    await harness.poll();
    expect(harness.case().issue?.key).toBe('OPS-7');
    harness.trackers.support.listChanges = async (_, now) => ({ changed: [], cursor: String(now) });
    harness.trackers.support.close(0);
    await harness.poll();
    expect(harness.case().loop).toBe('resolved');
  });
});
