import { describe, expect, it } from 'vitest';
import { Harness } from '#test/harness/harness.ts';
import { override } from '#test/harness/override.ts';
import { day, hour, minute, second } from '#test/harness/times.ts';
import { comment } from '#src/workspace/tracker-requests/sync-issue.ts';
import { lost, refused } from './fakes.ts';

const failed = { completed: false };

const creates = (harness: Harness) => harness.trackers.support.count('create');

describe('a create without an answer', () => {
  it('is looked up and found, and not repeated', async () => {
    const harness = new Harness();
    harness.trackers.support.fail('create', lost('after'));
    await harness.receive(failed);
    await harness.pass(day);
    expect(creates(harness)).toBe(1);
    expect(harness.trackers.support.issues).toHaveLength(1);
    expect(harness.case().issue?.key).toBe('SUP-1');
    expect(harness.case().needsPerson).toBeNull();
  });

  it('is repeated only after two lookups without a match, the last after the settling time', async () => {
    const harness = new Harness();
    harness.trackers.support.fail('create', lost('before'));
    await harness.receive(failed);
    await harness.pass(hour);
    const [first, second_] = harness.trackers.support.calls.filter(({ what }) => what === 'create');
    expect(creates(harness)).toBe(2);
    expect((second_?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(10 * minute);
    const lookups = harness.trackers.support.calls.filter(({ what }) => what === 'find');
    expect(lookups.length).toBeGreaterThanOrEqual(2);
    expect((lookups.at(-1)?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(10 * minute);
    expect(harness.trackers.support.issues).toHaveLength(1);
  });

  it('stays unknown while lookups fail', async () => {
    const harness = new Harness();
    harness.trackers.support.fail('create', lost('before'));
    harness.trackers.support.always.set('find', refused('unavailable', 503));
    await harness.receive(failed);
    await harness.pass(2 * hour);
    expect(creates(harness)).toBe(1);
    harness.trackers.support.always.clear();
    await harness.pass(hour);
    expect(harness.trackers.support.issues).toHaveLength(1);
    expect(harness.case().issue).not.toBeNull();
  });

  it('is looked up less and less often while lookups fail', async () => {
    const harness = new Harness();
    harness.trackers.support.fail('create', lost('before'));
    harness.trackers.support.always.set('find', refused('unavailable', 503));
    await harness.receive(failed);
    await harness.pass(2 * hour);
    expect(harness.trackers.support.count('find')).toBeLessThan(30);
  });

  it('is found after the process died before it wrote down the answer', async () => {
    const harness = new Harness();
    const { createIssue } = harness.trackers.support;
    harness.trackers.support.createIssue = async (draft) => {
      await createIssue.call(harness.trackers.support, draft);
      throw new Error('the process died');
    };
    await harness.receive(failed);
    override(harness.trackers.support, { createIssue });
    await harness.pass(hour);
    expect(creates(harness)).toBe(1);
    expect(harness.case().issue?.key).toBe('SUP-1');
  });

  it('holds back what comes after it for the same case, and nothing else', async () => {
    const harness = new Harness();
    harness.trackers.support.fail('create', lost('before'));
    harness.trackers.support.always.set('find', refused('unavailable', 503));
    await harness.receive({ token: 'a', customer: 'a', ...failed });
    await harness.receive({ token: 'a2', customer: 'a', ...failed, ease: 1 });
    await harness.receive({ token: 'b', customer: 'b', ...failed });
    harness.now = harness.case().dueAt;
    await harness.pass(minute);
    expect(harness.case(0)).toMatchObject({ issue: null, overdue: true });
    const [overdue] = harness.outbox().filter(({ kind }) => kind === 'issue.edit');
    expect(overdue).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(harness.trackers.support.issues).toHaveLength(1);
  });
});

describe('a comment without an answer', () => {
  it.each([['after'], ['before']] as const)('is shown once when the answer was lost %s', async (when) => {
    const harness = new Harness();
    await harness.receive(failed);
    harness.trackers.support.fail('comment', lost(when));
    await harness.pass(3 * day);
    const comments = harness.trackers.support.issue().comments.map(({ text }) => text);
    expect(comments[0]).toContain('50 % of the time');
    expect(new Set(comments).size).toBe(comments.length);
  });
});

describe('a refusal', () => {
  it('of the content needs a person, who is notified, and delays nothing else', async () => {
    const harness = new Harness();
    harness.trackers.support.fail('create', refused('rejected', 422));
    await harness.receive({ token: 'a', customer: 'a', ...failed });
    await harness.receive({ token: 'b', customer: 'b', ...failed });
    await harness.pass(minute);
    expect(creates(harness)).toBe(2);
    expect(harness.case(0).needsPerson).toContain('The issue did not go through: call: rejected: status 422');
    expect(harness.mail.to('dana@acme.example', 'Needs a decision')).toHaveLength(1);
    expect(harness.case(1).issue).not.toBeNull();
  });

  it('of the credentials holds the whole queue, which goes on by itself', async () => {
    const harness = new Harness();
    harness.trackers.support.always.set('create', refused('auth', 401));
    await harness.receive({ token: 'a', customer: 'a', ...failed }, { token: 'b', customer: 'b', ...failed });
    expect(creates(harness)).toBe(1);
    await harness.pass(2 * day);
    expect(harness.trackers.support.issues).toEqual([]);
    expect(harness.cases().map(({ needsPerson }) => needsPerson)).toEqual([null, null]);
    const during = creates(harness);
    expect(during).toBeLessThan(2 * 2 * 24 * 4 + 20);
    harness.trackers.support.always.clear();
    await harness.pass(20 * minute);
    expect(harness.trackers.support.issues).toHaveLength(2);
  });

  it('for now is tried again, more and more rarely, and at least every quarter of an hour', async () => {
    const harness = new Harness();
    harness.trackers.support.always.set('create', refused('unavailable', 503));
    await harness.receive(failed);
    await harness.pass(2 * hour);
    const times = harness.trackers.support.calls.filter(({ what }) => what === 'create').map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => (at - (times[index] ?? 0)) / second);
    expect(gaps.slice(0, 6)).toEqual([5, 30, 120, 600, 900, 900]);
  });

  it('is shown to a person after a week, and tried on more rarely', async () => {
    const harness = new Harness();
    harness.trackers.support.always.set('create', refused('unavailable', 503));
    await harness.receive(failed);
    await harness.pass(8 * day);
    expect(harness.outbox()[0]).toMatchObject({ state: 'waiting', error: expect.stringContaining('7 days') });
    expect(harness.case().needsPerson).toContain('tried for 7 days');
    const calls = creates(harness);
    await harness.pass(8 * day);
    expect(creates(harness)).toBeGreaterThan(calls + 7);
    expect(creates(harness)).toBeLessThan(calls + 17);
  });

  it('shows the reason, not what follows from it', async () => {
    const harness = new Harness();
    harness.trackers.support.always.set('create', refused('rejected', 422));
    await harness.receive(failed);
    await harness.pass(hour);
    const why = harness.case().needsPerson;
    expect(why).toContain('The issue did not go through');
    // The closure goal passes, and the missing issue would now get a label.
    await harness.pass(5 * day);
    expect(harness.case().needsPerson).toBe(why);
  });

  it('that is over lets all go that waited for it', async () => {
    const harness = new Harness();
    harness.trackers.support.always.set('create', refused('unavailable', 503));
    await harness.receive({ token: 'a', customer: 'a', ...failed });
    await harness.pass(7 * minute);
    await harness.receive({ token: 'b', customer: 'b', ...failed });
    await harness.pass(2 * hour);
    harness.trackers.support.always.clear();
    await harness.pass(15 * minute);
    const [entry, other] = harness.trackers.support.calls.filter(({ what }) => what === 'create').slice(-2);
    expect(harness.trackers.support.issues).toHaveLength(2);
    expect(other?.at).toBe(entry?.at);
  });

  it('of one tracker delays no other', async () => {
    const harness = new Harness();
    harness.trackers.support.always.set('floor', refused('unavailable', 503));
    await harness.receive({ ...failed, ease: 1, wish: 'more' });
    expect(harness.case(0).issue).toBeNull();
    expect(harness.trackers.product.issues).toHaveLength(1);
    expect(harness.trackers.growth.issues).toHaveLength(1);
  });

  it('with a time to wait is obeyed by what waits', async () => {
    const harness = new Harness();
    harness.trackers.support.fail('create', refused('rate-limited', 429, hour));
    await harness.receive({ token: 'a', customer: 'a', ...failed }, { token: 'b', customer: 'b', ...failed });
    await harness.pass(hour - second);
    expect(creates(harness)).toBe(1);
    await harness.pass(second);
    expect(harness.trackers.support.issues).toHaveLength(2);
  });

  it('with a time to wait is obeyed by what comes later, too', async () => {
    const harness = new Harness();
    harness.trackers.support.fail('create', refused('rate-limited', 429, hour));
    await harness.receive({ token: 'a', customer: 'a', ...failed });
    await harness.receive({ token: 'b', customer: 'b', ...failed });
    await harness.pass(minute);
    expect(creates(harness)).toBe(1);
  });
});

describe('an edit without an answer', () => {
  it('is repeated, since that does no harm', async () => {
    const harness = new Harness();
    await harness.receive(failed);
    harness.trackers.support.fail('edit', lost('after'));
    await harness.pass(2 * day);
    expect(harness.trackers.support.count('edit')).toBe(2);
    expect(harness.trackers.support.issue().snapshot.labels).toContain('overdue');
  });

  it('is repeated with pauses', async () => {
    const harness = new Harness();
    await harness.receive(failed);
    harness.trackers.support.always.set('edit', lost('before'));
    await harness.until(harness.case().dueAt + minute).catch(() => undefined);
    expect(harness.trackers.support.count('edit')).toBeLessThan(10);
  });
});

it('a lookup that is refused for its credentials is told to the admins, though nothing else asks the tracker', async () => {
  const harness = new Harness();
  harness.trackers.support.fail('create', lost('before'));
  harness.trackers.support.always.set('find', refused('auth', 401));
  await harness.receive(failed);
  await harness.pass(minute);
  expect(harness.mail.to('dana@acme.example', 'Caselite cannot work in')).toHaveLength(1);
  harness.trackers.support.always.clear();
  await harness.pass(hour);
  expect(harness.case().issue?.key).toBe('SUP-1');
});

describe('what waited for credentials for longer than a week', () => {
  it.each([
    ['an outage', refused('unavailable', 503)],
    ['a limit', refused('rate-limited', 429, second)],
    ['a lost answer', lost('before')],
  ])('is not given up for %s afterwards', async (_, fault) => {
    const harness = new Harness();
    await harness.receive(failed);
    await harness.pass(minute);
    const { support } = harness.trackers;
    support.refusal = refused('auth', 401).error;
    for (const once of ['x', 'y']) harness.sql.transaction(() => comment(harness.core, harness.case(), once, once));
    await harness.pass(8 * day);
    support.refusal = null;
    support.always.set('comment', fault);
    await harness.pass(20 * minute);
    support.always.clear();
    await harness.pass(hour);
    expect(harness.outbox().filter(({ state }) => state === 'refused')).toEqual([]);
    expect(support.issue().comments.map(({ text }) => text)).toEqual(expect.arrayContaining(['x', 'y']));
  });
});

it('a call that a mistake of Caselite ends before it is made holds its queue for minutes, and a person learns of it', async () => {
  const harness = new Harness();
  const { floor } = harness.trackers.support;
  harness.trackers.support.floor = () => Promise.reject(new TypeError('a mistake'));
  await harness.receive({ token: 'a', customer: 'a', ...failed });
  await harness.pass(hour);
  expect(harness.case(0).needsPerson).toContain('it stopped the process 8 times');
  expect(harness.mail.to('dana@acme.example', 'Put off, because it failed: calls of support')).toHaveLength(1);
  override(harness.trackers.support, { floor });
  await harness.receive({ token: 'b', customer: 'b', ...failed });
  await harness.pass(minute);
  expect(harness.case(1).issue).not.toBeNull();
});
