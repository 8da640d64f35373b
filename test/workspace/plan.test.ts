import { describe, expect, it } from 'vitest';
import { tickPlan } from '#src/workspace/cases/plan.ts';
import { oneCase } from '#src/workspace/queries/lists.ts';
import { planOf } from '#src/workspace/store/plan.ts';
import { acme } from '#test/domain/samples.ts';
import { lost, refused } from './fakes.ts';
import { day, hour, Rig } from './rig.ts';

const settings = (change: (text: string) => string = (text) => text) =>
  acme(({ name, text }) => {
    if (name === 'acme')
      return change(text)
        .replace('every: 2 minutes', 'every: 1 day')
        .replace(/^templates:.*$/m, 'templates: [upgrade-not-installed]')
        .replace(/^elevations:\n(?: {2}.*\n)*/m, '');
    return name === 'upgrade-not-installed' ? text.replace('plan:\n', 'plan:\n  as: sub-issues\n') : text;
  });

async function opened(prepare: (rig: Rig) => void = () => {}): Promise<Rig> {
  const rig = new Rig(settings());
  prepare(rig);
  await rig.receive({ completed: false });
  await rig.pass(hour);
  return rig;
}

const parts = (rig: Rig) => rig.trackers.support.issues.slice(1);
const plan = (rig: Rig) => oneCase(rig.core, rig.case().id).plan;
const tick = (rig: Rig, position: number, done: boolean) =>
  rig.sql.transaction(() => tickPlan(rig.core, rig.case().id, { position, done, who: 'sam' }));
const planTimeline = (rig: Rig) => rig.timeline().filter((what) => what.startsWith('plan step'));

