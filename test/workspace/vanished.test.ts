import { describe, expect, it } from 'vitest';
import { decideClosing } from '#src/workspace/loop/after-closing.ts';
import { answerFollowUp } from '#src/workspace/loop/answer.ts';
import { caseJson } from '#src/workspace/queries/serializers.ts';
import { lost, refused } from './fakes.ts';
import { day, hour, minute, Rig, slowAcme } from './rig.ts';

/** Acme with one case, polled every five minutes. */
async function opened(): Promise<Rig> {
  const rig = new Rig(slowAcme((text) => text.replace('every: 2 minutes', 'every: 5 minutes')));
  await rig.receive({ completed: false });
  await rig.pass(minute);
  return rig;
}

const vanished = async (): Promise<Rig> => {
  const rig = await opened();
  rig.trackers.support.vanish(0);
  await rig.poll();
  return rig;
};

const lastEdit = (rig: Rig) => rig.outbox().findLast(({ kind }) => kind === 'issue.edit');
const lookups = (rig: Rig) => rig.trackers.support.count('whereabouts');

describe('an issue that a look does not find', () => {
  it('is noted at once, with since when and what can be done, and the case goes on', async () => {
    const rig = await vanished();
    expect(rig.case()).toMatchObject({ loop: 'working', needsPerson: null, lost: { lookups: 1 } });
    expect(rig.timeline()).toContain('issue missing');
    expect(caseJson(rig.core, rig.case()).issue?.trouble).toMatchObject({
      kind: 'missing',
      since: new Date(rig.now).toISOString(),
      says: expect.stringContaining('one look has not found it'),
      remedy: expect.stringContaining('decide about the case here'),
    });
  });

  it('is lost after three looks over 24 hours, not before', async () => {
    const rig = await vanished();
    await rig.pass(23 * hour);
    expect(rig.case().loop).toBe('working');
    expect(lookups(rig)).toBeGreaterThanOrEqual(3);
    await rig.pass(3 * hour);
    expect(rig.case()).toMatchObject({ loop: 'dropped', closingReason: 'gone' });
    expect(rig.case().needsPerson).toContain('cannot be found');
    expect(rig.timeline().filter((what) => what === 'issue missing')).toHaveLength(1);
    expect(rig.timeline()).toContain('issue gone');
    expect(rig.mail.to('k-1@customer.example')).toEqual([]);
  });

  it('is not lost by looks that failed', async () => {
    const rig = await vanished();
    rig.trackers.support.always.set('read', refused('unavailable', 503));
    await rig.pass(5 * day);
    expect(rig.case()).toMatchObject({ loop: 'working', lost: { lookups: 1 } });
  });

  it('goes on where it is back in between', async () => {
    const rig = await vanished();
    await rig.pass(10 * hour);
    rig.trackers.support.comeBack(0);
    await rig.poll();
    await rig.pass(5 * day);
    expect(rig.case()).toMatchObject({ loop: 'working', generation: 1, lost: null });
    expect(rig.case().issue?.trouble).toBeNull();
    expect(rig.timeline()).toContain('issue back');
    expect(rig.timeline()).not.toContain('issue gone');
  });

  it('goes on in a new generation where it is back later', async () => {
    const rig = await vanished();
    await rig.pass(4 * day);
    expect(rig.case().closingReason).toBe('gone');
    rig.trackers.support.issue(0).reachable = true;
    await rig.pass(2 * day);
    expect(rig.case()).toMatchObject({ loop: 'working', generation: 2, needsPerson: null, lost: null });
    rig.trackers.support.close(0);
    await rig.poll();
    expect(rig.case()).toMatchObject({ loop: 'resolved', closingReason: 'fixed' });
  });

  it('counts as closed where it comes back closed', async () => {
    const rig = await vanished();
    await rig.pass(4 * day);
    rig.trackers.support.close(0);
    rig.trackers.support.comeBack(0);
    await rig.poll();
    expect(rig.case()).toMatchObject({ loop: 'resolved', closingReason: 'fixed', generation: 2 });
  });

  it('is no longer looked for after a month', async () => {
    const rig = new Rig(slowAcme());
    await rig.receive({ completed: false });
    rig.trackers.support.vanish(0);
    await rig.poll();
    await rig.pass(35 * day);
    const before = lookups(rig);
    await rig.pass(35 * day);
    expect(lookups(rig)).toBe(before);
    expect(before).toBeLessThan(60);
  });

  it('changes nothing about a case that is over', async () => {
    const rig = await opened();
    rig.update({ loop: 'confirmed' });
    rig.trackers.support.vanish(0);
    await rig.poll();
    await rig.pass(3 * day);
    expect(rig.case()).toMatchObject({ loop: 'confirmed', lost: null });
  });
});

