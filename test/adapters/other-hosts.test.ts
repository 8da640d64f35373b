import { describe, expect, it } from 'vitest';
import { createOutboundFetch } from '#adapters/outbound.ts';
import { github } from '#adapters/trackers/github/definition.ts';
import { createGitHub } from '#adapters/trackers/github/emulator/github.ts';
import { linear } from '#adapters/trackers/linear/definition.ts';
import { createLinear } from '#adapters/trackers/linear/emulator/linear.ts';
import type { Fetch } from '#domain/base/ports.ts';
import { sampleDraft } from '#test/contracts/tracker.ts';
import { harness } from './jira-harness.ts';

/* Answers that the vendors' papers allow, and that the emulators here do not give. */

const now = () => Date.parse('2026-11-23T09:30:00Z');

/** Changes an answer on its way. */
type Change = (request: Request, answer: Response) => Response | Promise<Response>;

const through = (app: { fetch(request: Request): Response | Promise<Response> }, change: { now: Change }): Fetch => {
  return async (input, init) => {
    const request = new Request(input, init);
    return change.now(request, await app.fetch(request.clone()));
  };
};

const rewrite = async (answer: Response, edit: (text: string) => string): Promise<Response> =>
  new Response(edit(await answer.text()) || null, answer);

async function connectGithub() {
  const baseUrl = 'https://github.test';
  const seed = { repository: 'acme/product', people: ['dana-acme'], bot: { login: 'caselite', token: 's3cret' } };
  const { app, state } = createGitHub({ now, baseUrl, seed });
  const change: { now: Change } = { now: (_, answer) => answer };
  const settings = github.settings.parse({ kind: 'github', repository: 'acme/product', token: 'GITHUB_TOKEN' });
  const tracker = await github.create(settings, {
    fetch: createOutboundFetch(baseUrl, through(app, change)),
    baseUrl,
    retryMs: 0,
    secret: () => 's3cret',
  });
  return { state, change, tracker };
}

