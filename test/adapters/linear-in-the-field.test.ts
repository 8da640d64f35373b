import { describe, expect, it } from 'vitest';
import { linear } from '#adapters/trackers/linear/definition.ts';
import { createLinear } from '#adapters/trackers/linear/emulator/linear.ts';
import { enableTriage, newRow, renameTeam } from '#adapters/trackers/linear/emulator/state.ts';
import type { Fetch } from '#domain/base/ports.ts';
import { sampleDraft } from '#test/contracts/tracker.ts';

const now = () => Date.parse('2026-11-23T09:30:00Z');

/** A company's Linear, and the tracker over its team. */
async function connect(own: Record<string, unknown> = {}) {
  const { app, state, trackerUser } = createLinear({
    now,
    baseUrl: 'http://linear.test',
    seed: {
      team: { key: 'GRO', name: 'Growth' },
      people: [{ account: 'dana@acme.example', name: 'Dana' }],
      bot: { token: 's3cret', name: 'Caselite' },
    },
  });
  const fetch: Fetch = async (input, init) => app.fetch(new Request(input, init));
  const settings = linear.settings.parse({ kind: 'linear', team: 'GRO', token: 'LINEAR_KEY', ...own });
  const deps = { fetch, baseUrl: 'http://linear.test/graphql', retryMs: 0, secret: () => 's3cret' };
  const restart = (lastCursor: string) => linear.create(settings, { ...deps, lastCursor: () => lastCursor });
  return { state, trackerUser, tracker: await linear.create(settings, deps), restart };
}

type State = Awaited<ReturnType<typeof connect>>['state'];

function addLabels(state: State, names: string[], parentId: string | null = null) {
  const [team] = state.teams;
  return names.map((name) => {
    const row = { ...newRow(state, now()), teamId: team?.id ?? null, name, color: '#ededed', description: null };
    state.labels.push({ ...row, isGroup: parentId === null, parentId });
    return row;
  });
}

/** Adds a group with labels, of which an issue may have one. */
function addGroup(state: State, group: string, names: string[]): void {
  const [row] = addLabels(state, [group]);
  addLabels(state, names, row?.id);
}

const label = (name: string) => ({ name, color: 'ededed', description: '' });

describe('finding 3: a permission that Linear refuses under HTTP status 200', () => {
  it('is a missing permission, and no failed sign-in', async () => {
    const { state, tracker } = await connect();
    const { id } = await tracker.createIssue(sampleDraft(1));
    state.forbidden = ['issueUpdate'];
    await expect(tracker.editIssue(id, { title: 'Another' })).rejects.toMatchObject({ code: 'auth', status: 403 });
  });

  it('for labels stops no create, and is blamed on the labels of an edit', async () => {
    const { state, tracker } = await connect();
    state.forbidden = ['issueLabelCreate'];
    const { id, labels, dueDate } = await tracker.createIssue(sampleDraft(1));
    expect({ labels, dueDate }).toEqual({ labels: [], dueDate: sampleDraft(1).dueDate });
    await expect(tracker.editIssue(id, { labelsToAdd: [label('overdue')] })).rejects.toMatchObject({
      code: 'auth',
      status: 403,
      fields: [{ part: 'labels' }],
    });
  });
});

describe('finding 11: Linear’s words', () => {
  it('are shown', async () => {
    const { tracker } = await connect();
    const { id } = await tracker.createIssue(sampleDraft(1));
    await expect(tracker.editIssue(id, { dueDate: 'tomorrow' })).rejects.toThrow(/INPUT_ERROR, dueDate is no date/);
  });
});

describe('state and labels of new issues', () => {
  it('come from the tracker and the template', async () => {
    const { tracker } = await connect({ state: 'Backlog', labels: ['customer'] });
    const options = { state: 'in progress', labels: ['upgrade'] };
    const made = await tracker.createIssue({ ...sampleDraft(1), options });
    expect(made.status.name).toBe('In Progress');
    expect(made.labels).toEqual(expect.arrayContaining(['customer', 'upgrade']));
    expect((await tracker.createIssue(sampleDraft(2))).status.name).toBe('Backlog');
  });

  it('name the states where there is no such one', async () => {
    const { tracker } = await connect({ state: 'Inbox' });
    await expect(tracker.createIssue(sampleDraft(1))).rejects.toThrow(/no state Inbox; it has .*Todo/);
  });
});

