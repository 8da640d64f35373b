import { describe, expect, it } from 'vitest';
import { tickPlan } from '#src/workspace/cases/sub-issues.ts';
import { readCaseJson } from '#src/workspace/queries/lists.ts';
import { planSteps } from '#src/workspace/store/plan.ts';
import { savePollState } from '#src/workspace/store/targets.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour } from '#test/harness/times.ts';
import { lost, refused } from './fakes.ts';

const settings = (change: (text: string) => string = (text) => text) =>
  acme(({ name, text }) => {
    if (name === 'acme')
      return change(text)
        .replace('every: 2 minutes', 'every: 1 day')
        .replace(/^templates:\n(?: {2}.*\n)*/m, 'templates: [upgrade-not-installed]\n');
    return name === 'upgrade-not-installed' ? text.replace('plan:\n', 'plan:\n  as: sub-issues\n') : text;
  });

async function opened(prepare: (harness: Harness) => void = () => {}): Promise<Harness> {
  const harness = new Harness(settings());
  prepare(harness);
  await harness.receive({ completed: false });
  await harness.pass(hour);
  return harness;
}

const parts = (harness: Harness) => harness.trackers.support.issues.slice(1);
const plan = (harness: Harness) => readCaseJson(harness.core, harness.case().id).plan;
const tick = (harness: Harness, position: number, done: boolean) =>
  harness.sql.transaction(() => tickPlan(harness.core, harness.case().id, { position, done, who: 'sam' }));
const planTimeline = (harness: Harness) => harness.timeline().filter((what) => what.startsWith('plan step'));