describe('a response plan of sub-issues', () => {
  it('makes one for each step, for whoever has the role, with a marker of its own and nothing of the customer', async () => {
    const rig = await opened();
    expect(parts(rig).map(({ title }) => title)).toEqual([
      'account management: Call the customer and find out what stopped the installation (C-1-1)',
      'quality assurance: Check that the installation works now (C-1-2)',
    ]);
    const { people } = rig.core.settings.workspace;
    expect(parts(rig).map(({ draft }) => draft.assignee)).toEqual([people.dana?.jira, people.sam?.jira]);
    expect(new Set(rig.trackers.support.issues.map(({ draft }) => draft.marker)).size).toBe(3);
    expect(parts(rig)[0]?.body).toContain(`/w/acme/cases/${rig.case().id}`);
    expect(plan(rig)).toMatchObject([
      { form: 'sub-issue', issue: { key: 'SUP-2', state: 'open' } },
      { form: 'sub-issue', issue: { key: 'SUP-3', state: 'open' } },
    ]);
    expect(rig.trackers.support.issue().body).toContain('- [ ] account management: ');
    expect(rig.trackers.support.issue().body).toContain('(Dana Reyes, SUP-2)');
    expect(rig.case().issue?.key).toBe('SUP-1');
  });

  it('looks for one whose answer got lost instead of making it again', async () => {
    const rig = await opened(({ trackers: { support } }) => {
      const real = support.addSubIssue.bind(support);
      support.addSubIssue = (parent, draft) => {
        if (draft.title.includes('(C-1-1)')) support.fail('create', lost());
        return real(parent, draft);
      };
    });
    expect(rig.trackers.support.count('find')).toBe(1);
    expect(parts(rig)).toHaveLength(2);
    expect(rig.timeline().filter((what) => what === 'sub-issue made')).toHaveLength(2);
    expect(rig.case().needsPerson).toBeNull();
  });

  it('is ticked by closing a sub-issue, and open again when that is', async () => {
    const rig = await opened();
    rig.trackers.support.close(1, 'completed', rig.core.settings.workspace.people.dana?.jira ?? '');
    await rig.poll();
    expect(plan(rig)[0]).toMatchObject({ doneBy: 'dana', issue: { state: 'closed' } });
    expect(rig.trackers.support.issue().body).toContain('- [x] account management: ');
    expect(rig.case()).toMatchObject({ loop: 'working', generation: 1 });
    await rig.pass(hour);
    rig.trackers.support.reopen(1);
    await rig.poll();
    expect(plan(rig)[0]).toMatchObject({ doneAt: null, issue: { state: 'open' } });
    expect(planTimeline(rig)).toEqual(['plan step done', 'plan step open again']);
  });

  it('closes and opens the sub-issue of a step that is ticked on the page, and takes that for nobody else’s doing', async () => {
    const rig = await opened();
    tick(rig, 2, true);
    await rig.pass(hour);
    expect(parts(rig)[1]?.snapshot).toMatchObject({ state: 'closed', closure: { kind: 'completed' } });
    tick(rig, 2, false);
    rig.trackers.support.fail('reopen', lost());
    await rig.pass(hour);
    await rig.poll();
    expect(parts(rig)[1]?.snapshot.state).toBe('open');
    expect(planTimeline(rig)).toEqual(['plan step done', 'plan step open again']);
    expect(plan(rig)[1]).toMatchObject({ doneAt: null, issue: { state: 'open' } });
  });

  it('ends where it was left when a step is ticked and taken back at once', async () => {
    const rig = await opened();
    tick(rig, 1, true);
    tick(rig, 1, false);
    await rig.poll();
    await rig.pass(hour);
    expect(parts(rig)[0]?.snapshot.state).toBe('open');
    expect(plan(rig)[0]?.doneAt).toBeNull();
  });

  it('closes one that is made after its step was done already', async () => {
    const rig = new Rig(settings());
    rig.trackers.support.always.set('floor', refused('unavailable', 503));
    await rig.receive({ completed: false });
    tick(rig, 1, true);
    rig.trackers.support.always.clear();
    await rig.pass(day);
    expect(parts(rig).map(({ snapshot }) => snapshot.state)).toEqual(['closed', 'open']);
  });

  it('is check boxes where the tracker takes no sub-issue, and says so', async () => {
    const rig = await opened((one) => {
      one.trackers.support.addSubIssue = async () => {
        throw refused('rejected', 400).error;
      };
    });
    expect(parts(rig)).toEqual([]);
    expect(plan(rig)[0]).toMatchObject({ form: 'check-box', issue: null });
    expect(plan(rig)[0]?.formWhy).toContain('did not take a sub-issue');
    expect(planTimeline(rig)).toEqual(['plan step is a check box', 'plan step is a check box']);
    expect(rig.case().needsPerson).toBeNull();
    expect(rig.trackers.support.issue().body).toContain('Ticked on the case page');
    tick(rig, 1, true);
    await rig.pass(hour);
    expect(rig.trackers.support.issue().body).toContain('- [x] account management');
  });

  it('is a check box where its issue is gone, and follows what was ticked meanwhile when it is back', async () => {
    const rig = await opened();
    rig.trackers.support.vanish(1);
    await rig.poll();
    expect(plan(rig)[0]?.formWhy).toContain('was deleted');
    tick(rig, 1, true);
    await rig.pass(hour);
    expect(plan(rig)[0]?.doneBy).toBe('sam');
    expect(rig.case().needsPerson).toBeNull();
    rig.trackers.support.issue(1).reachable = true;
    rig.trackers.support.change(1, {});
    await rig.poll();
    await rig.pass(hour);
    expect(plan(rig)[0]).toMatchObject({ form: 'sub-issue', formWhy: null, issue: { state: 'closed' } });
    expect(planTimeline(rig)).toContain('plan step has its issue again');
  });

  it('notices after a while what no list tells of', async () => {
    const rig = await opened();
    rig.trackers.support.issue(2).reachable = false;
    rig.trackers.support.listChanges = async (_, now) => ({ changed: [], cursor: String(now) });
    await rig.pass(day);
    await rig.poll();
    expect(plan(rig)[1]).toMatchObject({ form: 'check-box' });
  });
});

it('gives the steps of a role that is a team to its members in turn', async () => {
  const rig = new Rig(
    settings((text) =>
      text
        .replace('quality assurance: sam', 'quality assurance: upgrade-response')
        .replace('members: [sam]', 'members: [sam, dana]'),
    ),
  );
  await rig.receive(...['1', '2'].map((one) => ({ token: one, customer: one, completed: false })));
  const takers = rig.cases().map(({ id }) => planOf(rig.sql, id)[1]?.who);
  expect(new Set(takers)).toEqual(new Set(['sam', 'dana']));
});