describe('finding 7: a team whose key was renamed', () => {
  it('stays the same team: its issues are listed, read and not moved, and new ones are made', async () => {
    const { state, tracker, trackerUser, restart } = await connect();
    const { id, key } = await tracker.createIssue(sampleDraft(1));
    const { cursor } = await tracker.listChanges(String(now()), now());
    renameTeam(state, 'GRO', 'GROW');
    await trackerUser.close('GROW-1', 'dana@acme.example', 'completed');
    for (const running of [tracker, await restart(cursor)]) {
      expect((await running.listChanges(cursor, now())).changed).toEqual([{ id, updatedAt: now() }]);
      expect(await running.readIssue(id)).toMatchObject({ key: 'GROW-1', state: 'closed', condition: null });
      expect((await running.findWhyUnreadable(id)).kind).toBe('here');
    }
    expect(key).toBe('GRO-1');
    const again = await restart(cursor);
    expect((await again.createIssue(sampleDraft(2))).key).toBe('GROW-2');
    const findings = (await again.check({ accounts: [], labels: [], now: now() })) ?? [];
    expect(findings).toMatchObject([{ about: 'place', blocking: false, message: expect.stringContaining('GROW') }]);
  });

  it('is named by its id as well, and never taken for a later team of its former key', async () => {
    const { state, tracker, restart } = await connect();
    const { cursor } = await tracker.listChanges(String(now()), now());
    const [team] = state.teams;
    const byId = await connect({ team: team?.id });
    expect((await byId.tracker.createIssue(sampleDraft(1))).key).toBe('GRO-1');
    renameTeam(state, 'GRO', 'OLD');
    state.teams.push({ ...newRow(state, now()), key: 'GRO', name: 'Another', lastNumber: 0 });
    expect((await (await restart(cursor)).createIssue(sampleDraft(1))).key).toBe('OLD-1');
  });

  it('is looked for by its key where the settings name another one, or where its id is gone', async () => {
    const { state, tracker, restart } = await connect();
    const { cursor } = await tracker.listChanges(String(now()), now());
    const otherKey = cursor.replace('GRO', 'OPS');
    expect((await (await restart(otherKey)).createIssue(sampleDraft(1))).key).toBe('GRO-1');
    const [team] = state.teams;
    const gone = cursor.replace(team?.id ?? '', '00000000-0000-4000-8000-00000000dead');
    expect((await (await restart(gone)).listChanges(gone, now())).changed).toHaveLength(1);
  });

  it('that is hidden is no empty list', async () => {
    const { state, tracker } = await connect();
    state.isHidden = true;
    await expect(tracker.listChanges(String(now()), now())).rejects.toMatchObject({ code: 'rejected', status: 404 });
  });
});

describe('errors that Linear names by their path', () => {
  it('in an answer that shows the change are an unknown outcome, and no refusal', async () => {
    const { state, tracker } = await connect();
    const { id } = await tracker.createIssue(sampleDraft(1));
    state.forbiddenFields = ['title', 'id'];
    await expect(tracker.editIssue(id, { title: 'Another' })).rejects.toMatchObject({ code: 'unknown' });
    expect(state.issues[0]?.title).toBe('Another');
  });

  it('inside one issue hide that issue, and no other', async () => {
    const { state, tracker } = await connect();
    const { id } = await tracker.createIssue(sampleDraft(1));
    state.forbiddenFields = ['assignee'];
    expect(await tracker.readIssue(id)).toBeNull();
    expect((await tracker.findWhyUnreadable(id)).kind).toBe('missing');
    expect((await tracker.listChanges(String(now()), now())).changed).toHaveLength(1);
  });

  it('blame the part that their words name', async () => {
    const { tracker } = await connect();
    const { id } = await tracker.createIssue(sampleDraft(1));
    await expect(tracker.editIssue(id, { dueDate: 'tomorrow', title: 'Another' })).rejects.toMatchObject({
      fields: [{ field: 'dueDate', part: 'dueDate' }],
    });
  });
});

