import { describe, expect, it } from 'vitest';
import { tickPlan } from '#src/workspace/cases/plan.ts';
import { oneCase } from '#src/workspace/queries/lists.ts';
import { acme } from '#test/domain/samples.ts';
import { lost, refused } from './fakes.ts';
import { day, hour, minute, Rig, second, slowAcme } from './rig.ts';

const often = () => slowAcme((text) => text.replace('every: 2 minutes', 'every: 5 minutes'));

/** A case whose create was lost, not found by the looks that followed, and made again. */
async function twice(): Promise<Rig> {
  const rig = new Rig(often());
  const { support } = rig.trackers;
  support.fail('create', lost('after'));
  const { findIssue } = support;
  Object.assign(support, { findIssue: async () => null });
  await rig.receive({ completed: false });
  while (support.issues.length < 2) await rig.pass(minute);
  Object.assign(support, { findIssue });
  return rig;
}

const states = (rig: Rig) => rig.trackers.support.issues.map(({ snapshot }) => snapshot.state);
const comments = (rig: Rig, index: number) =>
  rig.trackers.support.issue(index).comments.map(({ text }) => text);

describe('an issue that was made twice', () => {
  it('is found within 15 minutes, closed as a duplicate with a comment, and nobody is asked about it', async () => {
    const rig = await twice();
    expect(rig.case().issue?.id).toBe('2');
    await rig.pass(16 * minute);
    expect(states(rig)).toEqual(['closed', 'open']);
    expect(rig.trackers.support.issue(0).snapshot.closure?.kind).toBe('duplicate');
    expect(comments(rig, 0)).toEqual([expect.stringContaining('goes on in [SUP-2]')]);
    expect(comments(rig, 1)).toEqual([]);
    expect(rig.timeline().filter((what) => what.startsWith('duplicate issue'))).toEqual([
      'duplicate issue found',
      'duplicate issue closed',
    ]);
    await rig.pass(9 * day);
    expect(rig.case()).toMatchObject({ loop: 'working', issue: { id: '2' } });
    expect(rig.mail.to('k-1@customer.example')).toEqual([]);
  });

  it('is commented on once, though each answer gets lost', async () => {
    const rig = await twice();
    rig.trackers.support.fail('comment', lost('after'));
    rig.trackers.support.fail('close', refused('unavailable', 503), lost('after'));
    await rig.pass(2 * hour);
    expect(states(rig)).toEqual(['closed', 'open']);
    expect(comments(rig, 0)).toHaveLength(1);
  });

  it('is still to be closed when the place was hidden meanwhile', async () => {
    const rig = await twice();
    const { support } = rig.trackers;
    support.fail('close', refused('unavailable', 503));
    while (support.count('close') === 0) await rig.pass(second);
    support.hides = 'hidden';
    support.vanish(0);
    await rig.pass(hour);
    expect(rig.timeline()).not.toContain('duplicate issue closed');
    support.comeBack(0);
    await rig.pass(hour);
    expect(states(rig)).toEqual(['closed', 'open']);
  });

  it('takes the place of one that is gone', async () => {
    const rig = await twice();
    rig.trackers.support.vanish(1);
    await rig.pass(hour);
    expect(rig.case()).toMatchObject({ loop: 'working', lost: null, issue: { id: '1' } });
    expect(states(rig)[0]).toBe('open');
    expect(rig.timeline()).not.toContain('duplicate issue closed');
  });

  it('is left alone where its marker is of another case, or nobody’s', async () => {
    const rig = new Rig(often());
    await rig.receive({ completed: false }, { token: 'b', customer: 'k-2', completed: false });
    await rig.pass(minute);
    const [first, second] = rig.trackers.support.issues;
    for (const [n, marker] of [second?.draft.marker, first?.draft.marker.replace(/.$/, 'x')].entries()) {
      await rig.trackers.support.createIssue({ ...first?.draft, uuid: `u-${n}`, marker } as never);
    }
    // A stranger's copy of the second one's marker was not made by our account, so a real tracker leaves it out.
    rig.trackers.support.issue(2).reachable = false;
    await rig.pass(10 * day);
    expect(states(rig)).toEqual(['open', 'open', 'open', 'open']);
    expect(rig.trackers.support.count('duplicate issues')).toBeGreaterThanOrEqual(4);
  });
});

it('looks now and then at cases whose create was sure, and never again when they are over', async () => {
  const rig = new Rig(often());
  await rig.receive({ completed: false });
  await rig.pass(hour);
  expect(rig.trackers.support.count('duplicate issues')).toBe(0);
  await rig.pass(2 * day);
  expect(rig.trackers.support.count('duplicate issues')).toBe(1);
  rig.update({ loop: 'confirmed' });
  await rig.pass(8 * day);
  const lookups = rig.trackers.support.count('duplicate issues');
  expect(lookups).toBe(2);
  expect(rig.case().duplicatesDueAt).toBeNull();
});

