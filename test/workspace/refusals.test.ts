import { describe, expect, it } from 'vitest';
import { IntegrationError } from '#domain/base/errors.ts';
import { findAccount } from '#src/workspace/basics/case-operation.ts';
import { actOnCase } from '#src/workspace/issues/act-on-case.ts';
import { readCaseJson } from '#src/workspace/queries/lists.ts';
import { readTrackerStates } from '#src/workspace/queries/connections.ts';
import { findOriginalId } from '#src/workspace/store/case-links.ts';
import { hasWaitingEdit } from '#src/workspace/store/outbox.ts';
import { hastenRefusals } from '#src/workspace/store/queues.ts';
import { recordRefusal, retryDueParts, retryRefused } from '#src/workspace/tracker-requests/refusals.ts';
import { queueIssueEdit } from '#src/workspace/tracker-requests/sync-issue.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { type Fault, refused } from './fakes.ts';

const failed = { completed: false };
const polled = () => slowAcme((text) => text.replace('every: 2 minutes', 'every: 5 minutes'));

/** A refusal that names a field, as trackers word it. */
const refusal = (field: string, why: string): Fault => ({
  error: new IntegrationError('rejected', 'call', { status: 400, fields: [{ field, why }] }),
  when: 'before',
});

const act = (harness: Harness, action: 'retry' | 'assign' | 'comment', value = '') => {
  const { id } = harness.case();
  const input = {
    action,
    value,
    because: null,
    rootCause: null,
    whatChanged: null,
    mention: [],
    who: 'dana',
    once: null,
  };
  harness.sql.transaction(() => actOnCase(harness.core, id, input));
};

describe('finding 1: a refused create stays intended', () => {
  const refusing = async () => {
    const harness = new Harness(polled());
    harness.trackers.support.always.set('create', refusal('customfield_10060', 'Customer Impact is required.'));
    await harness.receive(failed);
    return harness;
  };

  it('names the field, the reason and the remedy on the case and to the admins', async () => {
    const harness = await refusing();
    const { needsPerson, refused: shown } = readCaseJson(harness.core, harness.case().id);
    expect(needsPerson).toContain('customfield_10060 (Customer Impact is required.)');
    expect(needsPerson).toContain('Correct the tracker’s set-up');
    expect(shown).toMatchObject([{ what: 'the issue', reason: expect.stringContaining('customfield_10060') }]);
    await harness.pass(3 * hour);
    const mails = harness.mail.accepted.filter(({ subject }) => subject === 'Jira (tracker support) refuses the issue');
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain('Customer Impact is required.');
    expect(readTrackerStates(harness.core)[0]?.refused).toMatchObject([{ what: 'the issue', cases: 1 }]);
  });

  it('is tried again by itself, more and more rarely', async () => {
    const harness = await refusing();
    await harness.pass(3 * day);
    const times = harness.trackers.support.calls.filter(({ what }) => what === 'create').map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => (at - (times[index] ?? 0)) / minute);
    expect(gaps.slice(0, 6)).toEqual([2, 10, 30, 120, 360, 720]);
    harness.trackers.support.always.clear();
    await harness.pass(day);
    expect(harness.case()).toMatchObject({ issue: { key: 'SUP-1' }, needsPerson: null });
  });

  it('waits for new issues that are due with its next try, however urgent it is', async () => {
    const harness = new Harness(polled());
    harness.trackers.support.always.set('create', refusal('customfield_10060', 'Customer Impact is required.'));
    await harness.receive({ ...failed, token: 'urgent', customer: 'first', tier: 'gold' });
    harness.trackers.support.always.clear();
    harness.now += 2 * minute;
    await harness.receive({ ...failed, token: 'new', customer: 'second', tier: 'bronze' });
    await harness.pass(minute);
    expect(harness.cases().map(({ issue }) => issue?.key)).toEqual(['SUP-2', 'SUP-1']);
  });

  it.each([
    ['a push, a check or a start', (harness: Harness) => retryRefused(harness.core, { tracker: 'support' })],
    ['the button of its case', (harness: Harness) => act(harness, 'retry')],
  ])('is tried again at once by %s', async (_, mend) => {
    const harness = await refusing();
    await harness.pass(2 * day);
    harness.trackers.support.always.clear();
    harness.sql.transaction(() => mend(harness));
    await harness.pass(0);
    expect(harness.case()).toMatchObject({ issue: { key: 'SUP-1' }, needsPerson: null });
    expect(readCaseJson(harness.core, harness.case().id).refused).toEqual([]);
  });

  it('delays no other case, whatever its rank, and is not released by the success of others', async () => {
    const harness = new Harness(polled());
    harness.trackers.support.fail('create', refusal('customfield_10060', 'required'));
    await harness.receive({ token: 'a', customer: 'a', tier: 'gold', ...failed });
    for (const token of ['b', 'c', 'd']) await harness.receive({ token, customer: token, tier: 'bronze', ...failed });
    expect(harness.trackers.support.issues).toHaveLength(3);
    expect(harness.trackers.support.count('create')).toBe(4);
  });

  it('goes on to what was intended meanwhile', async () => {
    const harness = await refusing();
    await harness.until(harness.case().dueAt + hour);
    harness.trackers.support.always.clear();
    act(harness, 'retry');
    await harness.pass(minute);
    expect(harness.trackers.support.issue().snapshot.labels).toContain('overdue');
  });
});

