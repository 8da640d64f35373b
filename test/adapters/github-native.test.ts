import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { github } from '#adapters/trackers/github/definition.ts';
import { createGitHub } from '#adapters/trackers/github/emulator/github.ts';
import type { Fetch } from '#domain/base/ports.ts';
import { sampleDraft } from '#test/contracts/tracker.ts';
import { validatingAnswers } from '#test/contracts/validating.ts';

const minute = 60_000;
const baseUrl = 'https://api.github.test';
const repository = 'acme/product';
const seed = { repository, people: ['dana-acme'], bot: { login: 'acme-caselite', token: 'bot-token' } };

function bench() {
  const clock = { now: Date.parse('2026-11-23T09:30:00.400Z') };
  const host = createGitHub({ now: () => clock.now, baseUrl, seed });
  const answers: { line: string; status: number }[] = [];
  const answer = validatingAnswers('github', async (request) => host.app.fetch(new Request(request)));
  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    const response = await answer(request);
    answers.push({ line: `${request.method} ${new URL(request.url).pathname}`, status: response.status });
    return response;
  };
  const connect = (given: object, secret = 'bot-token') =>
    github.create(github.settings.parse({ kind: 'github', repository, ...given }), {
      fetch,
      baseUrl,
      retryMs: 0,
      secret: () => secret,
    });
  return { ...host, clock, answers, connect };
}

describe('polls', () => {
  it('are free while nothing happens, also after a restart, and see the next change', async () => {
    const { clock, answers, connect, trackerUser } = bench();
    const tracker = await connect({ token: 'GITHUB_TOKEN' });
    const { id } = await tracker.createIssue(sampleDraft(1));
    clock.now += 30 * minute;
    let { cursor } = await tracker.listChanges(null, clock.now);
    answers.length = 0;
    for (let poll = 0; poll < 10; poll += 1) {
      clock.now += 2 * minute;
      ({ cursor } = await (await connect({ token: 'GITHUB_TOKEN' })).listChanges(cursor, clock.now));
    }
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(1);
    expect(statuses.slice(-8)).toEqual(Array(8).fill(304));

    await trackerUser.close(id, 'dana-acme');
    clock.now += 2 * minute;
    const { changed } = await tracker.listChanges(cursor, clock.now);
    expect(changed.map((change) => change.id)).toEqual([id]);
  });
});

describe('the organisation’s fields', () => {
  const date = { id: 11, name: 'Target date', type: 'date' as const, options: [] };
  const priority = {
    id: 12,
    name: 'Priority',
    type: 'single_select' as const,
    options: ['Urgent', 'High', 'Medium', 'Low'],
  };

  it('take due date and severity, and are believed before the label', async () => {
    const { state, connect } = bench();
    state.fields = [{ id: 10, name: 'Start date', type: 'date', options: [] }, date, priority];
    const tracker = await connect({ token: 'GITHUB_TOKEN' });
    const made = await tracker.createIssue(sampleDraft(1));
    expect(state.issues[0]?.fields).toEqual({ 11: '2026-11-27', 12: 'High' });
    expect(made).toMatchObject({ dueDate: '2026-11-27', severity: 2 });

    const edit = { dueDate: '2026-12-01', severity: { name: 'urgent', rank: 1 as const } };
    expect(await tracker.editIssue(made.id, edit)).toMatchObject({ dueDate: '2026-12-01', severity: 1 });
  });

  it('that were added later are known after a check, and removed ones after a refusal', async () => {
    const { state, connect, answers } = bench();
    const tracker = await connect({ token: 'GITHUB_TOKEN' });
    await tracker.createIssue(sampleDraft(1));
    state.fields = [date, priority];
    const findings = await tracker.check({ accounts: [], labels: [], now: Date.now() });
    expect(findings.filter(({ about }) => about === 'fields')).toEqual([]);
    expect((await tracker.createIssue(sampleDraft(2))).severity).toBe(2);
    state.fields = [date];
    for (const number of [3, 4]) expect((await tracker.createIssue(sampleDraft(number))).severity).toBeNull();
    expect(state.issues[3]?.fields).toEqual({ 11: '2026-11-27' });
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(1);
  });

  it('are done without: a label tells the date', async () => {
    const { state, connect } = bench();
    state.ownerType = 'User';
    const made = await (await connect({ token: 'GITHUB_TOKEN' })).createIssue(sampleDraft(1));
    expect(made).toMatchObject({ dueDate: '2026-11-27', severity: null });
    expect(state.issues[0]?.labels).toContain('due:2026-11-27');
    const findings = await (await connect({ token: 'GITHUB_TOKEN' })).check({
      accounts: [],
      labels: [],
      now: Date.now(),
    });
    expect(findings).toContainEqual(expect.objectContaining({ about: 'fields', blocking: false }));
  });
});

