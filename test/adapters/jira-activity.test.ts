import { describe, expect, it } from 'vitest';
import { jira } from '#adapters/trackers/jira/definition.ts';
import { baseUrl, draft, harness, minute, settings, start } from './jira-harness.ts';

describe('closing and reopening', () => {
  it('tells who closed, when and how', async () => {
    const { tracker, trackerUser, clock } = await harness();
    const { id, key } = await tracker.createIssue(draft);
    clock.now += 5 * minute;
    await trackerUser.close(key, 'acc-dana');
    clock.now += 5 * minute;
    await trackerUser.comment(key, 'acc-sam', 'Thanks');
    expect(await tracker.readIssue(id)).toMatchObject({
      state: 'closed',
      closure: { kind: 'completed', native: 'Done', at: start + 5 * minute, by: 'acc-dana' },
      updatedAt: start + 10 * minute,
    });
  });

  it.each([
    ['not-planned', 'other', "Won't Do"],
    ['duplicate', 'duplicate', 'Duplicate'],
  ] as const)('reads %s as %s', async (way, kind, native) => {
    const { tracker, trackerUser } = await harness();
    const { id, key } = await tracker.createIssue(draft);
    await trackerUser.close(key, 'acc-dana', way);
    expect((await tracker.readIssue(id))?.closure).toMatchObject({ kind, native });
  });

  it('takes a done status without resolution as completed', async () => {
    const { tracker, trackerUser, state } = await harness();
    const { id, key } = await tracker.createIssue(draft);
    await trackerUser.close(key, 'acc-dana');
    for (const issue of state.issues) Object.assign(issue, { resolution: null, resolvedAt: null });
    expect((await tracker.readIssue(id))?.closure).toEqual({
      kind: 'completed',
      native: null,
      at: start,
      by: 'acc-dana',
    });
  });

  it('names the last closer', async () => {
    const { tracker, trackerUser } = await harness();
    const { id, key } = await tracker.createIssue(draft);
    await trackerUser.close(key, 'acc-dana');
    await trackerUser.reopen(key, 'acc-dana');
    await trackerUser.close(key, 'acc-sam');
    expect((await tracker.readIssue(id))?.closure?.by).toBe('acc-sam');
  });

  it('reopens, and leaves an open issue alone', async () => {
    const { tracker, trackerUser, sent } = await harness();
    const { id, key } = await tracker.createIssue(draft);
    await trackerUser.close(key, 'acc-dana');
    expect(await tracker.reopenIssue(id)).toMatchObject({ state: 'open', closure: null });
    const moves = () => sent.filter(({ method, path }) => method === 'POST' && path.endsWith('/transitions')).length;
    const before = moves();
    expect(await tracker.reopenIssue(id)).toMatchObject({ state: 'open' });
    expect(moves()).toBe(before);
  });

  it('says so when no transition reopens', async () => {
    const { tracker, trackerUser, state } = await harness();
    const { id, key } = await tracker.createIssue(draft);
    await trackerUser.close(key, 'acc-dana');
    state.canReopen = false;
    await expect(tracker.reopenIssue(id)).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('no transition'),
    });
  });

  it.each([true, false])('closes with the right resolution (on the screen: %s)', async (onScreen) => {
    const { tracker, state } = await harness();
    state.resolutionOnScreen = onScreen;
    const { id } = await tracker.createIssue(draft);
    expect((await tracker.closeIssue(id, 'duplicate')).closure).toMatchObject({
      kind: 'duplicate',
      by: 'acc-bot',
    });
    const second = await tracker.createIssue(draft);
    expect((await tracker.closeIssue(second.id, 'not-planned')).closure).toMatchObject({
      native: "Won't Do",
    });
    const third = await tracker.createIssue(draft);
    expect((await tracker.closeIssue(third.id, 'completed')).closure).toMatchObject({ kind: 'completed' });
  });
});

