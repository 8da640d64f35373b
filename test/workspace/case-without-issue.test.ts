import { describe, expect, it } from 'vitest';
import { IntegrationError } from '#domain/base/errors.ts';
import type { ActionName } from '#domain/cases/action.ts';
import { actOnCase } from '#src/workspace/issues/act-on-case.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { readCaseJson } from '#src/workspace/queries/lists.ts';
import { countStop } from '#src/workspace/store/outbox.ts';
import { queueIssueEdit } from '#src/workspace/tracker-requests/sync-issue.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { type Fault, lost, refused } from './fakes.ts';

const failed = { completed: false };
const polled = () => slowAcme((text) => text.replace('every: 2 minutes', 'every: 5 minutes'));
const refusal: Fault = {
  error: new IntegrationError('rejected', 'call', {
    status: 400,
    fields: [{ field: 'customfield_10060', why: 'Customer Impact is required.' }],
  }),
  when: 'before',
};

function act(harness: Harness, action: ActionName, because: string, value = '', index = 0): void {
  const input = { action, value, because, rootCause: null, whatChanged: null, mention: [], who: 'dana', once: null };
  harness.sql.transaction(() => actOnCase(harness.core, harness.case(index).id, input));
}

/** A tracker that refuses every create until its set-up is corrected. */
async function refusing(): Promise<Harness> {
  const harness = new Harness(polled());
  harness.trackers.support.always.set('create', refusal);
  await harness.receive(failed);
  return harness;
}

describe('finding 1: a case whose create is refused can be ended', () => {
  it('as fixed, and the customer is asked; the create is withdrawn for good', async () => {
    const harness = await refusing();
    act(harness, 'close', 'restarted by phone');
    expect(harness.case()).toMatchObject({
      loop: 'resolved',
      closingReason: 'fixed',
      closer: 'dana',
      closing: null,
      needsPerson: null,
      needsPersonKind: null,
    });
    const { timeline, refused: shown, sending } = readCaseJson(harness.core, harness.case().id);
    expect(timeline.find(({ what }) => what === 'issue withdrawn')).toMatchObject({
      who: 'dana',
      why: expect.stringContaining('customfield_10060 (Customer Impact is required.)'),
    });
    expect([shown, sending]).toEqual([[], []]);
    harness.trackers.support.always.clear();
    await harness.pass(3 * day);
    expect(harness.trackers.support.issues).toEqual([]);
    expect(harness.mail.to('k-1@customer.example')).toHaveLength(1);
  });

  it.each([
    ['close', "Won't do", '', { loop: 'dropped', closingReason: 'declined' }, 0],
    ['decline', 'The version is no longer sold.', '', { loop: 'resolved', closingReason: 'declined' }, 1],
  ] as const)('by %s because %s, and nothing else is asked', async (action, because, value, ends, mails) => {
    const harness = await refusing();
    act(harness, action, because, value);
    expect(harness.case()).toMatchObject(ends);
    await harness.pass(10 * day);
    const asked = harness.mail.to('k-1@customer.example');
    expect(asked.filter(({ subject }) => /solve it/.test(subject))).toEqual([]);
    expect(asked.length).toBeGreaterThanOrEqual(mails);
  });

  it('as a duplicate, which follows its original', async () => {
    const harness = await refusing();
    harness.trackers.support.always.clear();
    await harness.receive({ token: 'b', customer: 'b', ...failed });
    act(harness, 'duplicate', '', 'of C-2');
    expect(harness.case()).toMatchObject({ loop: 'dropped', closingReason: 'duplicate', needsPerson: null });
    await harness.pass(day);
    expect(harness.trackers.support.issues).toHaveLength(1);
  });

  it('where the tracker is paused, because its place is hidden or its credentials are refused', async () => {
    for (const cause of ['hidden', 'refused']) {
      const harness = new Harness(polled());
      const { support } = harness.trackers;
      support.isHidden = cause === 'hidden';
      support.refusal = cause === 'refused' ? refused('auth', 401).error : null;
      await harness.receive(failed);
      await harness.pass(2 * hour);
      expect(harness.case().loop).toBe('working');
      act(harness, 'close', 'done by phone');
      expect(harness.case().loop).toBe('resolved');
      Object.assign(support, { isHidden: false, refusal: null });
      await harness.pass(day);
      expect(support.issues).toEqual([]);
    }
  });

  it('also where the closing was asked for before the refusal', async () => {
    const harness = new Harness(polled());
    harness.trackers.support.fail('create', refused('rate-limited', 429, 10 * minute));
    harness.trackers.support.always.set('create', refusal);
    await harness.receive(failed);
    act(harness, 'close', 'done by phone');
    expect(harness.case().loop).toBe('working');
    await harness.pass(20 * minute);
    expect(harness.case()).toMatchObject({ loop: 'resolved', closingReason: 'fixed', needsPerson: null });
  });

  it('and gets its issue when the customer disputes that', async () => {
    const harness = await refusing();
    act(harness, 'close', 'restarted by phone');
    await harness.pass(3 * day);
    const ask = harness.followUps().find(({ kind }) => kind === 'customer');
    harness.trackers.support.always.clear();
    harness.sql.transaction(() => answerAsk(harness.core, ask?.id ?? '', new Map([['resolved', 'no']])));
    await harness.pass(hour);
    expect(harness.case()).toMatchObject({ loop: 'working', generation: 2, issue: { key: 'SUP-1' } });
    act(harness, 'close', 'replaced');
    await harness.pass(hour);
    expect(harness.trackers.support.issue().snapshot.state).toBe('closed');
  });

  it('and is opened again by a person', async () => {
    const harness = await refusing();
    act(harness, 'close', 'restarted by phone');
    harness.trackers.support.always.clear();
    act(harness, 'reopen', 'it broke again');
    await harness.pass(hour);
    expect(harness.case()).toMatchObject({ loop: 'working', issue: { state: 'open' } });
    expect(harness.trackers.support.issues).toHaveLength(1);
  });

  it('and its issue shows the new goal, though an edit waited before it', async () => {
    const harness = await refusing();
    act(harness, 'close', 'restarted by phone');
    harness.trackers.support.always.clear();
    await harness.pass(2 * day);
    act(harness, 'reopen', 'it broke again');
    harness.sql.transaction(() => queueIssueEdit(harness.core, harness.case().id));
    await harness.pass(hour);
    expect(harness.case()).toMatchObject({ loop: 'working', generation: 2 });
    const due = new Date(harness.case().dueAt).toLocaleDateString('sv', { timeZone: 'Europe/Berlin' });
    expect(harness.trackers.support.issue().snapshot.dueDate).toBe(due);
  });

  it('and its issue shows what was decided while edit and create waited for the tracker', async () => {
    const harness = await refusing();
    const { support } = harness.trackers;
    act(harness, 'close', 'restarted by phone');
    support.always.clear();
    await harness.receive({ token: 'b', customer: 'b', ...failed });
    await harness.pass(minute);
    act(harness, 'reopen', 'it broke again');
    harness.sql.transaction(() => queueIssueEdit(harness.core, harness.case(1).id));
    support.isHidden = true;
    await harness.pass(minute);
    expect(harness.case()).toMatchObject({ loop: 'working', issue: null });
    act(harness, 'due', 'agreed with them', '2026-11-30');
    support.isHidden = false;
    await harness.pass(day);
    const made = support.issues.find(({ snapshot }) => snapshot.id === harness.case().issue?.id);
    expect(made?.snapshot.labels).toContain('due:2026-11-30');
  });

  it('takes the template’s corrected fields at the next try', async () => {
    const harness = await refusing();
    harness.trackers.support.always.clear();
    const template = harness.core.settings.templates.get(harness.case().template);
    if (!template) throw new Error('no template');
    template.issue = { fields: { 'Customer Impact': 'High' } };
    act(harness, 'retry', '');
    await harness.pass(0);
    expect(harness.trackers.support.issue().draft.options).toEqual(template.issue);
  });
});

