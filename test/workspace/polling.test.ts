import { describe, expect, it } from 'vitest';
import { recordHint } from '#src/workspace/issues/poll.ts';
import { comments } from '#src/workspace/store/comments.ts';
import { savePollState } from '#src/workspace/store/targets.ts';
import { takeHook } from '#src/workspace/take-hook.ts';
import { Harness } from '#test/harness/harness.ts';
import { override } from '#test/harness/override.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute, second } from '#test/harness/times.ts';
import { rowsOf } from '#test/workspace/store/rows.ts';
import { lost, refused } from './fakes.ts';

const failed = { completed: false };
const usual = () => slowAcme((text) => text.replace('every: 2 minutes', 'every: 3 minutes'));
const polls = (harness: Harness) => harness.trackers.support.calls.filter(({ what }) => what === 'list');
const gaps = (harness: Harness, since: number) =>
  polls(harness)
    .map(({ at }) => at)
    .filter((at) => at >= since)
    .map((at, index, all) => (at - (all[index - 1] ?? at)) / second)
    .slice(1);
const hint = (harness: Harness, id: string) => harness.sql.transaction(() => recordHint(harness.core, 'support', id));

describe('polls', () => {
  it('come faster after something happened, and more rarely when nothing does', async () => {
    const harness = new Harness(usual());
    await harness.receive(failed);
    await harness.pass(hour);
    harness.trackers.support.say(0, 'sam', 'looking into it');
    await harness.pass(3 * minute);
    const since = harness.now;
    await harness.pass(5 * minute);
    expect(gaps(harness, since)).toEqual(Array.from({ length: gaps(harness, since).length }, () => 45));
    const later = harness.now + 10 * minute;
    await harness.pass(hour);
    expect(new Set(gaps(harness, later))).toEqual(new Set([180]));
    const night = harness.now + 2 * hour;
    await harness.pass(5 * hour);
    expect(new Set(gaps(harness, night))).toEqual(new Set([450]));
  });

  it('that die half-way lose nothing', async () => {
    const harness = new Harness();
    await harness.receive(...[0, 1, 2, 3].map((n) => ({ token: `r-${n}`, customer: `k-${n}`, ...failed })));
    await harness.pass(hour);
    for (const index of [0, 1, 2, 3]) harness.trackers.support.close(index);
    // One read succeeds, and the next gets no connection.
    const { readIssue } = harness.trackers.support;
    let reads = 0;
    harness.trackers.support.readIssue = (id) => {
      reads += 1;
      if (reads === 2) harness.trackers.support.fail('read', lost('before'));
      return readIssue.call(harness.trackers.support, id);
    };
    await harness.poll();
    expect(harness.cases().filter(({ loop }) => loop === 'working').length).toBeGreaterThan(0);
    await harness.pass(2 * day);
    expect(harness.cases().map(({ loop }) => loop)).not.toContain('working');
  });

  it('read every other issue where one cannot be read, and leave that one to a later look', async () => {
    const harness = new Harness(usual());
    await harness.receive(...[0, 1, 2, 3].map((n) => ({ token: `r-${n}`, customer: `k-${n}`, ...failed })));
    await harness.pass(hour);
    const { support } = harness.trackers;
    const { readIssue } = support;
    const broken = harness.cases()[0]?.issue?.id;
    support.readIssue = async (id) => {
      if (id === broken) throw refused('unavailable', 500).error;
      return readIssue.call(support, id);
    };
    for (const index of [0, 1, 2, 3]) support.close(index);
    await harness.poll();
    expect(harness.cases().filter(({ loop }) => loop === 'working')).toHaveLength(1);
    await harness.pass(2 * hour);
    const since = harness.now;
    await harness.pass(hour);
    expect(Math.max(...gaps(harness, since))).toBeLessThanOrEqual(450);
    support.readIssue = readIssue;
    await harness.pass(8 * hour);
    expect(harness.cases().map(({ loop }) => loop)).not.toContain('working');
  });

  it('read an issue of an ended case again until it can be read, because nothing else looks at it', async () => {
    const harness = new Harness(usual());
    await harness.receive(failed);
    await harness.pass(hour);
    const { support } = harness.trackers;
    support.close(0, 'not-planned');
    await harness.poll();
    expect(harness.case().loop).toBe('dropped');
    support.say(0, 'sam', 'It stays as it is.');
    const { readIssue } = support;
    support.readIssue = async () => {
      throw refused('unavailable', 500).error;
    };
    for (let polls = 0; polls < 8; polls += 1) {
      harness.now += hour;
      await harness.poll();
    }
    support.readIssue = readIssue;
    await harness.poll();
    expect(comments.list(harness.sql, { caseId: harness.case().id })).toMatchObject([{ text: 'It stays as it is.' }]);
  });

  it('begin with what was said on issues of cases that ended before the first one', async () => {
    const harness = new Harness(usual());
    await harness.receive(failed);
    await harness.pass(hour);
    harness.trackers.support.close(0, 'not-planned');
    await harness.poll();
    harness.trackers.support.say(0, 'sam', 'It stays as it is.');
    savePollState(harness.sql, 'support', { cursor: null });
    harness.now += hour;
    await harness.poll();
    expect(comments.list(harness.sql, { caseId: harness.case().id })).toMatchObject([{ text: 'It stays as it is.' }]);
  });

  it('wait as long as the tracker wants to hear nothing', async () => {
    const harness = new Harness(usual());
    harness.trackers.support.fail('list', refused('rate-limited', 429, hour));
    const from = harness.now;
    await harness.pass(2 * hour);
    expect((polls(harness)[1]?.at ?? 0) - from).toBeGreaterThanOrEqual(hour);
  });
});