describe('a response plan of sub-issues', () => {
  it('makes one for each step, for whoever has the role, with a marker of its own and nothing of the customer', async () => {
    const harness = await opened();
    expect(parts(harness).map(({ title }) => title)).toEqual([
      'Account management: Call the customer and find out what stopped the installation · C-1-1',
      'Quality assurance: Check that the installation works now · C-1-2',
    ]);
    const { people } = harness.core.settings.workspace;
    expect(parts(harness).map(({ draft }) => draft.assignee)).toEqual([
      people.dana?.accounts.jira,
      people.sam?.accounts.jira,
    ]);
    expect(new Set(harness.trackers.support.issues.map(({ draft }) => draft.marker)).size).toBe(3);
    expect(parts(harness)[0]?.body).toContain(`/w/acme/cases/${harness.case().id}`);
    expect(plan(harness)).toMatchObject([
      { form: 'sub-issue', issue: { key: 'SUP-2', state: 'open' } },
      { form: 'sub-issue', issue: { key: 'SUP-3', state: 'open' } },
    ]);
    expect(harness.trackers.support.issue().body).toContain('- [ ] Account management: ');
    expect(harness.trackers.support.issue().body).toContain('(Dana Reyes, SUP-2)');
    expect(harness.case().issue?.key).toBe('SUP-1');
  });

  it('looks for one whose answer got lost instead of making it again', async () => {
    const harness = await opened(({ trackers: { support } }) => {
      const real = support.addSubIssue;
      support.addSubIssue = (parent, draft) => {
        if (draft.title.includes('C-1-1')) support.fail('create', lost());
        return real(parent, draft);
      };
    });
    expect(harness.trackers.support.count('find')).toBe(1);
    expect(parts(harness)).toHaveLength(2);
    expect(harness.timeline().filter((what) => what === 'sub-issue created')).toHaveLength(2);
    expect(harness.case().needsPerson).toBeNull();
  });

  it('is ticked by closing a sub-issue, and open again when that is', async () => {
    const harness = await opened();
    harness.trackers.support.close(1, 'completed', harness.core.settings.workspace.people.dana?.accounts.jira ?? '');
    await harness.poll();
    expect(plan(harness)[0]).toMatchObject({ doneBy: 'dana', issue: { state: 'closed' } });
    expect(harness.trackers.support.issue().body).toContain('- [x] Account management: ');
    expect(harness.case()).toMatchObject({ loop: 'working', generation: 1 });
    await harness.pass(hour);
    harness.trackers.support.reopen(1);
    await harness.poll();
    expect(plan(harness)[0]).toMatchObject({ doneAt: null, issue: { state: 'open' } });
    expect(planTimeline(harness)).toEqual(['plan step done', 'plan step open again']);
  });

  it('is ticked by a closing before the first poll, though the case has ended since', async () => {
    const harness = await opened();
    const { support } = harness.trackers;
    support.close(0, 'not-planned');
    await harness.poll();
    expect(harness.case().loop).toBe('dropped');
    support.close(1, 'completed', harness.core.settings.workspace.people.dana?.accounts.jira ?? '');
    savePollState(harness.sql, 'support', { cursor: null });
    harness.now += hour;
    await harness.poll();
    expect(plan(harness)[0]).toMatchObject({ doneBy: 'dana', issue: { state: 'closed' } });
  });

  it('closes and opens the sub-issue of a step that is ticked on the page, and takes that for nobody else’s doing', async () => {
    const harness = await opened();
    tick(harness, 2, true);
    await harness.pass(hour);
    expect(parts(harness)[1]?.snapshot).toMatchObject({ state: 'closed', closure: { kind: 'completed' } });
    tick(harness, 2, false);
    harness.trackers.support.fail('reopen', lost());
    await harness.pass(hour);
    await harness.poll();
    expect(parts(harness)[1]?.snapshot.state).toBe('open');
    expect(planTimeline(harness)).toEqual(['plan step done', 'plan step open again']);
    expect(plan(harness)[1]).toMatchObject({ doneAt: null, issue: { state: 'open' } });
  });

  it('ends where it was left when a step is ticked and taken back at once', async () => {
    const harness = await opened();
    tick(harness, 1, true);
    tick(harness, 1, false);
    await harness.poll();
    await harness.pass(hour);
    expect(parts(harness)[0]?.snapshot.state).toBe('open');
    expect(plan(harness)[0]?.doneAt).toBeNull();
  });

  it('closes one that is made after its step was done already', async () => {
    const harness = new Harness(settings());
    harness.trackers.support.always.set('floor', refused('unavailable', 503));
    await harness.receive({ completed: false });
    tick(harness, 1, true);
    harness.trackers.support.always.clear();
    await harness.pass(day);
    expect(parts(harness).map(({ snapshot }) => snapshot.state)).toEqual(['closed', 'open']);
  });

  it('is check boxes where the tracker takes no sub-issue, and says so', async () => {
    const harness = await opened((entry) => {
      entry.trackers.support.addSubIssue = async () => {
        throw refused('rejected', 400).error;
      };
    });
    expect(parts(harness)).toEqual([]);
    expect(plan(harness)[0]).toMatchObject({ form: 'check-box', issue: null });
    expect(plan(harness)[0]?.formWhy).toContain('refused a sub-issue');
    expect(planTimeline(harness)).toEqual(['plan step is a check box', 'plan step is a check box']);
    expect(harness.case().needsPerson).toBeNull();
    expect(harness.trackers.support.issue().body).toContain('Tick steps on the case page');
    tick(harness, 1, true);
    await harness.pass(hour);
    expect(harness.trackers.support.issue().body).toContain('- [x] Account management');
  });

  it('is a check box where its issue is gone, and follows what was ticked meanwhile when it is back', async () => {
    const harness = await opened();
    harness.trackers.support.vanish(1);
    await harness.poll();
    expect(plan(harness)[0]?.formWhy).toContain('was deleted');
    tick(harness, 1, true);
    await harness.pass(hour);
    expect(plan(harness)[0]?.doneBy).toBe('sam');
    expect(harness.case().needsPerson).toBeNull();
    harness.trackers.support.issue(1).reachable = true;
    harness.trackers.support.change(1, {});
    await harness.poll();
    await harness.pass(hour);
    expect(plan(harness)[0]).toMatchObject({ form: 'sub-issue', formWhy: null, issue: { state: 'closed' } });
    expect(planTimeline(harness)).toContain('plan step has its issue again');
  });

  it('notices after a while the changes that no list shows', async () => {
    const harness = await opened();
    harness.trackers.support.issue(2).reachable = false;
    harness.trackers.support.listChanges = async (_, now) => ({ changed: [], cursor: String(now) });
    await harness.pass(day);
    await harness.poll();
    expect(plan(harness)[1]).toMatchObject({ form: 'check-box' });
  });
});

it('gives the steps of a role that is a team to its members in turn', async () => {
  const harness = new Harness(
    settings((text) =>
      text
        .replace('quality assurance: sam', 'quality assurance: upgrade-response')
        .replace('members: [sam]', 'members: [sam, dana]'),
    ),
  );
  await harness.receive(...['1', '2'].map((value) => ({ token: value, customer: value, completed: false })));
  const takers = harness.cases().map(({ id }) => planSteps.list(harness.sql, { caseId: id })[1]?.who);
  expect(new Set(takers)).toEqual(new Set(['sam', 'dana']));
});
