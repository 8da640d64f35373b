import { describe, expect, it } from 'vitest';
import { retryAfterCheck } from '#src/workspace/issues/check-trackers.ts';
import { readCaseJson } from '#src/workspace/queries/lists.ts';
import { readSetUp } from '#src/workspace/queries/connections.ts';
import { allowTrialCallNow } from '#src/workspace/queues/circuit-breaker.ts';
import { saveQueue } from '#src/workspace/store/queues.ts';
import { linkCases } from '#src/workspace/tracker-requests/reopen.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute, second } from '#test/harness/times.ts';
import { lost, refused } from './fakes.ts';

const failed = { completed: false };
const everyFewMinutes = () => slowAcme((text) => text.replace('every: 2 minutes', 'every: 5 minutes'));

const creates = (harness: Harness) => harness.trackers.support.calls.filter(({ what }) => what === 'create');
const told = (harness: Harness) => [
  ...harness.mail.accepted.filter(({ subject }) => subject.startsWith('Caselite ')).map(({ subject }) => subject),
];
const paused = 'Caselite cannot work in Jira (tracker support)';
const resumed = 'Caselite works in Jira (tracker support) again';

describe('credentials that do not sign in', () => {
  it('are why the mail of the set-up does not come', async () => {
    const harness = new Harness();
    await harness.receive(failed);
    await harness.pass(minute);
    expect(readSetUp(harness.core, { who: 'dana' }).mail).toMatchObject({ lastState: 'sent', why: null });
    saveQueue(harness.sql, 'mail', { paused: 'sign-in', pausedAt: harness.now, pausedWhy: 'Resend answered 401' });
    const { mail } = readSetUp(harness.core, { who: 'dana' });
    expect(mail).toMatchObject({ lastState: 'refused', why: 'Resend answered 401' });
  });

  it('pause the tracker at once, notify an admin once, and lose nothing', async () => {
    const harness = new Harness(everyFewMinutes());
    for (const what of ['create', 'floor', 'list']) harness.trackers.support.always.set(what, refused('auth', 401));
    await harness.receive({ token: 'a', customer: 'a', ...failed }, { token: 'b', customer: 'b', ...failed });
    await harness.pass(3 * hour);
    expect(told(harness)).toEqual([paused]);
    expect(harness.outbox().filter(({ kind }) => kind === 'issue.create')).toMatchObject([
      { state: 'waiting' },
      { state: 'waiting' },
    ]);
    expect(harness.cases().map(({ needsPerson }) => needsPerson)).toEqual([null, null]);
  });

  it('are probed every 15 minutes by one call, polls among them', async () => {
    const harness = new Harness(everyFewMinutes());
    for (const what of ['floor', 'list']) harness.trackers.support.always.set(what, refused('auth', 401));
    await harness.receive({ token: 'a', customer: 'a', ...failed }, { token: 'b', customer: 'b', ...failed });
    await harness.pass(6 * hour);
    const tries = harness.trackers.support.calls.map(({ at }) => at).filter((at) => at > harness.now - 5 * hour);
    expect(tries.length).toBeGreaterThanOrEqual(19);
    expect(tries.length).toBeLessThanOrEqual(41);
  });

  it('resume by themselves when they work again, report it once, and release all waiting calls', async () => {
    const harness = new Harness(everyFewMinutes());
    for (const what of ['create', 'floor', 'list']) harness.trackers.support.always.set(what, refused('auth', 401));
    await harness.receive({ token: 'a', customer: 'a', ...failed }, { token: 'b', customer: 'b', ...failed });
    // Longer than any retry limit, because rows of a paused queue are kept.
    await harness.pass(9 * day);
    harness.trackers.support.always.clear();
    await harness.pass(16 * minute);
    expect(harness.trackers.support.issues).toHaveLength(2);
    expect(told(harness)).toEqual([paused, resumed]);
  });

  it.each([
    ['a write that goes through', (harness: Harness) => harness.receive({ token: 'c', customer: 'c', ...failed })],
    ['a check', async (harness: Harness) => void retryAfterCheck(harness.core)],
  ])('are read with again soon after %s, not after the long wait of the polls', async (_, prove) => {
    const harness = new Harness(everyFewMinutes());
    await harness.receive({ token: 'a', customer: 'a', ...failed });
    for (const what of ['create', 'floor', 'list']) harness.trackers.support.always.set(what, refused('auth', 401));
    harness.trackers.support.close(0);
    await harness.pass(3 * hour);
    harness.trackers.support.always.clear();
    allowTrialCallNow(harness.core, 'support');
    await prove(harness);
    await harness.pass(minute);
    expect(harness.case(0).loop).toBe('resolved');
  });

  it('do not count as working because an action needed no call', async () => {
    const harness = new Harness(everyFewMinutes());
    await harness.receive({ token: 'a', customer: 'a', tier: 'gold', ...failed });
    for (const what of ['create', 'floor', 'list']) harness.trackers.support.always.set(what, refused('auth', 401));
    await harness.receive({ token: 'b', customer: 'b', tier: 'bronze', ...failed });
    harness.sql.transaction(() => linkCases(harness.core, harness.case(0), harness.case(1)));
    await harness.pass(3 * hour);
    expect(told(harness)).toEqual([paused]);
    harness.trackers.support.always.clear();
    await harness.pass(hour);
    expect(told(harness)).toEqual([paused, resumed]);
    expect(harness.trackers.support.issue(1).links).toEqual(['1']);
  });

  it('of one tracker leave the others alone', async () => {
    const harness = new Harness(everyFewMinutes());
    for (const what of ['floor', 'list']) harness.trackers.support.always.set(what, refused('auth', 401));
    await harness.receive({ ...failed, ease: 1, wish: 'more' });
    expect(harness.trackers.product.issues).toHaveLength(1);
    expect(harness.trackers.growth.issues).toHaveLength(1);
  });

  it('are reported again when they fail a second time', async () => {
    const harness = new Harness(everyFewMinutes());
    for (let round = 0; round < 2; round += 1) {
      harness.trackers.support.always.set('list', refused('auth', 401));
      await harness.pass(hour);
      harness.trackers.support.always.clear();
      await harness.pass(hour);
    }
    expect(told(harness)).toEqual([paused, resumed, paused, resumed]);
  });
});