describe('finding 3: a missing permission for one issue is about that issue', () => {
  it('lets creates and other issues go on, and polls as well', async () => {
    const harness = new Harness(polled());
    await harness.receive({ token: 'a', customer: 'a', tier: 'gold', ...failed });
    harness.trackers.support.always.set('edit', refused('auth', 403));
    harness.sql.transaction(() => queueIssueEdit(harness.core, harness.case().id));
    act(harness, 'assign', 'sam');
    for (const token of ['b', 'c', 'd', 'e', 'f', 'g'])
      await harness.receive({ token, customer: token, tier: 'bronze', ...failed });
    await harness.pass(20 * minute);
    expect(harness.trackers.support.issues).toHaveLength(7);
    expect(harness.mail.accepted.filter(({ subject }) => subject.startsWith('Caselite cannot work'))).toEqual([]);
    harness.trackers.support.close(3, 'completed');
    await harness.pass(6 * minute);
    expect(harness.case(3).loop).not.toBe('working');
  });

  it('of a comment holds back neither later calls of its case nor the queue', async () => {
    const harness = new Harness(polled());
    await harness.receive(failed);
    harness.trackers.support.always.set('comment', refused('auth', 403));
    const { id } = harness.case();
    const input = { value: '', rootCause: null, whatChanged: null, mention: [], who: 'dana', once: null };
    harness.sql.transaction(() => {
      actOnCase(harness.core, id, { ...input, action: 'comment', value: 'On it.', because: null });
      actOnCase(harness.core, id, { ...input, action: 'close', because: 'it works again' });
    });
    await harness.pass(minute);
    expect(harness.trackers.support.issue().snapshot.state).toBe('closed');
    expect(harness.trackers.support.count('comment')).toBe(1);
    harness.trackers.support.always.clear();
    await harness.pass(hour);
    expect(harness.trackers.support.issue().comments.map(({ text }) => text)).toEqual([
      expect.stringContaining('On it.'),
    ]);
  });

  it('of a comment that is refused for good later is shown as waiting no more', async () => {
    const harness = new Harness(polled());
    await harness.receive(failed);
    const { support } = harness.trackers;
    support.always.set('comment', {
      error: new IntegrationError('rejected', 'add comment', { status: 403, isPlaceClosed: true }),
      when: 'before',
    });
    act(harness, 'comment', 'On it.');
    await harness.pass(minute);
    expect(readCaseJson(harness.core, harness.case().id).refused).toHaveLength(1);
    support.always.set('comment', refusal('body', 'the issue is locked'));
    await harness.pass(hour);
    expect(readCaseJson(harness.core, harness.case().id).refused).toEqual([]);
    expect(harness.case().needsPerson).toContain('the issue is locked');
  });

  it('that is missing for creates pauses the tracker, and a fresh create is the first trial', async () => {
    const harness = new Harness(polled());
    harness.trackers.support.fail('create', ...Array.from({ length: 5 }, () => refused('auth', 403)));
    await harness.receive({ token: 'a', customer: 'a', tier: 'gold', ...failed });
    await harness.pass(hour);
    await harness.receive({ token: 'b', customer: 'b', tier: 'bronze', ...failed });
    await harness.pass(16 * minute);
    expect(harness.trackers.support.issues).toHaveLength(2);
  });

  it('that is missing for creates is reported once, though edits succeed meanwhile', async () => {
    const harness = new Harness(polled());
    await harness.receive({ token: 'a', customer: 'a', ...failed });
    harness.trackers.support.always.set('create', refused('auth', 403));
    for (const customer of ['b', 'c', 'd', 'e', 'f', 'g'])
      await harness.receive({ token: customer, customer, ...failed });
    for (let round = 0; round < 8; round += 1) {
      harness.trackers.support.say(0, 'dana', `/status ${round % 2 === 0 ? 'In Progress' : 'Open'}`);
      await harness.pass(30 * minute);
    }
    const told = (subject: string) => harness.mail.to('dana@acme.example', `${subject} in Jira (tracker support)`);
    expect(told('Caselite cannot work')).toHaveLength(1);
    harness.trackers.support.always.clear();
    await harness.pass(2 * hour);
    expect(told('Caselite cannot work')).toHaveLength(1);
    expect(harness.trackers.support.issues).toHaveLength(7);
  });
});