it('the admins hear once of each outage that lasts for hours', async () => {
  const harness = new Harness(usual());
  const told = () => harness.mail.accepted.filter(({ subject }) => subject.startsWith('Caselite cannot read changes'));
  await harness.pass(hour);
  for (const outages of [1, 2]) {
    harness.trackers.support.always.set('list', refused('unavailable', 503));
    await harness.pass(hour);
    expect(told()).toHaveLength(outages - 1);
    await harness.pass(day);
    expect(told()).toHaveLength(outages);
    harness.trackers.support.always.clear();
    await harness.pass(hour);
  }
  expect(told().map(({ text }) => /are not seen since ([^.]*)\./.exec(text)?.[1])).toEqual([
    expect.stringMatching(/^Mon/),
    expect.stringMatching(/^Tue/),
  ]);
});

describe('a webhook', () => {
  it('has the tracker polled at once', async () => {
    const harness = new Harness();
    await harness.receive(failed);
    await harness.pass(hour);
    harness.trackers.support.close(0);
    expect(hint(harness, 'd-1')).toBe(true);
    await harness.pass(0);
    expect(harness.case().loop).not.toBe('working');
  });

  it('has its issue read, though a deleted one is in no list of changes', async () => {
    const harness = new Harness(usual());
    await harness.receive(failed);
    await harness.pass(hour);
    const [issue] = harness.trackers.support.issues;
    if (issue) issue.reachable = false;
    await harness.pass(10 * minute);
    expect(harness.timeline()).not.toContain('issue missing');
    takeHook(harness.core, 'support', { id: 'd-1', issue: '1', edit: null });
    await harness.pass(10 * second);
    expect(harness.timeline()).toContain('issue missing');
  });

  it('that comes again is no news', async () => {
    const harness = new Harness();
    await harness.pass(hour);
    hint(harness, 'd-1');
    await harness.pass(minute);
    const before = polls(harness).length;
    expect(hint(harness, 'd-1')).toBe(false);
    await harness.pass(minute);
    expect(polls(harness)).toHaveLength(before);
  });

  it('of a thousand in a minute causes a handful of polls', async () => {
    const harness = new Harness();
    await harness.pass(hour);
    const before = polls(harness).length;
    const end = harness.now + minute;
    for (let n = 0; n < 1000; n += 1) {
      hint(harness, `d-${n}`);
      await harness.pass(60);
    }
    expect(harness.now).toBe(end);
    const count = polls(harness).length - before;
    expect(count).toBeGreaterThan(2);
    expect(count).toBeLessThanOrEqual(8);
  });

  it('that comes while a poll is under way is not forgotten', async () => {
    const harness = new Harness(usual());
    await harness.receive(failed);
    await harness.pass(hour);
    const { listChanges } = harness.trackers.support;
    harness.trackers.support.listChanges = async (cursor, now) => {
      const answer = await listChanges.call(harness.trackers.support, cursor, now);
      override(harness.trackers.support, { listChanges });
      harness.trackers.support.close(0);
      hint(harness, 'd-1');
      return answer;
    };
    await harness.poll();
    expect(harness.case().loop).toBe('working');
    await harness.pass(10 * second);
    expect(harness.case().loop).not.toBe('working');
  });

  it('does not shorten the back-off of a tracker that is not there', async () => {
    const harness = new Harness(usual());
    harness.trackers.support.always.set('list', refused('unavailable', 503));
    await harness.pass(hour);
    const before = polls(harness).length;
    for (let n = 0; n < 100; n += 1) hint(harness, `d-${n}`);
    await harness.pass(minute);
    expect(polls(harness).length - before).toBeLessThanOrEqual(1);
  });

  it('is forgotten after three days, and ids do not pile up', async () => {
    const harness = new Harness();
    hint(harness, 'd-1');
    await harness.pass(4 * day);
    hint(harness, 'd-2');
    expect(rowsOf(harness.sql, 'hints').map(({ id }) => id)).toEqual(['d-2']);
  });
});

