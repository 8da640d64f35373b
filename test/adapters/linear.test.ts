import { describe, expect, it } from 'vitest';
import { newRow } from '#adapters/trackers/linear/emulator/state.ts';
import { commentDraft, dana, draftOf, losing, marker, minute, sam, searchOf, setup } from './linear-setup.ts';

describe('creating', () => {
  it('makes the whole issue in one call', async () => {
    const { tracker, trackerUser, sent, state } = await setup();
    const issue = await tracker.createIssue(draftOf());
    expect(await trackerUser.list()).toEqual([
      expect.objectContaining({
        key: 'GRO-1',
        title: 'Upgrade not installed',
        state: 'open',
        labels: expect.arrayContaining(['severity:urgent', 'tier:gold']),
        assignee: dana,
        dueDate: '2026-11-24',
        priority: 'Urgent',
      }),
    ]);
    expect(issue).toMatchObject({ id: draftOf().uuid, key: 'GRO-1', state: 'open', closure: null });
    expect(issue).toMatchObject({
      assignee: dana,
      dueDate: '2026-11-24',
      url: 'https://linear.test/issue/GRO-1',
    });
    expect(state.states.find((row) => row.id === state.issues[0]?.stateId)?.type).toBe('unstarted');
    expect(state.attachments).toMatchObject([{ url: draftOf().link.url, metadata: { marker } }]);
    expect(sent.map((entry) => entry.operation).filter((name) => name.startsWith('update'))).toEqual([]);
  });

  it('hides the marker in the case link, once', async () => {
    const { tracker, trackerUser } = await setup();
    await tracker.createIssue(draftOf());
    const body = (await trackerUser.list())[0]?.body ?? '';
    expect(body).toBe(`Score 3.\n\n[Case C-17](https://caselite.test/cases/C-17#${marker})`);
  });

  it('adds a case link where the text has none', async () => {
    const { tracker, trackerUser } = await setup();
    const link = { url: 'https://caselite.test/cases/C-17', title: 'Case [C-17]' };
    await tracker.createIssue(draftOf({ body: 'Score 3.', link }));
    expect((await trackerUser.list())[0]?.body).toBe(`Score 3.\n\n[Case \\[C-17\\]](${link.url}#${marker})`);
  });

  it('gives the same issue for the same id', async () => {
    const { tracker, state } = await setup();
    const first = await tracker.createIssue(draftOf());
    expect(await tracker.createIssue(draftOf())).toEqual(first);
    expect(state.issues).toHaveLength(1);
    expect(state.attachments).toHaveLength(1);
  });

  it('does not adopt a foreign issue under its id', async () => {
    const { tracker, state, sent } = await setup();
    await tracker.createIssue(draftOf({ marker: '1.C-9.other' }));
    const before = structuredClone(state);
    sent.length = 0;
    await expect(tracker.createIssue(draftOf())).rejects.toMatchObject({ code: 'rejected' });
    expect(await tracker.findCreatedIssue(searchOf(draftOf()))).toBeNull();
    expect(state.issues).toEqual(before.issues);
    expect(state.attachments).toEqual(before.attachments);
  });

  it('finds the issue after a lost answer, and nothing before it', async () => {
    const { tracker, state, wire } = await setup();
    expect(await tracker.findCreatedIssue(searchOf(draftOf()))).toBeNull();
    wire.now = losing('createIssue');
    await expect(tracker.createIssue(draftOf())).rejects.toMatchObject({ code: 'unknown' });
    expect(state.attachments).toEqual([]);
    expect(await tracker.findCreatedIssue(searchOf(draftOf()))).toMatchObject({ key: 'GRO-1' });
    expect(await tracker.createIssue(draftOf())).toMatchObject({ key: 'GRO-1' });
    expect(state.issues).toHaveLength(1);
    expect(state.attachments).toHaveLength(1);
  });

  it('recognises the issue by its attachment when a person rewrote the text', async () => {
    const { tracker, state } = await setup();
    await tracker.createIssue(draftOf());
    for (const issue of state.issues) issue.description = 'mine now';
    expect(await tracker.findCreatedIssue(searchOf(draftOf()))).toMatchObject({ key: 'GRO-1' });
  });

  it('does without an attachment', async () => {
    const { tracker, wire } = await setup();
    wire.now = losing('createAttachment');
    expect(await tracker.createIssue(draftOf())).toMatchObject({ key: 'GRO-1' });
  });

  it('makes labels once, with their colours', async () => {
    const { tracker, state, sent } = await setup();
    await tracker.createIssue(draftOf());
    await tracker.createIssue(draftOf({ uuid: '6b0c1c1e-7a53-4c68-9d0e-0c8b6c1d2e3f' }));
    expect(state.labels.map(({ name, color }) => [name, color])).toEqual([
      ['severity:urgent', '#d73a4a'],
      ['tier:gold', '#f9c513'],
    ]);
    expect(sent.filter((entry) => entry.operation === 'labelsByFilter')).toHaveLength(1);
  });

  it('uses a label of the workspace, and one whose creation got no answer', async () => {
    const { tracker, state, wire, clock } = await setup();
    const shared = { ...newRow(state, clock.at), teamId: null, color: '#000000', description: null };
    state.labels.push({ ...shared, name: 'Tier:Gold' });
    wire.now = losing('createIssueLabel');
    expect((await tracker.createIssue(draftOf())).labels.toSorted()).toEqual(['severity:urgent', 'tier:gold']);
    expect(state.labels).toHaveLength(2);
  });

  it('forgets a label that was deleted, and makes it again', async () => {
    const { tracker, state } = await setup();
    await tracker.createIssue(draftOf());
    state.labels.length = 0;
    const next = draftOf({ uuid: '6b0c1c1e-7a53-4c68-9d0e-0c8b6c1d2e3f' });
    // The full draft is refused, a plain issue accepted, and edits add the rest.
    const labels = draftOf().labels.map(({ name }) => name);
    const whole = { key: 'GRO-2', assignee: dana, dueDate: '2026-11-24', severity: 1 };
    expect(await tracker.createIssue(next)).toMatchObject({
      ...whole,
      labels: expect.arrayContaining(labels),
    });
  });

  it('takes ids and display names of people, and leaves strangers out', async () => {
    const { tracker, state } = await setup();
    const { assignee } = await tracker.createIssue(draftOf({ assignee: 'danareed' }));
    expect(assignee).toBe(dana);
    const id = state.users.find((user) => user.email === sam)?.id ?? '';
    expect(await tracker.editIssue(draftOf().uuid, { assignee: id })).toMatchObject({ assignee: sam });
    const stranger = draftOf({ uuid: '6b0c1c1e-7a53-4c68-9d0e-0c8b6c1d2e3f', assignee: 'gone@acme.example' });
    expect(await tracker.createIssue(stranger)).toMatchObject({ key: 'GRO-2', assignee: null });
  });

  it('says so when the team does not exist', async () => {
    const { tracker } = await setup('NOPE');
    await expect(tracker.createIssue(draftOf())).rejects.toMatchObject({ code: 'rejected' });
  });
});

