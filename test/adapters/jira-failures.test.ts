import * as cloud from 'jira.js/cloud';
import { createClient } from 'jira.js/core';
import { describe, expect, it, vi } from 'vitest';
import { createJira } from '#adapters/trackers/jira/emulator/jira.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import { baseUrl, bot, creates, draft, harness, people, type Reply, start } from './jira-harness.ts';

describe('failures', () => {
  const secretBody = 'mail me at kim@customer.example';
  const network = (code: string) =>
    Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) });
  const answer =
    (status: number, headers: Record<string, string> = {}) =>
    async () =>
      new Response(status === 204 ? null : JSON.stringify({ errorMessages: [secretBody] }), {
        status,
        headers,
      });
  const date = 'Sun, 22 Nov 2026 09:00:00 GMT';

  const table: [string, Reply, string, number | null, string][] = [
    ['400', answer(400), 'rejected', null, 'rejected'],
    ['401', answer(401), 'auth', null, 'auth'],
    ['403', answer(403), 'auth', null, 'auth'],
    ['403 with a wait', answer(403, { 'retry-after': '7' }), 'rate-limited', 7000, 'rate-limited'],
    ['404', answer(404), 'rejected', null, 'rejected'],
    ['409', answer(409), 'unknown', null, 'unavailable'],
    ['410', answer(410), 'rejected', null, 'rejected'],
    ['413', answer(413), 'rejected', null, 'rejected'],
    ['422', answer(422), 'rejected', null, 'rejected'],
    ['a redirect', answer(302, { location: 'https://elsewhere.example' }), 'rejected', null, 'rejected'],
    ['429', answer(429), 'rate-limited', 60_000, 'rate-limited'],
    ['429, 0 s', answer(429, { 'retry-after': '0' }), 'rate-limited', 1000, 'rate-limited'],
    ['429, negative', answer(429, { 'retry-after': '-5' }), 'rate-limited', 1000, 'rate-limited'],
    ['429, absurd', answer(429, { 'retry-after': '9999999' }), 'rate-limited', 86_400_000, 'rate-limited'],
    ['429, nonsense', answer(429, { 'retry-after': 'soon' }), 'rate-limited', 60_000, 'rate-limited'],
    [
      '429, a date',
      answer(429, { date, 'retry-after': 'Sun, 22 Nov 2026 09:02:00 GMT' }),
      'rate-limited',
      120_000,
      'rate-limited',
    ],
    ['500', answer(500), 'unknown', null, 'unavailable'],
    ['502', answer(502), 'unknown', null, 'unavailable'],
    ['503', answer(503), 'unknown', null, 'unavailable'],
    ['503 with a wait', answer(503, { 'retry-after': '5' }), 'unknown', 5000, 'rate-limited'],
    ['2xx in HTML', async () => new Response(`<html>${secretBody}`, { status: 201 }), 'unknown', null, 'unavailable'],
    ['2xx cut short', async () => new Response('{"id":"1","key":', { status: 201 }), 'unknown', null, 'unavailable'],
    ['2xx, empty', async () => new Response('', { status: 200 }), 'unknown', null, 'unavailable'],
    ['2xx of another shape', async () => Response.json({ note: secretBody }), 'unknown', null, 'unavailable'],
    ['timeout', async () => Promise.reject(new DOMException('t', 'TimeoutError')), 'unknown', null, 'unavailable'],
    ['reset', async () => Promise.reject(network('ECONNRESET')), 'unknown', null, 'unavailable'],
    ['refused', async () => Promise.reject(network('ECONNREFUSED')), 'unavailable', null, 'unavailable'],
    ['no such host', async () => Promise.reject(network('ENOTFOUND')), 'unavailable', null, 'unavailable'],
    ['bad certificate', async () => Promise.reject(network('CERT_HAS_EXPIRED')), 'unavailable', null, 'unavailable'],
  ];

  it.each([
    [503, 'unavailable'],
    [401, 'rejected'],
    [403, 'rejected'],
    [404, 'rejected'],
  ])('a refused comment where the question for permissions is answered with %i', async (status, code) => {
    const { tracker, trouble, state } = await harness();
    const { id } = await tracker.createIssue(draft);
    state.lacks = ['ADD_COMMENTS'];
    const comment = { ref: 'c-1', uuid: 'u-1', body: 'Hello', mention: [] };
    await expect(tracker.addComment(id, comment)).rejects.toMatchObject({ code: 'auth', status: 403 });
    trouble.reply = (request, pass) => (request.url.includes('/mypermissions') ? answer(status)() : pass());
    await expect(tracker.addComment(id, comment)).rejects.toMatchObject({ code });
  });

  it.each(table)('%s', async (_, reply, code, retryAfterMs, readCode) => {
    const { tracker, trouble, sent, state } = await harness();
    const { id } = await tracker.createIssue(draft);
    const before = sent.filter(creates).length;
    trouble.reply = (request, pass) =>
      creates({ method: request.method, path: new URL(request.url).pathname }) ? reply(request, pass) : pass();
    const failure = await tracker.createIssue(draft).catch((error: Error) => error);
    expect(failure).toMatchObject({
      name: 'IntegrationError',
      code,
      retryAfterMs,
      operation: 'jira create issue',
    });
    expect(JSON.stringify([failure, String(failure), (failure as Error).cause])).not.toContain('customer');
    // After a refusal of content Jira gets a second request, for a plain issue.
    const tries = failure instanceof IntegrationError && [400, 413, 422].includes(failure.status) ? 2 : 1;
    expect(sent.filter(creates)).toHaveLength(before + tries);
    expect(state.issues).toHaveLength(1);

    trouble.reply = reply;
    const read = await tracker.listChanges(String(start), start).catch((error: Error) => error);
    expect(read).toMatchObject({ name: 'IntegrationError', code: readCode });
    if (readCode === 'unavailable') expect(sent.slice(-3).every(({ path }) => path.endsWith('/jql'))).toBe(true);
    await expect(tracker.readIssue(id)).rejects.toMatchObject({ name: 'IntegrationError' });
  });

  it('tries a read again, so that one bad moment goes unseen', async () => {
    const { tracker, trouble } = await harness();
    const { id } = await tracker.createIssue(draft);
    let calls = 0;
    trouble.reply = async (_, pass) => (calls++ === 0 ? new Response('', { status: 500 }) : pass());
    expect(await tracker.readIssue(id)).toMatchObject({ key: 'SUP-1' });
  });

  it('is refused with a wrong token', async () => {
    const { tracker } = await harness({ secret: 'wrong' });
    await expect(tracker.floor()).rejects.toMatchObject({ code: 'auth', status: 401 });
  });
});

