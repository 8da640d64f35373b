import { describe, expect, it } from 'vitest';
import { github } from '#adapters/trackers/github/definition.ts';
import { createGitHub } from '#adapters/trackers/github/emulator/github.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type { SetUpFinding } from '#domain/integrations/tracker.ts';
import { sampleComment, sampleDraft } from '#test/contracts/tracker.ts';

const now = () => Date.parse('2026-11-23T09:30:00Z');
const baseUrl = 'http://github.test';

/** An organisation's repository, and the tracker over it. */
async function connect(own: Record<string, unknown> = {}) {
  const seed = { repository: 'acme/product', people: ['dana-acme'], bot: { login: 'caselite', token: 's3cret' } };
  const { app, state, trackerUser } = createGitHub({ now, baseUrl, seed });
  const fetch: Fetch = async (input, init) => app.fetch(new Request(input, init));
  const settings = github.settings.parse({ kind: 'github', repository: 'acme/product', token: 'GITHUB_TOKEN', ...own });
  const tracker = await github.create(settings, { fetch, baseUrl, retryMs: 0, secret: () => 's3cret' });
  return { state, trackerUser, tracker };
}

const label = (name: string) => ({ name, color: 'ededed', description: '' });

describe('finding 3: a token that may create issues and not label them', () => {
  it('creates the issue, and blames the labels for what an edit lacks', async () => {
    const { state, tracker } = await connect();
    state.canPush = false;
    state.forbidden = ['POST /issues/labels', 'POST /labels'];
    const { id, title } = await tracker.createIssue(sampleDraft(1));
    expect(title).toBe(sampleDraft(1).title);
    await expect(tracker.editIssue(id, { labelsToAdd: [label('overdue')] })).rejects.toMatchObject({
      code: 'auth',
      status: 403,
      fields: [{ part: 'labels' }],
    });
  });
});

describe('finding 4: a part that GitHub refuses', () => {
  it('is named with field and code', async () => {
    const { state, tracker } = await connect();
    const { id } = await tracker.createIssue(sampleDraft(1));
    state.refusesUnknownAssignees = true;
    await expect(tracker.editIssue(id, { assignee: 'nobody' })).rejects.toMatchObject({
      message: expect.stringContaining('Issue.assignees (invalid)'),
      fields: [{ part: 'assignee' }],
    });
    await expect(tracker.editIssue(id, { labelsToAdd: [label('x'.repeat(51))] })).rejects.toMatchObject({
      fields: [{ field: 'Label.name', why: 'invalid', part: 'labels' }],
    });
  });
});

describe('finding 7: a renamed repository', () => {
  it('is followed, in reads and writes', async () => {
    const { state, tracker } = await connect();
    const { id } = await tracker.createIssue(sampleDraft(1));
    Object.assign(state, { repository: 'acme/product-2', formerNames: ['acme/product'] });
    expect((await tracker.readIssue(id))?.key).toBe(id);
    expect((await tracker.editIssue(id, { title: 'Another title' })).title).toBe('Another title');
    const started = await tracker.listChanges(null, now());
    expect(started.cursor).not.toBe('');
    expect((await tracker.createIssue(sampleDraft(2))).key).toBe('2');
  });

  it('is followed by a first call that writes, which GitHub redirects with 307', async () => {
    const { state, tracker } = await connect();
    const { id } = await tracker.createIssue(sampleDraft(1));
    Object.assign(state, { repository: 'acme/product-2', formerNames: ['acme/product'] });
    await tracker.addComment(id, sampleComment(1));
    expect(state.comments).toHaveLength(1);
  });

  it('is not followed to another owner, and its new name is said', async () => {
    const { state, tracker } = await connect();
    Object.assign(state, { repository: 'other/product', formerNames: ['acme/product'] });
    await expect(tracker.listChanges('2026-11-23T09:00:00Z', now())).rejects.toMatchObject({
      code: 'rejected',
      status: 301,
      message: expect.stringContaining('other/product'),
    });
    await expect(tracker.createIssue(sampleDraft(1))).rejects.toMatchObject({ code: 'rejected', status: 301 });
  });
});

describe('finding 9: a duplicate named by a person whose membership is private', () => {
  it('is a claim of that account', async () => {
    const { state, tracker, trackerUser } = await connect();
    const [original, repeated] = [await tracker.createIssue(sampleDraft(1)), await tracker.createIssue(sampleDraft(2))];
    state.association = 'NONE';
    await trackerUser.close(repeated.key, 'dana-acme', 'duplicate', original.key);
    const closure = (await tracker.readIssue(repeated.id))?.closure;
    expect(closure).toMatchObject({
      kind: 'duplicate',
      repeats: null,
      claims: [{ by: 'dana-acme', repeats: original.id }],
    });
  });
});