describe('calls about an issue that is looked for', () => {
  const commented = (rig: Rig) => rig.trackers.support.say(0, 'nobody', '/severity low');

  it('wait, and go when it is back', async () => {
    const rig = await opened();
    commented(rig);
    rig.trackers.support.fail('comment', refused('rejected', 404));
    await rig.poll();
    // The refused comment alone was no look at the issue, which is there.
    expect(rig.case().lost).toBeNull();
    rig.update({ needsPerson: null });

    rig.trackers.support.issue(0).reachable = false;
    rig.trackers.support.change(0, {});
    await rig.poll();
    rig.core.sql.transaction(() => rig.update({ severity: 'low', severityRank: 4 }));
    const { syncIssue } = await import('#src/workspace/tracker-requests/sync-issue.ts');
    syncIssue(rig.core, rig.case().id);
    await rig.pass(6 * hour);
    expect(lastEdit(rig)?.state).toBe('waiting');
    expect(rig.case().needsPerson).toBeNull();
    rig.trackers.support.comeBack(0);
    await rig.poll();
    await rig.pass(minute);
    expect(lastEdit(rig)?.state).toBe('done');
    expect(rig.trackers.support.issue(0).snapshot.severity).toBe(4);
  });

  it('are a look themselves, and come to nothing when it is given up', async () => {
    const rig = await opened();
    rig.trackers.support.issue(0).reachable = false;
    const { syncIssue } = await import('#src/workspace/tracker-requests/sync-issue.ts');
    syncIssue(rig.core, rig.case().id);
    await rig.pass(minute);
    expect(rig.case()).toMatchObject({ lost: { lookups: 1 }, needsPerson: null });
    await rig.pass(2 * day);
    expect(rig.case().closingReason).toBe('gone');
    expect(lastEdit(rig)).toMatchObject({ state: 'refused', error: 'its issue is gone' });
  });
});

describe('a person who decides about a case whose issue is gone', () => {
  const customer = 'k-1@customer.example';

  it('has the customer asked, and no further look undoes that', async () => {
    const rig = await vanished();
    await rig.pass(4 * day);
    decideClosing(rig.core, rig.case().id, { decision: 'ask' }, 'dana');
    await rig.pass(10 * day);
    expect(rig.mail.to(customer)).toHaveLength(2);
    expect(rig.case()).toMatchObject({ loop: 'asked', closingReason: 'fixed', needsPerson: null });
    expect(rig.timeline().filter((what) => what === 'issue gone')).toHaveLength(1);
    answerFollowUp(rig.core, rig.customerFollowUp().id, new Map([['resolved', 'no']]));
    await rig.pass(day);
    expect(rig.case()).toMatchObject({
      loop: 'disputed',
      needsPerson: expect.stringContaining('issue reopen did not go through'),
    });
  });

  it('has the customer asked whom the loss of the issue had spared', async () => {
    const rig = await opened();
    rig.trackers.support.close(0);
    await rig.poll();
    rig.trackers.support.vanish(0);
    await rig.poll();
    await rig.pass(4 * day);
    expect(rig.customerFollowUp()).toMatchObject({ state: 'skipped', why: 'its issue is gone' });
    decideClosing(rig.core, rig.case().id, { decision: 'ask' }, 'dana');
    await rig.pass(2 * day);
    expect(rig.mail.to(customer)).toHaveLength(1);
    expect(rig.case().loop).toBe('asked');
  });

  it('has the customer told why nothing is done', async () => {
    const rig = await vanished();
    await rig.pass(4 * day);
    const wish = { decision: 'declined', because: 'The old product has come to its end.' } as const;
    decideClosing(rig.core, rig.case().id, wish, 'dana');
    await rig.pass(2 * day);
    expect(rig.mail.to(customer)[0]?.text).toContain(wish.because);
    expect(rig.case()).toMatchObject({ loop: 'asked', closingReason: 'declined', needsPerson: null });
  });

  it('has it follow another case, and its customer asked with that one', async () => {
    const rig = await vanished();
    await rig.receive({ token: 'r-2', customer: 'k-2', completed: false });
    await rig.pass(4 * day);
    decideClosing(rig.core, rig.case().id, { decision: 'repeats', handle: 'C-2' }, 'dana');
    await rig.pass(2 * day);
    rig.trackers.support.close(1);
    await rig.poll();
    await rig.pass(3 * day);
    expect(rig.mail.to(customer)).toHaveLength(1);
    expect(rig.case()).toMatchObject({ loop: 'asked', closingReason: 'duplicate' });
  });
});