describe('editing', () => {
  it('changes what is named and leaves the rest', async () => {
    const { tracker, trackerUser } = await setup();
    const { id } = await tracker.createIssue(draftOf());
    const overdue = { name: 'overdue', color: 'b60205', description: 'Past its due date' };
    const edit = { labelsToAdd: [overdue], labelsToRemove: ['tier:gold', 'never-there'], dueDate: '2026-11-30' };
    await tracker.editIssue(id, { ...edit, severity: { name: 'high', rank: 2 } });
    const edited = await tracker.editIssue(id, edit);
    expect(edited).toMatchObject({ dueDate: '2026-11-30', assignee: dana });
    expect(edited.labels.toSorted()).toEqual(['overdue', 'severity:urgent']);
    expect((await trackerUser.list())[0]).toMatchObject({ title: 'Upgrade not installed', priority: 'High' });
    const cleared = await tracker.editIssue(id, {
      title: 'New',
      body: 'Text',
      dueDate: null,
      assignee: null,
    });
    expect(cleared).toMatchObject({ dueDate: null, assignee: null });
    expect((await trackerUser.list())[0]).toMatchObject({ title: 'New', body: 'Text' });
  });

  it('leaves the assignee when the new one is unknown', async () => {
    const { tracker } = await setup();
    const { id } = await tracker.createIssue(draftOf());
    expect(await tracker.editIssue(id, { assignee: 'gone@acme.example' })).toMatchObject({ assignee: dana });
  });
});

describe('comments', () => {
  it('adds one once, also after a lost answer', async () => {
    const { tracker, trackerUser, wire } = await setup();
    const { id } = await tracker.createIssue(draftOf());
    expect(await tracker.hasComment(id, commentDraft)).toBe(false);
    wire.now = losing('createComment');
    const draft = { ...commentDraft, mention: [dana, 'gone@acme.example'] };
    await expect(tracker.addComment(id, draft)).rejects.toMatchObject({ code: 'unknown' });
    expect(await tracker.hasComment(id, draft)).toBe(true);
    await tracker.addComment(id, draft);
    expect((await trackerUser.list())[0]?.comments.map((comment) => comment.text)).toEqual([
      'The customer disagrees.\n\nhttps://linear.test/profiles/danareed',
    ]);
  });

  it('does not take a comment on another issue for its own', async () => {
    const { tracker } = await setup();
    const { id } = await tracker.createIssue(draftOf());
    const other = await tracker.createIssue(draftOf({ uuid: '6b0c1c1e-7a53-4c68-9d0e-0c8b6c1d2e3f' }));
    await tracker.addComment(other.id, commentDraft);
    expect(await tracker.hasComment(id, commentDraft)).toBe(false);
    await expect(tracker.addComment(id, commentDraft)).rejects.toMatchObject({ code: 'rejected' });
  });

  it('lists since a moment, oldest first, with people by e-mail', async () => {
    const { tracker, trackerUser, later, clock, state } = await setup();
    const { id } = await tracker.createIssue(draftOf());
    await trackerUser.comment('GRO-1', dana, 'early');
    later(minute);
    const since = clock.at;
    for (let count = 0; count < 120; count += 1) {
      await trackerUser.comment('GRO-1', sam, `comment ${count}`);
      later(1000);
    }
    const last = state.comments.at(-1);
    if (last) last.botType = 'slack';
    const comments = await tracker.listComments(id, since);
    expect(comments.map((comment) => comment.text)).toEqual(
      Array.from({ length: 120 }, (_, count) => `comment ${count}`),
    );
    expect(comments[0]).toMatchObject({ author: sam, at: since });
    expect(comments.at(-1)?.author).toBeNull();
  });
});