describe('an issue that was moved to another tracker of the workspace', () => {
  const withSecond = (text: string) =>
    text
      .replace('every: 2 minutes', 'every: 5 minutes')
      .replace(
        /( {2}support:\n(?: {4}.*\n)+)/,
        (support) => support + support.replace('support:', 'growth2:'),
      );
  const twoJiras = () => slowAcme(withSecond);
  const withParts = () =>
    acme(({ name, text }) => {
      if (name === 'acme') return withSecond(text);
      return text.replace('plan:\n', 'plan:\n  as: sub-issues\n');
    });

  it('takes its case along, and what still waits for it', async () => {
    const rig = new Rig(twoJiras());
    const { support, growth } = rig.trackers;
    Object.assign(rig.trackers, { growth2: growth });
    await rig.receive({ completed: false });
    await rig.pass(minute);
    expect(rig.case().tracker).toBe('support');
    await growth.createIssue({ ...support.issue(0).draft });
    const moved = growth.issues.length - 1;
    support.hides = 'moved';
    support.vanish(0);
    await rig.poll();
    expect(rig.case()).toMatchObject({ tracker: 'growth2', loop: 'working', lost: null });
    expect(rig.case().issue?.key).toBe(`GRO-${moved + 1}`);
    expect(rig.timeline()).toContain('issue moved');
    growth.close(moved);
    await rig.poll();
    expect(rig.case()).toMatchObject({ loop: 'resolved' });
  });

  it('takes its case along where its old id means the issue of another case', async () => {
    const rig = new Rig(twoJiras());
    const { support, growth } = rig.trackers;
    Object.assign(rig.trackers, { growth2: growth });
    await rig.receive({ token: 'a', customer: 'a', completed: false });
    await rig.receive({ token: 'b', customer: 'b', completed: false });
    await growth.createIssue(support.issue(1).draft);
    await growth.createIssue(support.issue(0).draft);
    rig.sql.run("UPDATE cases SET tracker = 'growth2', issue_id = '1' WHERE number = 2");
    support.hides = 'moved';
    support.vanish(0);
    await rig.poll();
    expect(rig.case()).toMatchObject({ tracker: 'growth2', issue: { id: '2', key: 'GRO-2' } });
  });

  it('leaves the issues of its plan’s steps behind, and takes no stranger’s for them', async () => {
    const rig = new Rig(withParts());
    const { support, growth } = rig.trackers;
    Object.assign(rig.trackers, { growth2: growth });
    await rig.receive({ completed: false });
    await rig.pass(minute);
    const { draft } = support.issue(0);
    for (const marker of ['one', 'two', 'three']) await growth.createIssue({ ...draft, marker });
    await growth.createIssue(draft);
    support.hides = 'moved';
    support.vanish(0);
    await rig.poll();
    expect(rig.case()).toMatchObject({ tracker: 'growth2', issue: { id: '4' } });
    const steps = () => oneCase(rig.core, rig.case().id).plan;
    expect(steps()).toMatchObject([
      { form: 'check-box', formWhy: 'its issue SUP-2 stayed in tracker support', issue: null },
      { form: 'check-box', formWhy: 'its issue SUP-3 stayed in tracker support', issue: null },
    ]);
    growth.close(1);
    rig.sql.transaction(() => tickPlan(rig.core, rig.case().id, { position: 2, done: true, who: 'sam' }));
    await rig.pass(2 * day);
    expect(steps().map(({ doneAt }) => doneAt !== null)).toEqual([false, true]);
    expect(growth.issue(2).snapshot.state).toBe('open');
  });

  it('makes no issue there for a step whose own may have been made here', async () => {
    const rig = new Rig(withParts());
    const { support, growth } = rig.trackers;
    Object.assign(rig.trackers, { growth2: growth });
    const { createIssue } = support;
    const losing: typeof createIssue = async (draft) => {
      if (draft.title.includes('(C-1-2)')) support.fail('create', lost('after'));
      return createIssue.call(support, draft);
    };
    Object.assign(support, { createIssue: losing, findIssue: async () => null });
    await rig.receive({ completed: false });
    await growth.createIssue({ ...support.issue(0).draft });
    support.hides = 'moved';
    support.vanish(0);
    await rig.poll();
    expect(rig.case().tracker).toBe('growth2');
    await rig.pass(2 * day);
    expect(support.issues).toHaveLength(3);
    expect(growth.issues).toHaveLength(1);
    expect(oneCase(rig.core, rig.case().id).plan).toMatchObject([
      { form: 'check-box', formWhy: 'its issue SUP-2 stayed in tracker support' },
      { form: 'check-box', formWhy: 'what was on its way stayed in tracker support' },
    ]);
  });

  it('stays where it is while it is not found there', async () => {
    const rig = new Rig(twoJiras());
    Object.assign(rig.trackers, { growth2: rig.trackers.growth });
    await rig.receive({ completed: false });
    rig.trackers.growth.always.set('duplicate issues', refused('auth', 401));
    rig.trackers.support.hides = 'moved';
    rig.trackers.support.vanish(0);
    await rig.poll();
    expect(rig.case()).toMatchObject({ tracker: 'support', lost: { lookups: 1 } });
    expect(rig.case().issue?.trouble?.kind).toBe('moved');
  });
});