describe('finding 5: a refused edit is not repeated without pause', () => {
  /** The tracker takes no due date, which every edit of the case wants to write. */
  const withoutDueDate = async () => {
    const harness = new Harness(polled());
    await harness.receive(failed);
    harness.trackers.support.refuses.set('dueDate', refusal('dueDate', 'not on the screen').error);
    harness.trackers.support.change(0, { dueDate: null });
    return harness;
  };

  it('writes everything else, remembers the part, and makes at most 20 calls in the worst hour', async () => {
    const harness = await withoutDueDate();
    harness.trackers.support.say(0, 'dana', 'I am on it.');
    const before = harness.trackers.support.count('edit');
    for (const person of ['sam', 'dana', 'sam', 'dana']) {
      act(harness, 'assign', person);
      await harness.pass(5 * minute);
      harness.trackers.support.say(0, 'dana', `Still on it, ${person}.`);
    }
    await harness.pass(40 * minute);
    expect(harness.trackers.support.count('edit') - before).toBeLessThanOrEqual(20);
    expect(harness.trackers.support.issue().snapshot.assignee).toBe(findAccount(harness.core, 'dana', 'support'));
    expect(harness.timeline().filter((what) => what === 'refused by the tracker')).toHaveLength(1);
    expect(harness.case().needsPerson).toBeNull();
  });

  it('finds out part by part where the refusal names no field', async () => {
    const harness = await withoutDueDate();
    harness.trackers.support.refuses.set('dueDate', new IntegrationError('rejected', 'call', { status: 422 }));
    const before = harness.trackers.support.count('edit');
    act(harness, 'assign', 'sam');
    await harness.pass(hour);
    expect(harness.trackers.support.count('edit') - before).toBeLessThanOrEqual(20);
    expect(harness.trackers.support.issue().snapshot.assignee).toBe(findAccount(harness.core, 'sam', 'support'));
    expect(readCaseJson(harness.core, harness.case().id).refused).toMatchObject([{ what: 'the due date' }]);
  });

  it('is not taken apart in an archived place, and is written once the place is open again', async () => {
    const harness = new Harness(polled());
    await harness.receive(failed);
    const { support } = harness.trackers;
    support.writeRefusal = new IntegrationError('rejected', 'edit', { status: 403, isPlaceClosed: true });
    support.change(0, { dueDate: null, assignee: null });
    await harness.pass(10 * minute);
    expect(support.count('edit')).toBe(1);
    support.writeRefusal = null;
    act(harness, 'retry');
    await harness.pass(minute);
    expect(support.issue().snapshot.dueDate).not.toBeNull();
  });

  it('is written once the tracker takes it, by a button or by itself', async () => {
    for (const how of ['button', 'itself']) {
      const harness = await withoutDueDate();
      act(harness, 'assign', 'sam');
      await harness.pass(hour);
      harness.trackers.support.refuses.clear();
      if (how === 'button') act(harness, 'retry');
      await harness.pass(how === 'button' ? minute : 3 * hour);
      expect(harness.trackers.support.issue().snapshot.dueDate).not.toBeNull();
      expect(readCaseJson(harness.core, harness.case().id).refused).toEqual([]);
    }
  });
});