describe('reading and editing', () => {
  it('knows comments and closers where a host has no lists of comments and changes by id', async () => {
    const { tracker, trackerUser, trouble } = await harness();
    const { id, key } = await tracker.createIssue(draft);
    trouble.reply = async ({ url }, answer) =>
      /comment.list|changelog.bulkfetch/.test(url) ? new Response('{}', { status: 404 }) : answer();
    await trackerUser.comment(key, 'acc-sam', '/severity low');
    await trackerUser.close(key, 'acc-dana');
    expect((await tracker.listComments(id, 0)).map(({ text }) => text)).toEqual(['/severity low']);
    expect((await tracker.readIssue(id))?.closure).toMatchObject({ kind: 'completed', by: 'acc-dana' });
  });

  it('is null for a deleted issue and follows a moved one', async () => {
    const { tracker, app, state } = await harness();
    const { id } = await tracker.createIssue(draft);
    for (const issue of state.issues) Object.assign(issue, { key: 'OPS-7', project: 'OPS', formerKeys: [issue.key] });
    expect(await tracker.readIssue(id)).toMatchObject({ id, key: 'OPS-7', url: `${baseUrl}/browse/OPS-7` });
    const authorization = `Basic ${btoa('acc-sam:as-person')}`;
    await app.request(`/rest/api/3/issue/${id}`, { method: 'DELETE', headers: { authorization } });
    expect(await tracker.readIssue(id)).toBeNull();
    await expect(tracker.editIssue(id, { title: 'New' })).rejects.toMatchObject({
      code: 'rejected',
      status: 404,
    });
  });

  it('does not take a lapsed token for deleted issues', async () => {
    const { tracker, trouble } = await harness();
    const { id } = await tracker.createIssue(draft);
    trouble.reply = async (request) => new Response('{}', { status: request.url.endsWith('/myself') ? 401 : 404 });
    await expect(tracker.readIssue(id)).rejects.toMatchObject({ code: 'auth' });
    trouble.reply = async () =>
      Response.json({ issues: [] }, { headers: { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' } });
    await expect(tracker.listChanges(String(start), start)).rejects.toMatchObject({ code: 'auth' });
  });

  it.each(['../myself', '1/comment', 'a b', ''])('never builds an address from %j', async (id) => {
    const { tracker, sent } = await harness();
    await expect(tracker.readIssue(id)).rejects.toMatchObject({ code: 'rejected' });
    await expect(tracker.addComment(id, { ref: 'r', uuid: '', body: 'x', mention: [] })).rejects.toMatchObject({
      code: 'rejected',
    });
    expect(sent).toHaveLength(0);
  });

  it('changes only what it is told to', async () => {
    const { tracker, trackerUser } = await harness();
    const { id } = await tracker.createIssue(draft);
    const edited = await tracker.editIssue(id, {
      labelsToAdd: [{ name: 'overdue', color: 'b60205', description: '' }],
      labelsToRemove: ['severity:urgent', 'not-there'],
      severity: { name: 'normal', rank: 3 },
      dueDate: null,
      assignee: null,
    });
    expect(edited).toMatchObject({
      labels: ['category:installation-issues', 'case-C-17', 'overdue'],
      dueDate: null,
      assignee: null,
    });
    expect(await trackerUser.list()).toMatchObject([{ title: draft.title, priority: 'Medium' }]);
    await tracker.editIssue(id, { title: 'New title', body: 'New body' });
    expect(await trackerUser.list()).toMatchObject([{ title: 'New title', body: 'New body', priority: 'Medium' }]);
  });

  it('links to the site when the address is the gateway of scoped tokens', async () => {
    const gateway = 'https://api.atlassian.example/ex/jira/123';
    const { app } = await harness();
    const tracker = await jira.create(settings, {
      fetch: async (input, init) => {
        const request = new Request(input, init);
        return app.fetch(new Request(request.url.replace('/ex/jira/123', ''), request));
      },
      baseUrl: gateway,
      retryMs: 0,
      secret: () => 's3cret',
    });
    expect((await tracker.createIssue(draft)).url).toBe(`${baseUrl}/browse/SUP-1`);
  });
});

describe('changes', () => {
  it('starts from now without a cursor', async () => {
    const { tracker, sent } = await harness();
    expect(await tracker.listChanges(null, start)).toEqual({ changed: [], cursor: String(start) });
    expect(sent).toHaveLength(0);
  });

  it('gives every change since the cursor, over pages, and not the old ones', async () => {
    const { tracker, clock, trackerUser, sent } = await harness();
    await tracker.createIssue({ ...draft, marker: '1.C-0.00000000000000000000000000000000' });
    clock.now += 60 * minute;
    const cursor = String(clock.now);
    const ids: string[] = [];
    for (let count = 0; count < 300; count += 1) {
      clock.now += 200;
      ids.push((await tracker.createIssue({ ...draft, marker: `1.C-${count}.1` })).id);
    }
    const before = sent.length;
    const first = await tracker.listChanges(cursor, clock.now);
    // Three pages, and a fourth because a full page advances the bound; pages by number would shift.
    expect(sent.length - before).toBe(4);
    expect(first.changed.map(({ id }) => id)).toEqual(ids);
    expect(first.cursor).toBe(String(clock.now));

    clock.now += 30 * minute;
    await trackerUser.close('SUP-1', 'acc-dana');
    expect((await tracker.listChanges(String(clock.now - minute), clock.now)).changed).toEqual([
      { id: '10001', updatedAt: clock.now },
    ]);
  });

  it('overlaps enough for a lagging index and for clocks that differ', async () => {
    const { tracker, clock, state, trackerUser } = await harness();
    const { id, key } = await tracker.createIssue(draft);
    clock.now += 60 * minute;
    state.indexLagMs = 5 * minute;
    await trackerUser.close(key, 'acc-dana');
    const poll = await tracker.listChanges(String(clock.now - minute), clock.now);
    expect(poll.changed).toEqual([]);
    clock.now += 6 * minute;
    const next = await tracker.listChanges(poll.cursor, clock.now);
    expect(next.changed.map((change) => change.id)).toEqual([id]);
    const afterPutRight = await tracker.listChanges(String(clock.now + 60 * minute), clock.now);
    expect(afterPutRight.changed.map((change) => change.id)).toEqual([id]);
  });
});
