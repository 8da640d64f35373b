import { describe, expect, it } from 'vitest';
import { lost, refused } from './fakes.ts';
import { day, hour, minute, Rig, second } from './rig.ts';

const failed = { completed: false };

const creates = (rig: Rig) => rig.trackers.support.count('create');

describe('a create without an answer', () => {
  it('is looked for and found, and not made again', async () => {
    const rig = new Rig();
    rig.trackers.support.fail('create', lost('after'));
    await rig.receive(failed);
    await rig.pass(day);
    expect(creates(rig)).toBe(1);
    expect(rig.trackers.support.issues).toHaveLength(1);
    expect(rig.case().issue?.key).toBe('SUP-1');
    expect(rig.case().needsPerson).toBeNull();
  });

  it('is made again only after two clean looks, the last after the settling time', async () => {
    const rig = new Rig();
    rig.trackers.support.fail('create', lost('before'));
    await rig.receive(failed);
    await rig.pass(hour);
    const [first, second_] = rig.trackers.support.calls.filter(({ what }) => what === 'create');
    expect(creates(rig)).toBe(2);
    expect((second_?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(10 * minute);
    const lookups = rig.trackers.support.calls.filter(({ what }) => what === 'find');
    expect(lookups.length).toBeGreaterThanOrEqual(2);
    expect((lookups.at(-1)?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(10 * minute);
    expect(rig.trackers.support.issues).toHaveLength(1);
  });

  it('stays unknown while looking fails', async () => {
    const rig = new Rig();
    rig.trackers.support.fail('create', lost('before'));
    rig.trackers.support.always.set('find', refused('unavailable', 503));
    await rig.receive(failed);
    await rig.pass(2 * hour);
    expect(creates(rig)).toBe(1);
    rig.trackers.support.always.clear();
    await rig.pass(hour);
    expect(rig.trackers.support.issues).toHaveLength(1);
    expect(rig.case().issue).not.toBeNull();
  });

  it('is looked for more and more rarely while looking fails', async () => {
    const rig = new Rig();
    rig.trackers.support.fail('create', lost('before'));
    rig.trackers.support.always.set('find', refused('unavailable', 503));
    await rig.receive(failed);
    await rig.pass(2 * hour);
    expect(rig.trackers.support.count('find')).toBeLessThan(30);
  });

  it('is found after the process died before it wrote down the answer', async () => {
    const rig = new Rig();
    const { createIssue } = rig.trackers.support;
    rig.trackers.support.createIssue = async (draft) => {
      await createIssue.call(rig.trackers.support, draft);
      throw new Error('the process died');
    };
    await rig.receive(failed);
    Object.assign(rig.trackers.support, { createIssue });
    await rig.pass(hour);
    expect(creates(rig)).toBe(1);
    expect(rig.case().issue?.key).toBe('SUP-1');
  });

  it('holds back what comes after it for the same case, and nothing else', async () => {
    const rig = new Rig();
    rig.trackers.support.fail('create', lost('before'));
    rig.trackers.support.always.set('find', refused('unavailable', 503));
    await rig.receive({ token: 'a', customer: 'a', ...failed });
    await rig.receive({ token: 'a2', customer: 'a', ...failed, ease: 1 });
    await rig.receive({ token: 'b', customer: 'b', ...failed });
    rig.now = rig.case().dueAt;
    await rig.pass(minute);
    expect(rig.case(0)).toMatchObject({ issue: null, overdue: true });
    const [overdue] = rig.outbox().filter(({ kind }) => kind === 'issue.edit');
    expect(overdue).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(rig.trackers.support.issues).toHaveLength(1);
  });
});

describe('a comment without an answer', () => {
  it.each([['after'], ['before']] as const)('stands there once when the answer got lost %s', async (when) => {
    const rig = new Rig();
    await rig.receive(failed);
    rig.trackers.support.fail('comment', lost(when));
    await rig.pass(3 * day);
    const comments = rig.trackers.support.issue().comments.map(({ text }) => text);
    expect(comments[0]).toContain('50 % of the time');
    expect(new Set(comments).size).toBe(comments.length);
  });
});

describe('a refusal', () => {
  it('of the content needs a person, who is told, and stops nothing else', async () => {
    const rig = new Rig();
    rig.trackers.support.fail('create', refused('rejected', 422));
    await rig.receive({ token: 'a', customer: 'a', ...failed });
    await rig.receive({ token: 'b', customer: 'b', ...failed });
    await rig.pass(hour);
    expect(creates(rig)).toBe(2);
    expect(rig.case(0).needsPerson).toContain('issue create did not go through: call: rejected: status 422');
    expect(rig.mail.to('dana@acme.example', 'needs a person')).toHaveLength(1);
    expect(rig.case(1).issue).not.toBeNull();
  });

  it('of the credentials holds the whole queue, which goes on by itself', async () => {
    const rig = new Rig();
    rig.trackers.support.always.set('create', refused('auth', 401));
    await rig.receive({ token: 'a', customer: 'a', ...failed }, { token: 'b', customer: 'b', ...failed });
    expect(creates(rig)).toBe(1);
    await rig.pass(2 * day);
    expect(rig.trackers.support.issues).toEqual([]);
    expect(rig.cases().map(({ needsPerson }) => needsPerson)).toEqual([null, null]);
    const during = creates(rig);
    expect(during).toBeLessThan(2 * 2 * 24 * 4 + 20);
    rig.trackers.support.always.clear();
    await rig.pass(20 * minute);
    expect(rig.trackers.support.issues).toHaveLength(2);
  });

  it('for now is tried again, more and more rarely, and at least every quarter of an hour', async () => {
    const rig = new Rig();
    rig.trackers.support.always.set('create', refused('unavailable', 503));
    await rig.receive(failed);
    await rig.pass(2 * hour);
    const times = rig.trackers.support.calls.filter(({ what }) => what === 'create').map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => (at - (times[index] ?? 0)) / second);
    expect(gaps.slice(0, 6)).toEqual([5, 30, 120, 600, 900, 900]);
  });

  it('is given up after a week, and then needs a person', async () => {
    const rig = new Rig();
    rig.trackers.support.always.set('create', refused('unavailable', 503));
    await rig.receive(failed);
    await rig.pass(8 * day);
    expect(rig.outbox()[0]).toMatchObject({ state: 'refused', error: expect.stringContaining('7 days') });
    expect(rig.case().needsPerson).not.toBeNull();
    const calls = creates(rig);
    await rig.pass(8 * day);
    expect(creates(rig)).toBe(calls);
  });

  it('shows the reason, not what follows from it', async () => {
    const rig = new Rig();
    rig.trackers.support.always.set('create', refused('unavailable', 503));
    await rig.receive(failed);
    await rig.pass(8 * day);
    expect(rig.case().needsPerson).toContain('tried for 7 days');
  });

  it('still shows the reason when more was to follow later', async () => {
    const rig = new Rig();
    rig.trackers.support.fail('create', refused('rejected', 422));
    await rig.receive(failed);
    await rig.pass(hour);
    const why = rig.case().needsPerson;
    expect(why).toContain('issue create did not go through');
    // Its closure goal passes, and the issue that it has not would be labelled so.
    await rig.pass(5 * day);
    expect(rig.case().needsPerson).toBe(why);
  });

  it('that is over lets all go that waited for it', async () => {
    const rig = new Rig();
    rig.trackers.support.always.set('create', refused('unavailable', 503));
    await rig.receive({ token: 'a', customer: 'a', ...failed });
    await rig.pass(7 * minute);
    await rig.receive({ token: 'b', customer: 'b', ...failed });
    await rig.pass(2 * hour);
    rig.trackers.support.always.clear();
    await rig.pass(15 * minute);
    const [one, other] = rig.trackers.support.calls.filter(({ what }) => what === 'create').slice(-2);
    expect(rig.trackers.support.issues).toHaveLength(2);
    expect(other?.at).toBe(one?.at);
  });

  it('of one tracker delays no other', async () => {
    const rig = new Rig();
    rig.trackers.support.always.set('floor', refused('unavailable', 503));
    await rig.receive({ ...failed, ease: 1, wish: 'more' });
    expect(rig.case(0).issue).toBeNull();
    expect(rig.trackers.product.issues).toHaveLength(1);
    expect(rig.trackers.growth.issues).toHaveLength(1);
  });

  it('with a time to wait is obeyed by what waits', async () => {
    const rig = new Rig();
    rig.trackers.support.fail('create', refused('rate-limited', 429, hour));
    await rig.receive({ token: 'a', customer: 'a', ...failed }, { token: 'b', customer: 'b', ...failed });
    await rig.pass(hour - second);
    expect(creates(rig)).toBe(1);
    await rig.pass(second);
    expect(rig.trackers.support.issues).toHaveLength(2);
  });

  it('with a time to wait is obeyed by what comes later, too', async () => {
    const rig = new Rig();
    rig.trackers.support.fail('create', refused('rate-limited', 429, hour));
    await rig.receive({ token: 'a', customer: 'a', ...failed });
    await rig.receive({ token: 'b', customer: 'b', ...failed });
    await rig.pass(minute);
    expect(creates(rig)).toBe(1);
  });
});

describe('an edit without an answer', () => {
  it('is repeated, since that does no harm', async () => {
    const rig = new Rig();
    await rig.receive(failed);
    rig.trackers.support.fail('edit', lost('after'));
    await rig.pass(2 * day);
    expect(rig.trackers.support.count('edit')).toBe(2);
    expect(rig.trackers.support.issue().snapshot.labels).toContain('overdue');
  });

  it('is repeated with pauses', async () => {
    const rig = new Rig();
    await rig.receive(failed);
    rig.trackers.support.always.set('edit', lost('before'));
    await rig.until(rig.case().dueAt + minute).catch(() => undefined);
    expect(rig.trackers.support.count('edit')).toBeLessThan(10);
  });
});