describe('a permission that is missing for writing', () => {
  it('pauses writing after five refusals, while polls go on', async () => {
    const harness = new Harness(everyFewMinutes());
    harness.trackers.support.always.set('create', refused('auth', 403));
    await harness.receive(failed);
    await harness.pass(30 * second);
    expect(creates(harness).length).toBeLessThan(5);
    expect(told(harness)).toEqual([]);
    await harness.pass(2 * hour);
    expect(told(harness)).toContain(paused);
    expect(told(harness)).not.toContain(resumed);
    const polls = harness.trackers.support.count('list');
    await harness.pass(hour);
    expect(harness.trackers.support.count('list')).toBeGreaterThan(polls + 8);
    harness.trackers.support.always.clear();
    await harness.pass(16 * minute);
    expect(told(harness)).toContain(resumed);
    expect(readCaseJson(harness.core, harness.case().id).issue?.key).toBe('SUP-1');
  });
});

describe('a permission that a host hides as a place that is not found', () => {
  it('does not count as restored because of polls that read the place', async () => {
    const harness = new Harness(everyFewMinutes());
    harness.trackers.support.always.set('create', refused('rejected', 404));
    await harness.receive(failed);
    await harness.pass(12 * hour);
    expect(told(harness)).toEqual([paused]);
    expect(harness.case().needsPerson).toBeNull();
    harness.trackers.support.always.clear();
    await harness.pass(16 * minute);
    expect(told(harness)).toEqual([paused, resumed]);
    expect(harness.case().issue?.key).toBe('SUP-1');
  });

  it('counts as restored after any read where the place itself was hidden', async () => {
    const harness = new Harness(everyFewMinutes());
    for (const what of ['floor', 'list']) harness.trackers.support.always.set(what, refused('rejected', 404));
    await harness.receive(failed);
    await harness.pass(12 * hour);
    expect(told(harness)).toEqual([paused]);
    harness.trackers.support.always.clear();
    await harness.pass(16 * minute);
    expect(told(harness)).toEqual([paused, resumed]);
  });
});

describe('a tracker that is not there', () => {
  it.each([
    ['the call', 'create', refused('unavailable', 503)],
    ['the read before it', 'floor', lost('before')],
  ])('is not asked for each case that waits: one failure of %s finds out for all', async (_, what, fault) => {
    const harness = new Harness();
    harness.trackers.support.always.set(what, fault);
    await harness.receive(
      ...Array.from({ length: 40 }, (_, n) => ({ token: `r-${n}`, customer: `k-${n}`, ...failed })),
    );
    await harness.pass(hour);
    expect(harness.trackers.support.calls.filter((call) => call.what === what).length).toBeLessThan(15);
    harness.trackers.support.always.clear();
    await harness.pass(20 * minute);
    expect(harness.trackers.support.issues).toHaveLength(40);
  });
});

describe('what waits in one tracker', () => {
  it('goes by severity, then by age', async () => {
    const harness = new Harness();
    harness.trackers.support.fail('create', refused('rate-limited', 429, minute));
    const tiers = ['bronze', 'bronze', 'silver', 'gold', 'gold'];
    for (const [index, tier] of tiers.entries())
      await harness.receive({ token: `r-${index}`, customer: `k-${index}`, tier, ...failed });
    await harness.pass(2 * minute);
    const order = harness.trackers.support.issues.map(({ draft }) => draft.severity.rank);
    expect(order).toEqual([...order].sort());
    expect(new Set(order).size).toBe(3);
    const titles = harness.trackers.support.issues.map(({ draft }) => /C-(\d)/.exec(draft.title)?.[1]);
    expect(titles).toEqual(['4', '5', '3', '1', '2']);
  });

  it('moves with a case that becomes urgent', async () => {
    const harness = new Harness();
    harness.trackers.support.fail('create', refused('rate-limited', 429, minute));
    for (const index of [0, 1, 2])
      await harness.receive({ token: `r-${index}`, customer: `k-${index}`, tier: 'bronze', ...failed });
    harness.update({ severity: 'urgent', severityRank: 1 }, 2);
    await harness.pass(2 * minute);
    expect(harness.trackers.support.issues[0]?.draft.marker).toContain('C-3');
  });
});