describe('label groups', () => {
  it('give a new issue one label each, those of the case first', async () => {
    const { state, tracker } = await connect({ labels: ['Bug', 'Feature'] });
    addGroup(state, 'Type', ['Bug', 'Feature']);
    addGroup(state, 'Level', ['severity:high', 'severity:low']);
    const { labels, dueDate } = await tracker.createIssue(sampleDraft(1));
    expect(labels.filter((name) => !/^(category|due):/.test(name)).sort()).toEqual(['Bug', 'severity:high']);
    expect(dueDate).toBe(sampleDraft(1).dueDate);
  });

  it('give way to the label of the template', async () => {
    const { state, tracker } = await connect({ labels: ['Bug'] });
    addGroup(state, 'Type', ['Bug', 'Feature']);
    const { labels } = await tracker.createIssue({ ...sampleDraft(1), options: { labels: ['Feature'] } });
    expect(labels).toContain('Feature');
    expect(labels).not.toContain('Bug');
  });

  it('change their label in one edit, and name the label that holds the group', async () => {
    const { state, tracker } = await connect();
    addGroup(state, 'Level', ['severity:high', 'severity:low', 'overdue']);
    const { id } = await tracker.createIssue(sampleDraft(1));
    const edit = { labelsToAdd: [label('severity:low')], labelsToRemove: ['severity:high'] };
    expect((await tracker.editIssue(id, edit)).labels).toContain('severity:low');
    await expect(tracker.editIssue(id, { labelsToAdd: [label('overdue')] })).rejects.toMatchObject({
      code: 'rejected',
      fields: [{ why: expect.stringContaining('severity:low'), part: 'labels' }],
    });
  });

  it('are named in front of their label, which is added to them', async () => {
    const { state, tracker } = await connect({ labels: ['Source/Survey'] });
    addGroup(state, 'Source', ['Chat']);
    expect((await tracker.createIssue(sampleDraft(1))).labels).toContain('Survey');
    expect((await tracker.createIssue(sampleDraft(2))).labels).toContain('Survey');
    const group = state.labels.find(({ name }) => name === 'Source');
    expect(state.labels.filter(({ name }) => name === 'Survey')).toMatchObject([{ parentId: group?.id }]);
  });

  it('are no labels themselves', async () => {
    const { state, tracker } = await connect();
    addGroup(state, 'overdue', ['late']);
    const { id } = await tracker.createIssue(sampleDraft(1));
    await expect(tracker.editIssue(id, { labelsToAdd: [label('overdue')] })).rejects.toThrow(
      /overdue is a label group/,
    );
  });
});

describe('project, triage and states', () => {
  it('come from the tracker and the template', async () => {
    const { state, tracker } = await connect({ project: 'Feedback', state: 'triage' });
    const [team] = state.teams;
    if (!team) throw new Error('no team');
    enableTriage(state, now(), team);
    state.projects = ['Feedback', 'Upgrades'].map((name) => ({ ...newRow(state, now()), name, teamIds: [team.id] }));
    const made = await tracker.createIssue(sampleDraft(1));
    expect(made.status).toEqual({ name: 'Triage', class: 'open' });
    await tracker.createIssue({ ...sampleDraft(2), options: { project: 'upgrades', state: 'Todo' } });
    expect(state.issues.map(({ projectId }) => projectId)).toEqual(state.projects.map(({ id }) => id));
    const named = sampleDraft(3, { options: { project: 'Roadmap' } });
    await expect(tracker.createIssue(named)).rejects.toThrow(/no project Roadmap; it has Feedback, Upgrades/);
  });

  it('keep project and state where something else is refused', async () => {
    const { state, tracker } = await connect({ project: 'Feedback', state: 'Backlog' });
    const [team] = state.teams;
    state.projects = [{ ...newRow(state, now()), name: 'Feedback', teamIds: [team?.id ?? ''] }];
    const made = await tracker.createIssue(sampleDraft(1, { dueDate: 'tomorrow' }));
    expect(made).toMatchObject({ status: { name: 'Backlog' }, dueDate: null, severity: 2 });
    expect(made.labels).toEqual(expect.arrayContaining(sampleDraft(1).labels.map(({ name }) => name)));
    expect(state.issues[0]).toMatchObject({ projectId: state.projects[0]?.id });
    expect(state.issues[0]?.description).toContain('scored **2 of 10**');
  });

  it('are chosen by type and name when an issue is closed and reopened', async () => {
    const { state, tracker } = await connect({ state: 'Ready' });
    const [team] = state.teams;
    const add = (name: string, type: string, position: number) =>
      state.states.push({ ...newRow(state, now()), teamId: team?.id ?? '', name, type, position });
    state.states = state.states.filter(({ type }) => type !== 'duplicate');
    add('Duplicate', 'canceled', 3.5);
    add('Ready', 'unstarted', 2.5);
    const { id } = await tracker.createIssue(sampleDraft(1));
    expect((await tracker.closeIssue(id, 'not-planned')).status.name).toBe('Canceled');
    expect((await tracker.reopenIssue(id)).status.name).toBe('Ready');
    expect((await tracker.closeIssue(id, 'duplicate')).status.name).toBe('Duplicate');
  });
});