describe('an open case whose issue no list names', () => {
  it('is looked at again, and what became of it is seen', async () => {
    const harness = new Harness(usual());
    await harness.receive({ token: 'a', customer: 'a', ...failed }, { token: 'b', customer: 'b', ...failed });
    await harness.pass(hour);
    const { snapshot } = harness.trackers.support.issue(0);
    // Vanished without an entry in the list of changes.
    harness.trackers.support.vanish(0);
    override(harness.trackers.support.issue(0).snapshot, { updatedAt: snapshot.updatedAt });
    await harness.pass(3 * hour);
    expect(harness.case(0).loop).toBe('working');
    await harness.pass(4 * hour);
    expect(harness.case(0)).toMatchObject({ loop: 'working', issue: { trouble: { kind: 'missing' } } });
    await harness.pass(25 * hour);
    expect(harness.case(0)).toMatchObject({ loop: 'dropped', closingReason: 'gone' });
    expect(harness.case(1).loop).toBe('working');
  });

  it('costs a few calls a poll, however many there are', async () => {
    const harness = new Harness(usual());
    await harness.receive(
      ...Array.from({ length: 30 }, (_, n) => ({ token: `r-${n}`, customer: `k-${n}`, ...failed })),
    );
    await harness.pass(hour);
    const reads = harness.trackers.support.count('read');
    await harness.pass(6 * hour);
    const lookups = harness.trackers.support.count('look');
    expect(lookups).toBeGreaterThan(0);
    expect(lookups).toBeLessThanOrEqual(4);
    expect(harness.trackers.support.count('read')).toBe(reads);
  });

  it('is rechecked by the next poll when this recheck fails although the poll succeeds', async () => {
    const harness = new Harness(usual());
    await harness.receive(failed);
    harness.trackers.support.fail('look', refused('unavailable', 503));
    await harness.pass(7 * hour);
    expect(harness.trackers.support.count('look')).toBeGreaterThanOrEqual(2);
    expect(harness.log.some((line) => line.startsWith('look-failed'))).toBe(true);
    expect(harness.log.some((line) => line.startsWith('poll-failed'))).toBe(false);
  });
});

describe('issues that cannot be read', () => {
  async function closedIssues(count: number, broken: number[], error: Error): Promise<Harness> {
    const harness = new Harness(usual());
    await harness.receive(
      ...Array.from({ length: count }, (_, n) => ({ token: `r-${n}`, customer: `k-${n}`, ...failed })),
    );
    await harness.pass(hour);
    const { support } = harness.trackers;
    const { readIssue } = support;
    const unreadable = broken.map((index) => harness.case(index).issue?.id);
    support.readIssue = (id) => (unreadable.includes(id) ? Promise.reject(error) : readIssue.call(support, id));
    for (let index = 0; index < count; index += 1) support.close(index);
    await harness.poll();
    await harness.pass(6 * hour);
    return harness;
  }

  it.each([
    ['the tracker', refused('unavailable', 500).error],
    ['a mistake of Caselite', new TypeError('a mistake')],
  ])('hold up no other for longer than some polls, and the admins hear of it, be it for %s', async (_, error) => {
    const harness = await closedIssues(5, [0, 1, 2], error);
    expect(harness.cases().map(({ loop }) => loop === 'working')).toEqual([true, true, true, false, false]);
    expect(harness.mail.to('dana@acme.example', 'cannot read changes')).toMatchObject([
      { text: expect.stringContaining('does not show every issue') },
    ]);
  });

  it('take no turn of others that are to be looked at', async () => {
    const harness = await closedIssues(5, [0, 1, 2], refused('unavailable', 500).error);
    const { vendor } = harness.core.integrations;
    harness.core.integrations.vendor = (name) => {
      const known = vendor(name);
      return known && { ...known, rechecksPerPoll: 3 };
    };
    await harness.receive({ token: 'r-6', customer: 'k-6', ...failed });
    await harness.pass(hour);
    const { support } = harness.trackers;
    const { readUpdateTimes } = support;
    const looked = new Set<string>();
    support.readUpdateTimes = (ids) => {
      for (const id of ids) looked.add(id);
      return readUpdateTimes.call(support, ids);
    };
    await harness.pass(day);
    expect([...looked]).toContain(harness.case(5).issue?.id);
  });
});