describe('finding 1: a case whose create is merely slow is neither lost nor doubled', () => {
  it('with an unknown outcome it is looked up before the case ends', async () => {
    const harness = await refusing();
    harness.trackers.support.always.set('create', lost('after'));
    act(harness, 'retry', '');
    harness.trackers.support.always.set('find', refused('unavailable', 503));
    await harness.pass(minute);
    act(harness, 'close', 'done by phone');
    await harness.pass(20 * minute);
    expect(harness.case()).toMatchObject({ loop: 'working', closing: { who: 'dana' } });
    harness.trackers.support.always.clear();
    await harness.pass(2 * hour);
    expect(harness.trackers.support.issues).toHaveLength(1);
    expect(harness.trackers.support.issue().snapshot.state).toBe('closed');
    expect(harness.case()).toMatchObject({ loop: 'resolved', closer: 'dana', issue: { key: 'SUP-1' } });
  });

  it('within the tracker’s limits it gets its issue, which is then closed', async () => {
    const harness = new Harness(polled());
    harness.trackers.support.fail('create', refused('rate-limited', 429, 10 * minute));
    await harness.receive(failed);
    act(harness, 'close', 'done by phone');
    expect(() => act(harness, 'close', 'again')).toThrow('It is being closed already.');
    await harness.pass(hour);
    expect(harness.trackers.support.issues.map(({ snapshot }) => snapshot.state)).toEqual(['closed']);
    expect(harness.case().loop).toBe('resolved');
  });
});

describe('finding 12: a closing by a listed reason', () => {
  it.each([
    ["Won't do", 'declined'],
    ['won’t do', 'declined'],
    ['“WONT DO”', 'declined'],
    ['Won’t do: out of scope', 'declined'],
    ['wontfix', 'declined'],
    ['Done', 'fixed'],
    ['we won’t do it by hand again, it is automatic', 'fixed'],
  ])('%s closes as %s', async (because, reason) => {
    const harness = new Harness(polled());
    await harness.receive(failed);
    harness.trackers.support.say(0, '5b10ac8d82e05b22cc7d4ef1', `/close because ${because}`);
    await harness.pass(hour);
    expect(harness.case().closingReason).toBe(reason);
    await harness.pass(3 * day);
    expect(harness.mail.to('k-1@customer.example', 'solve it')).toHaveLength(reason === 'fixed' ? 1 : 0);
  });

  it('asks for the other case where it is a duplicate', async () => {
    const harness = new Harness(polled());
    await harness.receive(failed);
    expect(() => act(harness, 'close', 'Duplicate')).toThrow('/duplicate of C-12');
  });
});

it('a case whose create was given up can be closed', async () => {
  const harness = new Harness();
  harness.trackers.support.always.set('create', refused('unavailable', 503));
  await harness.receive({ completed: false });
  for (let stops = 0; stops < 8; stops += 1) countStop(harness.sql, 1);
  await harness.pass(minute);
  expect(harness.case()).toMatchObject({ issue: null, needsPerson: expect.stringContaining('8 times') });
  act(harness, 'close', 'done by phone');
  expect(harness.case()).toMatchObject({ closingReason: 'fixed', loop: 'resolved' });
});