describe('GitHub', () => {
  const json = (status: number, message: string, errors: object[] = []) =>
    Response.json({ message, errors }, { status });
  it.each<[string, Response, string]>([
    ['403', json(403, 'API rate limit exceeded for user ID 1.'), 'rate-limited'],
    ['403', json(403, 'You have been temporarily blocked: secondary rate limit.'), 'rate-limited'],
    ['422', json(422, 'Validation Failed', [{ code: 'custom', message: 'was submitted too quickly' }]), 'rate-limited'],
    ['403', new Response('<html>This request was blocked.</html>', { status: 403 }), 'auth'],
    ['403', json(403, 'This repository is read-only.'), 'rejected'],
    ['501', new Response('', { status: 501 }), 'rejected'],
  ])('answers a create with %s, and only words tell the reason', async (_, answer, code) => {
    const { change, tracker } = await connectGithub();
    change.now = ({ method, url }, given) => (method === 'POST' && url.endsWith('/issues') ? answer.clone() : given);
    await expect(tracker.createIssue(sampleDraft(1))).rejects.toMatchObject({ code });
  });

  it('gives JSON without saying so', async () => {
    const { state, change, tracker } = await connectGithub();
    change.now = async (_, { status, body }) => new Response(body, { status });
    const { id } = await tracker.createIssue(sampleDraft(1));
    state.refusedFields = ['assignees'];
    await expect(tracker.editIssue(id, { assignee: 'dana-acme' })).rejects.toMatchObject({
      fields: [{ part: 'assignee' }],
    });
  });

  it('lists an issue that cannot be read beside others', async () => {
    const { change, tracker } = await connectGithub();
    const { cursor } = await tracker.listChanges(null, now());
    for (const number of [1, 2]) await tracker.createIssue(sampleDraft(number));
    change.now = (_, answer) => rewrite(answer, (text) => text.replace('"comments":0', '"comments":"many"'));
    expect((await tracker.listChanges(cursor, now())).changed.map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('names one assignee alone', async () => {
    const { change, tracker } = await connectGithub();
    change.now = (_, answer) => rewrite(answer, (text) => text.replaceAll('"assignees":', '"left_out":'));
    expect(await tracker.createIssue({ ...sampleDraft(1), assignee: 'dana-acme' })).toMatchObject({
      assignee: 'dana-acme',
    });
  });

  it.each(['location', 'url'])('redirects to another host than the one that is called, by %s', async (by) => {
    const { state, change, tracker } = await connectGithub();
    const { id } = await tracker.createIssue(sampleDraft(1));
    Object.assign(state, { repository: 'acme/product-2', formerNames: ['acme/product'] });
    change.now = async (_, answer) => {
      const to = answer.headers.get('location')?.replace('github.test', 'api.github.example');
      if (!to) return answer;
      const { status } = answer;
      return Response.json({ url: to }, by === 'url' ? { status } : { status, headers: { location: to } });
    };
    expect((await tracker.readIssue(id))?.id).toBe(id);
  });
});

describe('Jira', () => {
  it('has fields whose values are of any kind', async () => {
    const { tracker, trouble } = await harness();
    trouble.reply = async (request, answer) => {
      if (!/createmeta\/SUP\/issuetypes\//.test(request.url)) return answer();
      const page = await (await answer()).json();
      const odd = { fieldId: 'customfield_1', name: null, required: false, schema: { type: 'any' } };
      page.fields.push({ ...odd, allowedValues: ['text', null, { name: null }] }, { ...odd, allowedValues: null });
      return Response.json({ ...page, total: page.fields.length });
    };
    expect(await tracker.createIssue(sampleDraft(1))).toMatchObject({ severity: 2 });
  });

  it('does not describe its screens, which stops nothing', async () => {
    const { tracker, trouble, clock } = await harness();
    trouble.reply = async (request, answer) =>
      /createmeta\/SUP\/issuetypes\//.test(request.url) ? new Response('', { status: 403 }) : answer();
    const findings = await tracker.check({ accounts: [], labels: [], now: clock.now });
    expect(findings?.filter(({ about }) => about === 'fields')).toEqual([]);
  });

  it('leaves out what is empty, and answers a change with the issue', async () => {
    const { tracker, trouble, trackerUser } = await harness();
    const made = await tracker.createIssue({ ...sampleDraft(1), labels: [] });
    const leftOut = ['labels', 'description', 'body', 'fieldId', 'priority', 'duedate', 'issuetype', 'resolution'];
    const keep = (key: string, value: unknown) => (leftOut.includes(key) ? undefined : value);
    trouble.reply = async (request, answer) => {
      const given = await answer();
      if (request.method === 'PUT') return Response.json({ id: made.id });
      return rewrite(given, (text) => text && JSON.stringify(JSON.parse(text, keep)));
    };
    expect(await tracker.editIssue(made.id, { title: 'Another' })).toMatchObject({ title: 'Another', labels: [] });
    await trackerUser.comment(made.key, 'acc-dana', 'Words');
    expect(await tracker.listComments(made.id, 0)).toMatchObject([{ author: 'acc-dana', text: '' }]);
    await trackerUser.close(made.key, 'acc-dana');
    expect((await tracker.readIssue(made.id))?.closure).toMatchObject({ kind: 'completed', by: 'acc-dana' });
  });

  it('tells no properties, and a new issue is known by its label', async () => {
    const { tracker, trouble, clock } = await harness();
    const keep = (key: string, value: unknown) => (key === 'properties' ? undefined : value);
    trouble.reply = async (_, answer) =>
      rewrite(await answer(), (text) => text && JSON.stringify(JSON.parse(text, keep)));
    const { id } = await tracker.createIssue(sampleDraft(1));
    const search = { ...sampleDraft(1), floor: '0', startedAt: clock.now };
    expect((await tracker.findCreatedIssue(search))?.id).toBe(id);
    expect(await tracker.findCreatedIssue({ ...search, marker: sampleDraft(2).marker })).toBeNull();
  });

  it('is called at its site, whatever the address ends with', async () => {
    for (const end of ['/', '/rest/api/3', '/rest/api/3/']) {
      const { tracker } = await harness({ address: `https://acme.atlassian.example${end}` });
      expect((await tracker.createIssue(sampleDraft(1))).url).toMatch(/example\/browse\/SUP-1$/);
    }
  });

  it('demands a reason of one way to reopen, and another way leads there too', async () => {
    const { tracker, trackerUser, state } = await harness();
    const reason = { id: 'customfield_10070', name: 'Reason', type: 'string' as const, required: false, values: [] };
    state.setUp.customFields.push(reason);
    state.setUp.demands = { 'To Do': [reason.id] };
    const { id, key } = await tracker.createIssue(sampleDraft(1));
    await trackerUser.close(key, 'acc-dana');
    expect(await tracker.reopenIssue(id)).toMatchObject({ state: 'open', status: { class: 'pending' } });
  });
});

describe('Linear', () => {
  async function connect(baseUrl = 'https://linear.test/graphql') {
    const seed = { team: { key: 'GRO', name: 'Growth' }, people: [], bot: { token: 'lin_1', name: 'Caselite' } };
    const { app } = createLinear({ now, baseUrl: 'https://linear.test', seed });
    const change: { now: Change } = { now: (_, answer) => answer };
    const settings = linear.settings.parse({ kind: 'linear', team: 'GRO', token: 'LINEAR_KEY' });
    const fetch = through(app, change);
    const tracker = await linear.create(settings, { fetch, baseUrl, retryMs: 0, secret: () => 'lin_1' });
    return { change, tracker };
  }

  it('lacks fields that other ones have', async () => {
    const { change, tracker } = await connect();
    const lacking = ['groupType', 'trashed', 'autoClosedAt', 'triageEnabled', 'isGroup', 'retiredAt'];
    change.now = async (request, answer) => {
      const { query } = await request.json();
      const [field] = query.startsWith('query') ? lacking.filter((name) => query.includes(` ${name} `)) : [];
      const errors = [
        { message: `Cannot query field "${field}" on type "It".`, extensions: { type: 'graphql error' } },
      ];
      return field ? Response.json({ errors }, { status: 400 }) : answer;
    };
    const { id, labels } = await tracker.createIssue(sampleDraft(1));
    expect(labels).toContain('severity:high');
    expect(await tracker.closeIssue(id, 'completed')).toMatchObject({ state: 'closed' });
    expect(await tracker.reopenIssue(id)).toMatchObject({ state: 'open' });
    const { changed } = await tracker.listChanges('0', now());
    expect(changed.map((issue) => issue.id)).toEqual([id]);
  });

  it.each([
    [429, { code: 'TOO_MANY_REQUESTS' }, 'rate-limited'],
    [401, {}, 'auth'],
    [403, {}, 'auth'],
    [400, {}, 'rejected'],
    [400, { code: 'INTERNAL_SERVER_ERROR' }, 'unknown'],
  ])('answers with status %i and errors of its own', async (status, extensions, code) => {
    const { change, tracker } = await connect();
    const errors = [{ message: 'No.', extensions }];
    change.now = async (request, answer) =>
      (await request.text()).includes('issueCreate') ? Response.json({ errors }, { status }) : answer;
    await expect(tracker.createIssue(sampleDraft(1))).rejects.toMatchObject({ code, status });
  });

  it.each(['', '/', '/graphql/'])('is called at /graphql where the address ends with "%s"', async (end) => {
    const { tracker } = await connect(`https://linear.test${end}`);
    expect((await tracker.createIssue(sampleDraft(1))).key).toBe('GRO-1');
  });
});