describe('the check of a team', () => {
  it('stops on states and projects that are not there, and names label groups', async () => {
    const { state, tracker } = await connect({ project: 'Roadmap', state: 'Inbox', labels: ['Type'] });
    addGroup(state, 'Type', ['Bug']);
    addGroup(state, 'Ours', ['severity:high', 'category:installation-issues']);
    const options = [{ project: 'Upgrades' }, { nonsense: true }];
    const { labels } = sampleDraft(1);
    const findings = (await tracker.check({ accounts: [], labels, options, now: now() })) ?? [];
    expect(
      findings.map(({ about, blocking, message }) => `${about} ${blocking ? 'STOPS' : 'note'} ${message}`),
    ).toEqual([
      expect.stringMatching(/^fields STOPS .*no state Inbox/),
      expect.stringMatching(/^fields STOPS .*no project Roadmap/),
      expect.stringMatching(/^fields STOPS .*no project Upgrades/),
      expect.stringMatching(/^fields STOPS .*issue.*nonsense/),
      expect.stringMatching(/^labels note category:installation-issues and severity:high .*Ours/),
      expect.stringMatching(/^labels note .*Type is a label group/),
    ]);
  });

  it('names triage that the team does not use, and the teams that are there', async () => {
    const { tracker } = await connect({ state: 'triage' });
    const check = { accounts: [], labels: [], now: now() };
    expect(await tracker.check(check)).toMatchObject([{ about: 'fields', blocking: false }]);
    const { tracker: inSmallLetters } = await connect({ team: 'gro' });
    expect(await inSmallLetters.check(check)).toMatchObject([{ message: expect.stringContaining('is GRO now') }]);
    const other = await connect({ team: 'NOPE' });
    expect(await other.tracker.check(check)).toMatchObject([
      { about: 'place', blocking: true, remedy: expect.stringMatching(/Applications, Team access; .*GRO \(Growth\)/) },
    ]);
  });

  it('stops on a team that was retired, which takes no new issues', async () => {
    const { state, tracker } = await connect();
    Object.assign(state.teams[0] ?? {}, { retiredAt: new Date(now()).toISOString() });
    expect(await tracker.check({ accounts: [], labels: [], now: now() })).toMatchObject([
      { about: 'place', blocking: true, message: 'the team GRO is retired' },
    ]);
    await expect(tracker.createIssue(sampleDraft(1))).rejects.toMatchObject({ code: 'rejected' });
  });
});

describe('a label of another spelling', () => {
  it('is the same label: Linear keeps the first spelling of a name', async () => {
    const { state, tracker } = await connect();
    addLabels(state, ['Severity:High'], null);
    for (const each of state.labels) each.isGroup = false;
    const { labels } = await tracker.createIssue(sampleDraft(1));
    expect(state.labels.map(({ name }) => name)).not.toContain('severity:high');
    expect(labels).toContain('severity:high');
  });
});