describe('an installed App', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = (type: 'pkcs1' | 'pkcs8') => privateKey.export({ type, format: 'pem' }).toString();
  const app = { app: { id: 7, installation: 70, key: 'APP_KEY' } };

  it('signs in by its key, and knows its own issues and comments', async () => {
    const { state, connect, answers, clock } = bench();
    clock.now = Date.now();
    state.app = { id: 7, installation: 70, tokens: [] };
    const tracker = await connect(app, pem('pkcs8'));
    const floor = await tracker.floor();
    const { id } = await tracker.createIssue(sampleDraft(1));
    await tracker.addComment(id, { ref: 'op-1', uuid: '', body: 'Note', mention: [] });
    expect(state.issues[0]?.author).toBe('acme-caselite[bot]');
    expect(await tracker.listComments(id, 0)).toEqual([]);
    expect((await tracker.findCreatedIssue({ ...sampleDraft(1), floor, startedAt: clock.now }))?.id).toBe(id);
    expect(answers.filter(({ line }) => line.endsWith('/access_tokens'))).toHaveLength(1);
  });

  it.each(['', ' '])('signs in by a key that a field of one line joined with "%s"', async (joint) => {
    const { state, connect, clock } = bench();
    clock.now = Date.now();
    state.app = { id: 7, installation: 70, tokens: [] };
    const tracker = await connect(app, pem('pkcs8').replaceAll('\n', joint));
    await tracker.createIssue(sampleDraft(1));
    expect(state.issues[0]?.author).toBe('acme-caselite[bot]');
  });

  it('takes a key from one line, and says how to convert PKCS#1', async () => {
    const { state, connect } = bench();
    state.app = { id: 7, installation: 70, tokens: [] };
    await expect(connect(app, pem('pkcs8').replaceAll('\n', '\\n'))).resolves.toBeDefined();
    await expect(connect(app, pem('pkcs1'))).rejects.toThrow(/PKCS#1.*openssl pkcs8 -topk8 -nocrypt/);
    await expect(connect(app, 'nonsense')).rejects.toThrow(/APP_KEY is no private key/);
  });

  it('is named instead of a token, not beside it', () => {
    const given = { kind: 'github', repository };
    expect(github.settings.safeParse({ ...given, ...app }).success).toBe(true);
    for (const wrong of [given, { ...given, ...app, token: 'GITHUB_TOKEN' }]) {
      expect(github.settings.safeParse(wrong).error?.issues[0]?.message).toBe('give either token or app');
    }
    expect(github.secrets(github.settings.parse({ ...given, ...app }))).toEqual(['APP_KEY']);
  });
});

describe('what GitHub will not do', () => {
  it.each([
    ['an archived repository', { archived: true }, 'the repository is archived'],
    ['issues that are switched off', { hasIssues: false }, 'issues are switched off'],
  ])('%s is told apart', async (_, facts, detail) => {
    const { state, connect } = bench();
    Object.assign(state, facts);
    const tracker = await connect({ token: 'GITHUB_TOKEN' });
    await expect(tracker.createIssue(sampleDraft(1))).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining(detail),
    });
    const findings = await tracker.check({ accounts: [], labels: [], now: Date.now() });
    expect(findings).toContainEqual(expect.objectContaining({ about: 'place', blocking: true }));
  });

  it('issues that are switched off are no deleted ones, and no lost create is believed absent', async () => {
    const { state, connect } = bench();
    const tracker = await connect({ token: 'GITHUB_TOKEN' });
    const { id } = await tracker.createIssue(sampleDraft(1));
    state.hasIssues = false;
    expect(await tracker.findWhyUnreadable(id)).toEqual({ kind: 'hidden', url: null });
    const search = { ...sampleDraft(1), floor: '0', startedAt: Date.now() };
    await expect(tracker.findCreatedIssue(search)).rejects.toMatchObject({ operation: 'read issue', status: 410 });
  });

  it('a locked issue is told apart', async () => {
    const { state, connect } = bench();
    const tracker = await connect({ token: 'GITHUB_TOKEN' });
    const { id } = await tracker.createIssue(sampleDraft(1));
    Object.assign(state.issues[0] ?? {}, { locked: true });
    const comment = tracker.addComment(id, { ref: 'op-1', uuid: '', body: 'Note', mention: [] });
    await expect(comment).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('locked'),
    });
  });

  it('drops labels silently without the right, which the answer shows', async () => {
    const { state, connect } = bench();
    state.canPush = false;
    const tracker = await connect({ token: 'GITHUB_TOKEN' });
    const made = await tracker.createIssue({ ...sampleDraft(1), assignee: 'dana-acme' });
    // The emulator accepts labels in a separate call, which adds the ones that GitHub left out.
    expect(made.labels).toEqual(expect.arrayContaining(['severity:high']));
    const findings = await tracker.check({ accounts: [], labels: [], now: Date.now() });
    expect(findings).toContainEqual(expect.objectContaining({ about: 'permissions' }));
  });

  it('names the new place of a transferred issue', async () => {
    const { state, connect } = bench();
    const tracker = await connect({ token: 'GITHUB_TOKEN' });
    const { id } = await tracker.createIssue(sampleDraft(1));
    Object.assign(state.issues[0] ?? {}, { gone: 301 });
    expect(await tracker.findWhyUnreadable(id)).toEqual({
      kind: 'moved',
      url: `${baseUrl}/acme/elsewhere/issues/${id}`,
    });
  });
});
