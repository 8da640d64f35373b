import { describe, expect, it } from 'vitest';
import { oneCase } from '#src/workspace/queries/lists.ts';
import { linkIssues } from '#src/workspace/tracker-requests/link-issues.ts';
import { refused } from './fakes.ts';
import { day, hour, minute, Rig, second, slowAcme } from './rig.ts';

const failed = { completed: false };
const everyFewMinutes = () => slowAcme((text) => text.replace('every: 2 minutes', 'every: 5 minutes'));

const creates = (rig: Rig) => rig.trackers.support.calls.filter(({ what }) => what === 'create');
const told = (rig: Rig) => [
  ...rig.mail.accepted.filter(({ subject }) => subject.startsWith('Caselite ')).map(({ subject }) => subject),
];
const paused = 'Caselite cannot work in Jira (tracker support)';
const resumed = 'Caselite works in Jira (tracker support) again';

describe('credentials that do not sign in', () => {
  it('pause the tracker at once, tell an admin once, and lose nothing', async () => {
    const rig = new Rig(everyFewMinutes());
    for (const what of ['create', 'floor', 'list'])
      rig.trackers.support.always.set(what, refused('auth', 401));
    await rig.receive({ token: 'a', customer: 'a', ...failed }, { token: 'b', customer: 'b', ...failed });
    await rig.pass(3 * hour);
    expect(told(rig)).toEqual([paused]);
    expect(rig.outbox().filter(({ kind }) => kind === 'issue.create')).toMatchObject([
      { state: 'waiting' },
      { state: 'waiting' },
    ]);
    expect(rig.cases().map(({ needsPerson }) => needsPerson)).toEqual([null, null]);
  });

  it('are probed every 15 minutes by one call, polls among them', async () => {
    const rig = new Rig(everyFewMinutes());
    for (const what of ['floor', 'list']) rig.trackers.support.always.set(what, refused('auth', 401));
    await rig.receive({ token: 'a', customer: 'a', ...failed }, { token: 'b', customer: 'b', ...failed });
    await rig.pass(6 * hour);
    const tries = rig.trackers.support.calls.map(({ at }) => at).filter((at) => at > rig.now - 5 * hour);
    expect(tries.length).toBeGreaterThanOrEqual(19);
    expect(tries.length).toBeLessThanOrEqual(41);
  });

  it('resume by themselves when they are mended, say so once, and let all go that waited', async () => {
    const rig = new Rig(everyFewMinutes());
    for (const what of ['create', 'floor', 'list'])
      rig.trackers.support.always.set(what, refused('auth', 401));
    await rig.receive({ token: 'a', customer: 'a', ...failed }, { token: 'b', customer: 'b', ...failed });
    // Longer than anything else is tried: the queue of a paused tracker is kept.
    await rig.pass(9 * day);
    rig.trackers.support.always.clear();
    await rig.pass(16 * minute);
    expect(rig.trackers.support.issues).toHaveLength(2);
    expect(told(rig)).toEqual([paused, resumed]);
  });

  it('are not taken for mended because something needed no call', async () => {
    const rig = new Rig(everyFewMinutes());
    await rig.receive({ token: 'a', customer: 'a', tier: 'gold', ...failed });
    for (const what of ['create', 'floor', 'list'])
      rig.trackers.support.always.set(what, refused('auth', 401));
    await rig.receive({ token: 'b', customer: 'b', tier: 'bronze', ...failed });
    rig.sql.transaction(() => linkIssues(rig.core, rig.case(0), rig.case(1)));
    await rig.pass(3 * hour);
    expect(told(rig)).toEqual([paused]);
    rig.trackers.support.always.clear();
    await rig.pass(hour);
    expect(told(rig)).toEqual([paused, resumed]);
    expect(rig.trackers.support.issue(1).links).toEqual(['1']);
  });

  it('of one tracker leave the others alone', async () => {
    const rig = new Rig(everyFewMinutes());
    for (const what of ['floor', 'list']) rig.trackers.support.always.set(what, refused('auth', 401));
    await rig.receive({ ...failed, ease: 1, wish: 'more' });
    expect(rig.trackers.product.issues).toHaveLength(1);
    expect(rig.trackers.growth.issues).toHaveLength(1);
  });

  it('are told of anew when they fail a second time', async () => {
    const rig = new Rig(everyFewMinutes());
    for (let round = 0; round < 2; round += 1) {
      rig.trackers.support.always.set('list', refused('auth', 401));
      await rig.pass(hour);
      rig.trackers.support.always.clear();
      await rig.pass(hour);
    }
    expect(told(rig)).toEqual([paused, resumed, paused, resumed]);
  });
});

