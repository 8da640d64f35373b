import { describe, expect, it } from 'vitest';
import { Harness } from '#test/harness/harness.ts';
import { override } from '#test/harness/override.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute, second } from '#test/harness/times.ts';
import { lost, refused } from './fakes.ts';

const often = () => slowAcme((text) => text.replace('every: 2 minutes', 'every: 5 minutes'));

/** A case whose create had an unknown outcome, was not found by lookups, and was repeated. */
async function twice(): Promise<Harness> {
  const harness = new Harness(often());
  const { support } = harness.trackers;
  support.fail('create', lost('after'));
  const { findCreatedIssue } = support;
  override(support, { findCreatedIssue: async () => null });
  await harness.receive({ completed: false });
  while (support.issues.length < 2) await harness.pass(minute);
  override(support, { findCreatedIssue });
  return harness;
}

const states = (harness: Harness) => harness.trackers.support.issues.map(({ snapshot }) => snapshot.state);
const comments = (harness: Harness, index: number) =>
  harness.trackers.support.issue(index).comments.map(({ text }) => text);

describe('an issue that was made twice', () => {
  it('is found within 15 minutes, closed as a duplicate with a comment, and nobody is asked about it', async () => {
    const harness = await twice();
    expect(harness.case().issue?.id).toBe('2');
    await harness.pass(16 * minute);
    expect(states(harness)).toEqual(['closed', 'open']);
    expect(harness.trackers.support.issue(0).snapshot.closure?.kind).toBe('duplicate');
    expect(comments(harness, 0)).toEqual([expect.stringContaining('goes on in [SUP-2]')]);
    expect(comments(harness, 1)).toEqual([]);
    expect(harness.timeline().filter((what) => what.startsWith('duplicate issue'))).toEqual([
      'duplicate issue found',
      'duplicate issue closed',
    ]);
    await harness.pass(9 * day);
    expect(harness.case()).toMatchObject({ loop: 'working', issue: { id: '2' } });
    expect(harness.mail.to('k-1@customer.example')).toEqual([]);
  });

  it('is commented on once, though each answer gets lost', async () => {
    const harness = await twice();
    harness.trackers.support.fail('comment', lost('after'));
    harness.trackers.support.fail('close', refused('unavailable', 503), lost('after'));
    await harness.pass(2 * hour);
    expect(states(harness)).toEqual(['closed', 'open']);
    expect(comments(harness, 0)).toHaveLength(1);
  });

  it('is still to be closed when the place was hidden meanwhile', async () => {
    const harness = await twice();
    const { support } = harness.trackers;
    support.fail('close', refused('unavailable', 503));
    while (support.count('close') === 0) await harness.pass(second);
    support.hides = 'hidden';
    support.vanish(0);
    await harness.pass(hour);
    expect(harness.timeline()).not.toContain('duplicate issue closed');
    support.comeBack(0);
    await harness.pass(hour);
    expect(states(harness)).toEqual(['closed', 'open']);
  });

  it('takes the place of one that is gone', async () => {
    const harness = await twice();
    harness.trackers.support.vanish(1);
    await harness.pass(hour);
    expect(harness.case()).toMatchObject({ loop: 'working', missedIssueReads: null, issue: { id: '1' } });
    expect(states(harness)[0]).toBe('open');
    expect(harness.timeline()).not.toContain('duplicate issue closed');
  });

  it('is left alone where its marker belongs to another case or to none', async () => {
    const harness = new Harness(often());
    await harness.receive({ completed: false }, { token: 'b', customer: 'k-2', completed: false });
    await harness.pass(minute);
    const [first, second] = harness.trackers.support.issues;
    for (const [n, marker] of [second?.draft.marker, first?.draft.marker.replace(/.$/, 'x')].entries()) {
      await harness.trackers.support.createIssue({ ...first?.draft, uuid: `u-${n}`, marker } as never);
    }
    // This copy of the second issue's marker belongs to another account, so a real tracker would not list it.
    harness.trackers.support.issue(2).reachable = false;
    await harness.pass(10 * day);
    expect(states(harness)).toEqual(['open', 'open', 'open', 'open']);
    expect(harness.trackers.support.count('duplicate issues')).toBeGreaterThanOrEqual(4);
  });
});

it('sweeps cases with a certain create from time to time, and finished cases never', async () => {
  const harness = new Harness(often());
  await harness.receive({ completed: false });
  await harness.pass(hour);
  expect(harness.trackers.support.count('duplicate issues')).toBe(0);
  await harness.pass(2 * day);
  expect(harness.trackers.support.count('duplicate issues')).toBe(1);
  harness.update({ loop: 'confirmed' });
  await harness.pass(8 * day);
  const lookups = harness.trackers.support.count('duplicate issues');
  expect(lookups).toBe(2);
  expect(harness.case().duplicateSearchDueAt).toBeNull();
});

it('leaves a case where it is whose issue moved to another tracker of the workspace', async () => {
  const harness = new Harness();
  await harness.receive({ completed: false });
  harness.trackers.support.hides = 'moved';
  harness.trackers.support.vanish(0);
  await harness.poll();
  expect(harness.case()).toMatchObject({ tracker: 'support', missedIssueReads: { lookups: 1 } });
  expect(harness.case().issue?.trouble?.kind).toBe('moved');
});

it('a search that always fails stops no look at other issues', async () => {
  const harness = new Harness(often());
  await harness.receive({ completed: false });
  await harness.pass(minute);
  harness.trackers.support.always.set('duplicate issues', refused('rejected', 422));
  await harness.pass(2 * day);
  harness.trackers.support.vanish(0);
  await harness.pass(2 * day);
  expect(harness.case().closingReason).toBe('gone');
});