it('a refused field that is due goes with an edit of the text, and is not forgotten by it', async () => {
  const harness = new Harness(polled());
  await harness.receive(failed);
  const { support } = harness.trackers;
  support.refuses.set('dueDate', refusal('dueDate', 'not on the screen').error);
  support.change(0, { dueDate: null });
  await harness.pass(10 * minute);
  expect(readCaseJson(harness.core, harness.case().id).refused).toMatchObject([{ what: 'the due date' }]);
  support.refuses.clear();
  harness.sql.transaction(() => {
    const [caseId = ''] = hastenRefusals(harness.sql, { tracker: 'support' }, harness.now);
    queueIssueEdit(harness.core, caseId, 'text');
  });
  await harness.pass(1);
  expect(support.issue().snapshot.dueDate).not.toBeNull();
  expect(readCaseJson(harness.core, harness.case().id).refused).toEqual([]);
});

describe('finding 6: a status that the workspace lists as declined', () => {
  it.each([
    ['Won’t do', 'Done'],
    ['Won’t do', null],
  ])('counts before the resolution: %s, %s', async (name, native) => {
    const harness = new Harness(polled());
    await harness.receive(failed);
    const closure = { kind: 'completed' as const, native, at: harness.now, by: null };
    harness.trackers.support.change(0, { state: 'closed', status: { name, class: 'closed' }, closure });
    await harness.pass(10 * minute);
    expect(harness.case().closingReason).toBe('declined');
    await harness.pass(3 * day);
    expect(harness.mail.to('k-1@customer.example')).toEqual([]);
  });

  it('leaves a resolution its say under a status that is listed as fixed', async () => {
    const harness = new Harness(polled());
    await harness.receive(failed);
    const closure = { kind: 'other' as const, native: "Won't do", at: harness.now, by: null };
    harness.trackers.support.change(0, { state: 'closed', status: { name: 'Done', class: 'closed' }, closure });
    await harness.pass(10 * minute);
    expect(harness.case().closingReason).toBe('declined');
  });
});

describe('finding 7: a poll that is refused', () => {
  it('tells the admins once, with the reason', async () => {
    const harness = new Harness(polled());
    const error = new IntegrationError('rejected', 'list changes', {
      status: 301,
      detail: 'the repository is acme/new now',
    });
    harness.trackers.product.always.set('list', { error, when: 'before' });
    await harness.pass(3 * hour);
    const mails = harness.mail.accepted.filter(({ subject }) => subject.startsWith('Caselite cannot read changes'));
    expect(mails.map(({ subject }) => subject)).toEqual(['Caselite cannot read changes in GitHub (tracker product)']);
    expect(mails[0]?.text).toContain('acme/new');
  });
});

describe('finding 9: a duplicate that an account of unknown standing names', () => {
  it.each([
    [true, 'dana'],
    [false, 'a stranger'],
  ])('is believed: %s, of %s', async (isBelieved, who) => {
    const harness = new Harness(polled());
    await harness.receive({ token: 'a', customer: 'a', ...failed }, { token: 'b', customer: 'b', ...failed });
    const by = findAccount(harness.core, who, 'support') ?? 'stranger';
    const claims = [{ by, repeats: '1' }];
    const closure = {
      kind: 'duplicate' as const,
      native: 'duplicate',
      at: harness.now,
      by: null,
      repeats: null,
      claims,
    };
    harness.trackers.support.change(1, { state: 'closed', status: { name: 'duplicate', class: 'closed' }, closure });
    await harness.pass(10 * minute);
    expect(findOriginalId(harness.sql, harness.case(1).id)).toBe(isBelieved ? harness.case(0).id : null);
  });
});

it('refused parts of a case get their turn though edits of enough others wait', async () => {
  const harness = new Harness();
  await harness.receive(...[0, 1, 2, 3, 4, 5].map((n) => ({ token: `r-${n}`, customer: `k-${n}`, completed: false })));
  await harness.pass(minute);
  const ids = harness.cases().map(({ id }) => id);
  const last = ids.toSorted().at(-1) ?? '';
  harness.sql.transaction(() => {
    for (const caseId of ids)
      recordRefusal(harness.core, harness.case(ids.indexOf(caseId)), 'dueDate', 'it is read-only');
    for (const caseId of ids) if (caseId !== last) queueIssueEdit(harness.core, caseId);
  });
  harness.now += day;
  harness.sql.transaction(() => retryDueParts(harness.core, 'support'));
  expect(hasWaitingEdit(harness.sql, `case:${last}`, 'fields')).toBe(true);
});