describe('a permission that is missing for writing', () => {
  it('pauses writing after five refusals, while polls go on', async () => {
    const rig = new Rig(everyFewMinutes());
    rig.trackers.support.always.set('create', refused('auth', 403));
    await rig.receive(failed);
    await rig.pass(30 * second);
    expect(creates(rig).length).toBeLessThan(5);
    expect(told(rig)).toEqual([]);
    await rig.pass(2 * hour);
    expect(told(rig)).toContain(paused);
    expect(told(rig)).not.toContain(resumed);
    const polls = rig.trackers.support.count('list');
    await rig.pass(hour);
    expect(rig.trackers.support.count('list')).toBeGreaterThan(polls + 8);
    rig.trackers.support.always.clear();
    await rig.pass(16 * minute);
    expect(told(rig)).toContain(resumed);
    expect(oneCase(rig.core, rig.case().id).issue?.key).toBe('SUP-1');
  });
});

describe('a permission that a host hides as a place that is not found', () => {
  it('is not taken for mended by polls that read the place', async () => {
    const rig = new Rig(everyFewMinutes());
    rig.trackers.support.always.set('create', refused('rejected', 404));
    await rig.receive(failed);
    await rig.pass(12 * hour);
    expect(told(rig)).toEqual([paused]);
    expect(rig.case().needsPerson).toBeNull();
    rig.trackers.support.always.clear();
    await rig.pass(16 * minute);
    expect(told(rig)).toEqual([paused, resumed]);
    expect(rig.case().issue?.key).toBe('SUP-1');
  });

  it('is mended by any read where the place itself was hidden', async () => {
    const rig = new Rig(everyFewMinutes());
    for (const what of ['floor', 'list']) rig.trackers.support.always.set(what, refused('rejected', 404));
    await rig.receive(failed);
    await rig.pass(12 * hour);
    expect(told(rig)).toEqual([paused]);
    rig.trackers.support.always.clear();
    await rig.pass(16 * minute);
    expect(told(rig)).toEqual([paused, resumed]);
  });
});

describe('a tracker that is not there', () => {
  it('is not asked for each case that waits: one call finds out for all', async () => {
    const rig = new Rig();
    rig.trackers.support.always.set('create', refused('unavailable', 503));
    await rig.receive(
      ...Array.from({ length: 40 }, (_, n) => ({ token: `r-${n}`, customer: `k-${n}`, ...failed })),
    );
    await rig.pass(hour);
    expect(creates(rig).length).toBeLessThan(15);
    rig.trackers.support.always.clear();
    await rig.pass(20 * minute);
    expect(rig.trackers.support.issues).toHaveLength(40);
  });
});

describe('what waits in one tracker', () => {
  it('goes by severity, then by age', async () => {
    const rig = new Rig();
    rig.trackers.support.fail('create', refused('rate-limited', 429, minute));
    const tiers = ['bronze', 'bronze', 'silver', 'gold', 'gold'];
    for (const [index, tier] of tiers.entries())
      await rig.receive({ token: `r-${index}`, customer: `k-${index}`, tier, ...failed });
    await rig.pass(2 * minute);
    const order = rig.trackers.support.issues.map(({ draft }) => draft.severity.rank);
    expect(order).toEqual([...order].sort());
    expect(new Set(order).size).toBe(3);
    const titles = rig.trackers.support.issues.map(({ draft }) => /C-(\d)/.exec(draft.title)?.[1]);
    expect(titles).toEqual(['4', '5', '3', '1', '2']);
  });

  it('moves with a case that becomes urgent', async () => {
    const rig = new Rig();
    rig.trackers.support.fail('create', refused('rate-limited', 429, minute));
    for (const index of [0, 1, 2])
      await rig.receive({ token: `r-${index}`, customer: `k-${index}`, tier: 'bronze', ...failed });
    rig.update({ severity: 'urgent', severityRank: 1 }, 2);
    await rig.pass(2 * minute);
    expect(rig.trackers.support.issues[0]?.draft.marker).toContain('C-3');
  });
});