describe('a call whose answer was lost', () => {
  it('is a look at the issue when it is looked for, and comes to nothing with it', async () => {
    const rig = await opened();
    rig.trackers.support.fail('comment', lost('before'));
    rig.trackers.support.say(0, 'nobody', '/severity low');
    await rig.poll();
    rig.trackers.support.issue(0).reachable = false;
    rig.update({ loop: 'disputed' });
    await rig.pass(3 * day);
    expect(rig.case()).toMatchObject({ loop: 'dropped', closingReason: 'gone' });
    const comment = rig.outbox().find(({ kind }) => kind === 'issue.comment');
    expect(comment).toMatchObject({ state: 'refused', error: 'its issue is not there' });
  });
});

describe('a whole place that is no longer to be seen', () => {
  it('loses no issue, and is the credentials’ affair', async () => {
    const rig = await opened();
    rig.trackers.support.hides = 'hidden';
    rig.trackers.support.issue(0).reachable = false;
    await rig.pass(5 * day);
    expect(rig.case()).toMatchObject({ loop: 'working', lost: null });
    expect(rig.mail.to('dana@acme.example', 'Caselite cannot work in Jira')).toHaveLength(1);
    rig.trackers.support.issue(0).reachable = true;
    await rig.pass(day);
    expect(rig.case()).toMatchObject({ loop: 'working', lost: null });
    expect(rig.mail.to('dana@acme.example', 'Caselite works in Jira')).toHaveLength(1);
  });
});

describe('an issue with which something is wrong although it is there', () => {
  it.each(['locked', 'archived', 'converted', 'moved'] as const)(
    'is shown as %s, and as well again',
    async (condition) => {
      const rig = await opened();
      rig.trackers.support.change(0, { condition });
      await rig.poll();
      const since = rig.case().issue?.trouble?.since;
      expect(rig.case()).toMatchObject({ loop: 'working', issue: { trouble: { kind: condition } } });
      await rig.pass(day);
      expect(rig.case().issue?.trouble?.since).toBe(since);
      rig.trackers.support.change(0, { condition: null });
      await rig.poll();
      expect(rig.case().issue?.trouble).toBeNull();
      expect(rig.timeline().filter((what) => what.startsWith('issue '))).toEqual([
        'issue made',
        `issue ${condition}`,
        'issue back',
      ]);
    },
  );

  it('is looked at by each poll where it was moved, since no list of the old place names it', async () => {
    const rig = await opened();
    rig.trackers.support.change(0, { condition: 'moved', key: 'OPS-7' });
    await rig.poll();
    expect(rig.case().issue?.key).toBe('OPS-7');
    rig.trackers.support.listChanges = async (_, now) => ({ changed: [], cursor: String(now) });
    rig.trackers.support.close(0);
    await rig.poll();
    expect(rig.case().loop).toBe('resolved');
  });
});
