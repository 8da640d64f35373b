import { describe, expect, it } from 'vitest';
import { github } from '#adapters/trackers/github/definition.ts';
import { createGitHub, type GitHubIssue } from '#adapters/trackers/github/emulator/github.ts';
import type { Fetch } from '#domain/base/ports.ts';
import { minuteMs } from '#domain/time/units.ts';
import { withFaults } from '#test/contracts/faults.ts';
import { sampleDraft } from '#test/contracts/tracker.ts';
import { validatingAnswers } from '#test/contracts/validating.ts';

const baseUrl = 'https://api.github.test';
const seed = {
  repository: 'acme/product',
  people: ['dana-acme', 'sam-acme'],
  bot: { login: 'acme-caselite', token: 'bot-token' },
};

async function makeBench(token = seed.bot.token, repository = seed.repository) {
  let time = Date.parse('2026-11-23T09:30:00.400Z');
  const now = () => time;
  const host = createGitHub({ now, baseUrl, seed });
  const answer = validatingAnswers('github', async (request) => host.app.fetch(new Request(request)));
  const requests: string[] = [];
  const { fetch, faults } = withFaults(async (input, init) => {
    const request = new Request(input, init);
    requests.push(`${request.method} ${request.url.slice(baseUrl.length)}`);
    return answer(request);
  });
  const settings = github.settings.parse({ kind: 'github', repository, token: 'GITHUB_TOKEN' });
  const make = (through: Fetch) =>
    github.create(settings, { fetch: through, baseUrl, retryMs: 0, secret: () => token });
  return {
    ...host,
    tracker: await make(fetch),
    make,
    requests,
    draft: sampleDraft,
    now,
    advance(ms: number) {
      time += ms;
    },
    faults,
  };
}

function answering(status: number, headers: Record<string, string>, body: unknown): Fetch {
  return async () => Response.json(body, { status, headers });
}