describe('the emulated site', () => {
  it('is plain JSON and goes on where it stopped', async () => {
    const { tracker, state } = await harness();
    await tracker.createIssue(draft);
    const saved = JSON.parse(JSON.stringify(state));
    expect(saved).toEqual(state);
    const again = createJira({
      now: () => start,
      baseUrl,
      seed: { project: 'SUP', people, bot },
      state: saved,
    });
    expect(await again.trackerUser.list()).toHaveLength(1);
  });

  it('answers in shapes that the vendor’s library knows', async () => {
    const { app, tracker, trackerUser } = await harness();
    const { id: issueIdOrKey, key } = await tracker.createIssue(draft);
    await trackerUser.comment(key, 'acc-dana', 'Hello');
    await trackerUser.close(key, 'acc-dana');
    const surprises: unknown[] = [];
    const client = createClient({
      host: baseUrl,
      auth: { type: 'basic', email: bot.email, apiToken: bot.token },
      onSchemaMismatch: (report) => surprises.push(report),
    });
    vi.stubGlobal('fetch', async (input: string, init?: RequestInit) => app.fetch(new Request(input, init)));
    try {
      const project = { projectIdOrKey: 'SUP' };
      const { comments } = await cloud.getComments(client, { issueIdOrKey });
      await cloud.getCommentsByIds(client, { ids: [Number(comments?.[0]?.id)], expand: 'properties' });
      await cloud.getCurrentUser(client);
      await cloud.getServerInfo(client);
      await cloud.getCreateIssueMetaIssueTypes(client, project);
      await cloud.getCreateIssueMetaIssueTypeId(client, { ...project, issueTypeId: '10000' });
      await cloud.getIssue(client, { issueIdOrKey, properties: ['caselite.case'] });
      await cloud.bulkFetchIssues(client, { issueIdsOrKeys: [issueIdOrKey, 'SUP-9'] });
      await cloud.searchAndReconsileIssuesUsingJqlPost(client, { jql: 'project = SUP', fields: ['*all'] });
      await cloud.getTransitions(client, { issueIdOrKey, expand: 'transitions.fields' });
      await cloud.getChangeLogs(client, { issueIdOrKey });
      await cloud.getBulkChangelogs(client, { issueIdsOrKeys: [issueIdOrKey] });
    } finally {
      vi.unstubAllGlobals();
    }
    expect(surprises).toEqual([]);
  });

  it('shows an issue to a browser without letting its text run', async () => {
    const { tracker, app } = await harness();
    await tracker.createIssue({ ...draft, title: '<script>alert(1)</script>' });
    const page = await (await app.request('/browse/SUP-1')).text();
    expect(page).not.toContain('<script>');
    expect(page).toContain('&lt;script&gt;');
  });

  it.each([
    '',
    'ORDER BY key DESC',
    'project = SUP OR labels = x',
    'project ~ "SUP"',
    'updated >= "2026-01-01"',
    'project = SUP AND',
  ])('refuses the query %j', async (jql) => {
    const { app } = await harness();
    const headers = { authorization: `Basic ${btoa('bot@acme.example:s3cret')}` };
    const response = await app.request('/rest/api/3/search/jql', {
      method: 'POST',
      headers,
      body: JSON.stringify({ jql }),
    });
    expect(response.status).toBe(400);
  });
});