describe('type, milestone and labels of new issues', () => {
  it('come from the tracker and the template', async () => {
    const { state, tracker } = await connect({ 'issue-type': 'Task', labels: ['customer'] });
    state.issueTypes = ['Task', 'Bug'];
    await tracker.createIssue({ ...sampleDraft(1), options: { 'issue-type': 'Bug', milestone: 3 } });
    expect(state.issues[0]).toMatchObject({ type: 'Bug', milestone: 3, labels: expect.arrayContaining(['customer']) });
  });

  it('come one by one where another of them is refused', async () => {
    const { state, tracker } = await connect({ 'issue-type': 'Incident', milestone: 3, labels: ['customer'] });
    Object.assign(state, { issueTypes: ['Bug'], milestones: [3] });
    expect((await tracker.createIssue(sampleDraft(1))).labels).toContain('customer');
    expect(state.issues[0]).toMatchObject({ milestone: 3 });
    Object.assign(state, { issueTypes: ['Incident'], milestones: [] });
    await tracker.createIssue(sampleDraft(2));
    expect(state.issues[1]).toMatchObject({ type: 'Incident', body: expect.stringContaining(sampleDraft(2).body) });
  });

  it('that the organisation does not have leave an issue without them, with everything else', async () => {
    const { state, tracker } = await connect({ 'issue-type': 'Incident' });
    const { labels } = await tracker.createIssue(sampleDraft(1));
    expect(labels).toEqual(expect.arrayContaining(sampleDraft(1).labels.map(({ name }) => name)));
    expect(state.issues[0]?.body).toContain(sampleDraft(1).body);
  });

  it('of another kind are refused by name', async () => {
    const { tracker } = await connect();
    const draft = { ...sampleDraft(1), options: { fields: {} } };
    await expect(tracker.createIssue(draft)).rejects.toThrow(/settings of the template.*issue/);
  });
});

describe('the check of a repository', () => {
  const check = { accounts: [], labels: [], now: now() };
  const problems = (findings: SetUpFinding[] = []) =>
    findings
      .filter(({ message }) => !message.includes('no issue field'))
      .map(({ about, blocking, message, remedy }) => `${about} ${blocking ? 'STOPS' : 'note'} ${message}: ${remedy}`);

  it('stops on types and milestones that are not there, of the tracker and of templates', async () => {
    const { state, tracker } = await connect({ 'issue-type': 'Incident', milestone: 3 });
    Object.assign(state, { issueTypes: ['Bug', 'Task'], milestones: [4] });
    const options = [{ 'issue-type': 'bug', milestone: 4 }, { 'issue-type': 'Idea' }, { fields: {} }];
    expect(problems(await tracker.check({ ...check, options }))).toEqual([
      expect.stringMatching(/^fields STOPS .*no issue type Incident.*Bug, Task/),
      expect.stringMatching(/^fields STOPS .*no milestone 3/),
      expect.stringMatching(/^fields STOPS .*no issue type Idea/),
      expect.stringMatching(/^fields STOPS .*Unrecognized key/),
    ]);
  });

  it('is silent about what is there, and names a user’s repository, which has no types', async () => {
    const { state, tracker } = await connect({ 'issue-type': 'Bug', milestone: 4 });
    Object.assign(state, { issueTypes: ['Bug'], milestones: [4] });
    expect(problems(await tracker.check(check))).toEqual([]);
    state.ownerType = 'User';
    expect(problems(await tracker.check(check))).toEqual([expect.stringMatching(/no issue type Bug.*it has none/)]);
  });

  it('names the new name of a renamed repository, and stops on an archived one', async () => {
    const { state, tracker } = await connect();
    Object.assign(state, { repository: 'acme/product-2', formerNames: ['acme/product'], archived: true });
    expect(problems(await tracker.check(check))).toEqual([
      expect.stringMatching(/^place STOPS .*archived.*unarchive/),
      expect.stringMatching(/^place note .*acme\/product-2/),
    ]);
  });

  it('names the new owner of a transferred repository, which is not followed', async () => {
    const { state, tracker } = await connect();
    Object.assign(state, { repository: 'other/product', formerNames: ['acme/product'] });
    expect(problems(await tracker.check(check))).toEqual([expect.stringMatching(/^place STOPS .*other\/product/)]);
  });
});

describe('a label of another spelling', () => {
  it('is the same label: GitHub keeps the first spelling of a name', async () => {
    const { state, tracker } = await connect();
    state.labels.push({ name: 'Severity:High', color: 'ededed', description: null });
    const { id, labels } = await tracker.createIssue(sampleDraft(1));
    expect(state.issues[0]?.labels).toContain('Severity:High');
    expect(labels).toContain('severity:high');
    const edited = await tracker.editIssue(id, { labelsToRemove: ['severity:high'] });
    expect(edited.labels).not.toContain('severity:high');
    expect(state.issues[0]?.labels).not.toContain('Severity:High');
  });
});

describe('pages with fewer rows than were asked for', () => {
  it('are followed to the last one', async () => {
    const { state, tracker, trackerUser } = await connect();
    const begin = await tracker.listChanges(null, now());
    for (const number of [1, 2, 3]) await tracker.createIssue(sampleDraft(number));
    for (const words of ['one', 'two', 'three']) await trackerUser.comment('1', 'dana-acme', words);
    state.largestPage = 2;
    const { changed } = await tracker.listChanges(begin.cursor, now());
    expect(changed.map(({ id }) => id).toSorted()).toEqual(['1', '2', '3']);
    expect((await tracker.listComments('1', 0)).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });
});