describe('GitHub’s own ways', () => {
  it('tries again where GitHub does not find, for a moment, the issue that it is to label', async () => {
    const { app, make, tracker } = await makeBench();
    const { id } = await tracker.createIssue(sampleDraft(1));
    const errors = [{ resource: 'Label', code: 'unprocessable', field: 'data', message: 'Issue not found' }];
    const lagging = await make(async (input, init) => {
      const request = new Request(input, init);
      const isMissed = request.method === 'POST' && request.url.endsWith(`/issues/${id}/labels`);
      return isMissed ? Response.json({ message: 'Validation Failed', errors }, { status: 422 }) : app.fetch(request);
    });
    const edit = { labelsToAdd: [{ name: 'overdue', color: 'b60205', description: '' }] };
    await expect(lagging.editIssue(id, edit)).rejects.toMatchObject({ code: 'unavailable', status: 422 });
    expect((await tracker.editIssue(id, edit)).labels).toContain('overdue');
  });

  it('gives new labels their colours once and never again', async () => {
    const { tracker, state, requests } = await makeBench();
    await tracker.createIssue(sampleDraft(1));
    await tracker.createIssue(sampleDraft(2));
    expect(state.labels.map(({ name, color }) => [name, color])).toEqual([
      ['severity:high', 'd93f0b'],
      ['category:installation-issues', '0e8a16'],
      ['due:2026-11-27', 'c5def5'],
    ]);
    expect(requests.filter((line) => line.startsWith('POST') && line.endsWith('/labels'))).toHaveLength(3);
    expect(requests.filter((line) => line.includes('GET') && line.includes('/labels?'))).toHaveLength(1);
  });

  it('makes the issue although its labels cannot be made', async () => {
    const { tracker, state, make, app } = await makeBench();
    const noLabels = await make(async (input, init) => {
      const request = new Request(input, init);
      return request.url.includes('/labels') ? new Response('no', { status: 403 }) : app.fetch(request);
    });
    await noLabels.createIssue(sampleDraft(1));
    expect(state.issues).toHaveLength(1);
    expect((await tracker.readIssue('1'))?.labels).toContain('severity:high');
  });

  it('finds an issue by number while the list lags', async () => {
    const { tracker, state, faults, now } = await makeBench();
    state.listLagMs = 8 * minuteMs;
    const floor = await tracker.floor();
    await tracker.createIssue(sampleDraft(1));
    faults.loseNextAnswer();
    await tracker.createIssue(sampleDraft(2)).catch(() => {});
    const { marker, uuid } = sampleDraft(2);
    const issue = await tracker.findCreatedIssue({ marker, uuid, floor, startedAt: now() });
    expect(issue?.key).toBe('2');
  });

  it('does not stop the read-back at deleted or moved issues and pull requests', async () => {
    const { tracker, state, now } = await makeBench();
    state.listLagMs = 8 * minuteMs;
    for (let n = 1; n <= 4; n += 1) await tracker.createIssue(sampleDraft(n));
    const change = (index: number, facts: Partial<GitHubIssue>) => Object.assign(state.issues[index] ?? {}, facts);
    change(0, { gone: 410 });
    change(1, { gone: 301 });
    change(2, { isPullRequest: true });
    const { marker, uuid } = sampleDraft(4);
    expect((await tracker.findCreatedIssue({ marker, uuid, floor: '0', startedAt: now() }))?.key).toBe('4');
  });

  it('is not fooled by a person’s copy of the marker, in an issue or a comment', async () => {
    const { tracker, app, state, now } = await makeBench();
    const { marker, uuid } = sampleDraft(1);
    const post = (path: string, body: object) =>
      app.request(`${baseUrl}/repos/acme/product${path}`, {
        method: 'POST',
        headers: { authorization: 'token as-sam-acme' },
        body: JSON.stringify(body),
      });
    await post('/issues', { title: 'Copy', body: `Text <!-- caselite:${marker} -->` });
    expect(await tracker.findCreatedIssue({ marker, uuid, floor: '0', startedAt: now() })).toBeNull();

    await post('/issues/1/comments', { body: 'Sly <!-- caselite-op:op-1 -->' });
    const draft = { ref: 'op-1', uuid, body: '', mention: [] };
    expect(await tracker.hasComment('1', draft)).toBe(false);
    expect(await tracker.listComments('1', 0)).toHaveLength(1);
    expect(state.issues).toHaveLength(1);
  });

  it('trusts the marker alone where the token may not ask who it is', async () => {
    const { make, app, tracker, state, now } = await makeBench();
    await tracker.createIssue(sampleDraft(1));
    Object.assign(state.issues[0] ?? {}, { author: 'acme-caselite[bot]' });
    const asApp = await make(async (input, init) => {
      const request = new Request(input, init);
      return request.url.endsWith('/user') ? new Response('{}', { status: 403 }) : app.fetch(request);
    });
    const { marker, uuid } = sampleDraft(1);
    expect((await asApp.findCreatedIssue({ marker, uuid, floor: '0', startedAt: now() }))?.key).toBe('1');
  });

  it('takes the older of two duplicate issues', async () => {
    const { tracker, now } = await makeBench();
    await tracker.createIssue(sampleDraft(1));
    await tracker.createIssue(sampleDraft(1));
    const { marker, uuid } = sampleDraft(1);
    expect((await tracker.findCreatedIssue({ marker, uuid, floor: '9', startedAt: now() }))?.key).toBe('1');
  });

  it.each([301, 404, 410] as const)('reads an issue that answers %i as gone', async (gone) => {
    const { tracker, state } = await makeBench();
    await tracker.createIssue(sampleDraft(1));
    Object.assign(state.issues[0] ?? {}, { gone });
    expect(await tracker.readIssue('1')).toBeNull();
    await expect(tracker.reopenIssue('1')).rejects.toMatchObject({ code: 'rejected' });
  });

  it('takes the closer from the events where the issue does not name one', async () => {
    const { tracker, state, trackerUser } = await makeBench();
    await tracker.createIssue(sampleDraft(1));
    await trackerUser.close('1', 'dana-acme');
    await trackerUser.reopen('1', 'dana-acme');
    await trackerUser.close('1', 'sam-acme');
    Object.assign(state.issues[0] ?? {}, { closedBy: null });
    expect((await tracker.readIssue('1'))?.closure).toMatchObject({ by: 'sam-acme' });
  });

  it('mentions people and keeps the operation’s mark out of sight', async () => {
    const { tracker, state } = await makeBench();
    await tracker.createIssue(sampleDraft(1));
    await tracker.addComment('1', { ref: 'r1', uuid: '', body: 'Due.', mention: ['dana-acme', 'sam-acme'] });
    expect(state.comments[0]?.body).toBe('@dana-acme @sam-acme\n\nDue.\n\n<!-- caselite-op:r1 -->');
  });

  it('lists every change when many share one second, and no pull request', async () => {
    const { tracker, state, now, advance, requests } = await makeBench();
    await tracker.createIssue(sampleDraft(1));
    const [first] = state.issues;
    if (!first) throw new Error('no issue');
    state.issues.length = 0;
    const at = (n: number) => now() + (n < 120 ? 0 : n < 380 ? 5000 : 5000 + n * 1000);
    for (let n = 1; n <= 500; n += 1) {
      state.issues.push({ ...first, number: n, updated: at(n), isPullRequest: n % 50 === 0 });
    }
    const { cursor } = await tracker.listChanges(null, now());
    advance(20 * minuteMs);
    requests.length = 0;
    const { changed } = await tracker.listChanges(cursor, now());
    expect(changed).toHaveLength(490);
    expect(requests.length).toBeLessThan(12);
  });

  it('loses nothing when issues change between two pages', async () => {
    const { tracker, make, app, state, now, advance } = await makeBench();
    await tracker.createIssue(sampleDraft(1));
    const [first] = state.issues;
    if (!first) throw new Error('no issue');
    state.issues = Array.from({ length: 150 }, (_, index) => {
      return { ...first, number: index + 1, updated: now() + index * 1000 };
    });
    advance(5 * minuteMs);
    const shifting = await make(async (input, init) => {
      const answer = await app.fetch(new Request(input, init));
      const early = state.issues[3];
      if (early) early.updated = now();
      return answer;
    });
    const { changed } = await shifting.listChanges(new Date(now()).toISOString(), now());
    expect(changed).toHaveLength(150);
  });

  it('overlaps by ten minutes, so that a list that lags loses nothing', async () => {
    const { tracker, state, trackerUser, now, advance } = await makeBench();
    await tracker.createIssue(sampleDraft(1));
    advance(60 * minuteMs);
    state.listLagMs = 8 * minuteMs;
    let { cursor } = await tracker.listChanges(null, now());
    await trackerUser.close('1', 'sam-acme');
    const seen = [];
    for (let poll = 0; poll < 6; poll += 1) {
      advance(2 * minuteMs);
      const page = await tracker.listChanges(cursor, now());
      cursor = page.cursor;
      seen.push(page.changed.length);
    }
    expect(seen.some((count) => count > 0)).toBe(true);
  });

  it('misses no change while our own clock is an hour fast, or after', async () => {
    const { tracker, trackerUser, now, advance } = await makeBench();
    await tracker.createIssue(sampleDraft(1));
    advance(60 * minuteMs);
    let { cursor } = await tracker.listChanges(null, now() + 60 * minuteMs);
    for (const state of ['closed', 'open'] as const) {
      advance(20 * minuteMs);
      ({ cursor } = await tracker.listChanges(cursor, now() + 60 * minuteMs));
      advance(minuteMs);
      await (state === 'closed' ? trackerUser.close('1', 'sam-acme') : trackerUser.reopen('1', 'sam-acme'));
      advance(minuteMs);
      const page = await tracker.listChanges(cursor, now() + (state === 'closed' ? 60 * minuteMs : 0));
      expect(page.changed.map(({ id }) => id)).toEqual(['1']);
      cursor = page.cursor;
    }
  });

  it.each([
    ['seconds', 403, { 'retry-after': '30' }, '', 30_000],
    ['a date', 429, { 'retry-after': 'Mon, 23 Nov 2026 10:00:40 GMT' }, '', 40_000],
    ['a spent limit', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1795428090' }, '', 90_000],
    ['words only', 403, {}, 'You have exceeded a secondary rate limit.', 60_000],
    ['nothing', 429, { 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': '1795428900' }, '', 60_000],
    ['an absurd number', 429, { 'retry-after': '99999999' }, '', 86_400_000],
    ['a negative number', 429, { 'retry-after': '-5' }, '', 1000],
    ['nonsense', 429, { 'retry-after': 'soon' }, '', 60_000],
  ])('waits when a limit is told by %s', async (_, status, headers, message, wait) => {
    const { make } = await makeBench();
    const date = 'Mon, 23 Nov 2026 10:00:00 GMT';
    const tracker = await make(answering(status, { date, ...headers }, { message }));
    await expect(tracker.createIssue(sampleDraft(1))).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterMs: wait,
    });
  });

  it.each([
    [400, 'rejected'],
    [403, 'auth'],
    [404, 'rejected'],
    [409, 'unknown'],
    [410, 'rejected'],
    [413, 'rejected'],
    [422, 'rejected'],
    [307, 'rejected'],
    [503, 'unknown'],
  ])('takes %i to a create as %s', async (status, code) => {
    const { make } = await makeBench();
    const tracker = await make(answering(status, {}, { message: 'no' }));
    await expect(tracker.createIssue(sampleDraft(1))).rejects.toMatchObject({ code, status });
  });

  it('never takes another repository’s issue for ours', async () => {
    const { make, app } = await makeBench();
    const tracker = await make(async (input, init) => {
      const answer = await app.fetch(new Request(input, init));
      return new Response((await answer.text()).replaceAll('acme/product', 'acme/other'), answer);
    });
    await expect(tracker.createIssue(sampleDraft(1))).rejects.toMatchObject({ code: 'unknown' });
    expect(await tracker.readIssue('1')).toBeNull();
  });

  it('takes an answer without our marker for no answer', async () => {
    const { make, app } = await makeBench();
    const tracker = await make(async (input, init) => {
      const answer = await app.fetch(new Request(input, init));
      return new Response((await answer.text()).replaceAll('caselite:', ''), answer);
    });
    await expect(tracker.createIssue(sampleDraft(1))).rejects.toMatchObject({ code: 'unknown' });
  });

  it('writes nothing to an issue that is as wanted', async () => {
    const { tracker, requests } = await makeBench();
    await tracker.createIssue(sampleDraft(1));
    await tracker.closeIssue('1', 'completed');
    requests.length = 0;
    await tracker.closeIssue('1', 'completed');
    await tracker.editIssue('1', { labelsToRemove: ['never-there'] });
    expect(requests.every((line) => line.startsWith('GET'))).toBe(true);
    await tracker.reopenIssue('1');
    requests.length = 0;
    await tracker.reopenIssue('1');
    expect(requests).toEqual(['GET /repos/acme/product/issues/1']);
  });

  it('tries a read again, and a deadline is no answer', async () => {
    const { make } = await makeBench();
    let calls = 0;
    const tracker = await make(async () => {
      calls += 1;
      throw new DOMException('late', 'TimeoutError');
    });
    await expect(tracker.readIssue('1')).rejects.toMatchObject({ code: 'unavailable', status: 0 });
    expect(calls).toBe(3);
  });
});
