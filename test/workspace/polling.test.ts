import { describe, expect, it } from 'vitest';
import { takeHint } from '#src/workspace/issues/webhook-hint.ts';
import { lost, refused } from './fakes.ts';
import { day, hour, minute, Rig, second, slowAcme } from './rig.ts';

const failed = { completed: false };
const usual = () => slowAcme((text) => text.replace('every: 2 minutes', 'every: 3 minutes'));
const polls = (rig: Rig) => rig.trackers.support.calls.filter(({ what }) => what === 'list');
const gaps = (rig: Rig, since: number) =>
  polls(rig)
    .map(({ at }) => at)
    .filter((at) => at >= since)
    .map((at, index, all) => (at - (all[index - 1] ?? at)) / second)
    .slice(1);
const hint = (rig: Rig, id: string) => rig.sql.transaction(() => takeHint(rig.core, 'support', id));

describe('polls', () => {
  it('come faster after something happened, and more rarely when nothing does', async () => {
    const rig = new Rig(usual());
    await rig.receive(failed);
    await rig.pass(hour);
    rig.trackers.support.say(0, 'sam', 'looking into it');
    await rig.pass(3 * minute);
    const since = rig.now;
    await rig.pass(5 * minute);
    expect(gaps(rig, since)).toEqual(Array.from({ length: gaps(rig, since).length }, () => 45));
    const later = rig.now + 10 * minute;
    await rig.pass(hour);
    expect(new Set(gaps(rig, later))).toEqual(new Set([180]));
    const night = rig.now + 2 * hour;
    await rig.pass(5 * hour);
    expect(new Set(gaps(rig, night))).toEqual(new Set([450]));
  });

  it('that die half-way lose nothing', async () => {
    const rig = new Rig();
    await rig.receive(...[0, 1, 2, 3].map((n) => ({ token: `r-${n}`, customer: `k-${n}`, ...failed })));
    await rig.pass(hour);
    for (const index of [0, 1, 2, 3]) rig.trackers.support.close(index);
    // One goes well, and the next finds nobody.
    const { readIssue } = rig.trackers.support;
    let reads = 0;
    rig.trackers.support.readIssue = (id) => {
      reads += 1;
      if (reads === 2) rig.trackers.support.fail('read', lost('before'));
      return readIssue.call(rig.trackers.support, id);
    };
    await rig.poll();
    expect(rig.cases().filter(({ loop }) => loop === 'working').length).toBeGreaterThan(0);
    await rig.pass(2 * day);
    expect(rig.cases().map(({ loop }) => loop)).not.toContain('working');
  });

  it('wait as long as the tracker wants to hear nothing', async () => {
    const rig = new Rig(usual());
    rig.trackers.support.fail('list', refused('rate-limited', 429, hour));
    const from = rig.now;
    await rig.pass(2 * hour);
    expect((polls(rig)[1]?.at ?? 0) - from).toBeGreaterThanOrEqual(hour);
  });
});

describe('a webhook', () => {
  it('has the tracker polled at once', async () => {
    const rig = new Rig();
    await rig.receive(failed);
    await rig.pass(hour);
    rig.trackers.support.close(0);
    expect(hint(rig, 'd-1')).toBe(true);
    await rig.pass(0);
    expect(rig.case().loop).not.toBe('working');
  });

  it('that comes again is no news', async () => {
    const rig = new Rig();
    await rig.pass(hour);
    hint(rig, 'd-1');
    await rig.pass(minute);
    const before = polls(rig).length;
    expect(hint(rig, 'd-1')).toBe(false);
    await rig.pass(minute);
    expect(polls(rig)).toHaveLength(before);
  });

  it('of a thousand in a minute causes a handful of polls', async () => {
    const rig = new Rig();
    await rig.pass(hour);
    const before = polls(rig).length;
    const end = rig.now + minute;
    for (let n = 0; n < 1000; n += 1) {
      hint(rig, `d-${n}`);
      await rig.pass(60);
    }
    expect(rig.now).toBe(end);
    const count = polls(rig).length - before;
    expect(count).toBeGreaterThan(2);
    expect(count).toBeLessThanOrEqual(8);
  });

  it('that comes while a poll is under way is not forgotten', async () => {
    const rig = new Rig(usual());
    await rig.receive(failed);
    await rig.pass(hour);
    const { listChanges } = rig.trackers.support;
    rig.trackers.support.listChanges = async (cursor, now) => {
      const answer = await listChanges.call(rig.trackers.support, cursor, now);
      Object.assign(rig.trackers.support, { listChanges });
      rig.trackers.support.close(0);
      hint(rig, 'd-1');
      return answer;
    };
    await rig.poll();
    expect(rig.case().loop).toBe('working');
    await rig.pass(10 * second);
    expect(rig.case().loop).not.toBe('working');
  });

  it('does not shorten the back-off of a tracker that is not there', async () => {
    const rig = new Rig(usual());
    rig.trackers.support.always.set('list', refused('unavailable', 503));
    await rig.pass(hour);
    const before = polls(rig).length;
    for (let n = 0; n < 100; n += 1) hint(rig, `d-${n}`);
    await rig.pass(minute);
    expect(polls(rig).length - before).toBeLessThanOrEqual(1);
  });

  it('is forgotten after three days, and ids do not pile up', async () => {
    const rig = new Rig();
    hint(rig, 'd-1');
    await rig.pass(4 * day);
    hint(rig, 'd-2');
    expect(rig.sql.all('SELECT id FROM hints').map(({ id }) => id)).toEqual(['d-2']);
  });
});

describe('an open case whose issue no list names', () => {
  it('is looked at again, and what became of it is seen', async () => {
    const rig = new Rig(usual());
    await rig.receive({ token: 'a', customer: 'a', ...failed }, { token: 'b', customer: 'b', ...failed });
    await rig.pass(hour);
    const { snapshot } = rig.trackers.support.issue(0);
    // Gone, without a trace in the list of changes.
    rig.trackers.support.vanish(0);
    Object.assign(rig.trackers.support.issue(0).snapshot, { updatedAt: snapshot.updatedAt });
    await rig.pass(3 * hour);
    expect(rig.case(0).loop).toBe('working');
    await rig.pass(4 * hour);
    expect(rig.case(0)).toMatchObject({ loop: 'working', issue: { trouble: { kind: 'missing' } } });
    await rig.pass(25 * hour);
    expect(rig.case(0)).toMatchObject({ loop: 'dropped', closingReason: 'gone' });
    expect(rig.case(1).loop).toBe('working');
  });

  it('costs a few calls a poll, however many there are', async () => {
    const rig = new Rig(usual());
    await rig.receive(
      ...Array.from({ length: 30 }, (_, n) => ({ token: `r-${n}`, customer: `k-${n}`, ...failed })),
    );
    await rig.pass(hour);
    const reads = rig.trackers.support.count('read');
    await rig.pass(6 * hour);
    const lookups = rig.trackers.support.count('look');
    expect(lookups).toBeGreaterThan(0);
    expect(lookups).toBeLessThanOrEqual(4);
    expect(rig.trackers.support.count('read')).toBe(reads);
  });

  it('is looked at by the next poll when this look fails, and the poll itself went well', async () => {
    const rig = new Rig(usual());
    await rig.receive(failed);
    rig.trackers.support.fail('look', refused('unavailable', 503));
    await rig.pass(7 * hour);
    expect(rig.trackers.support.count('look')).toBeGreaterThanOrEqual(2);
    expect(rig.log.some((line) => line.startsWith('look-failed'))).toBe(true);
    expect(rig.log.some((line) => line.startsWith('poll-failed'))).toBe(false);
  });
});
