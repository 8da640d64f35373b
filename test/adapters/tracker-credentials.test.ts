import { describe, expect, it } from 'vitest';
import { linear } from '#adapters/trackers/linear/definition.ts';
import { createLinear } from '#adapters/trackers/linear/emulator/linear.ts';
import { sampleComment } from '#test/contracts/tracker.ts';
import { validatingAnswers } from '#test/contracts/validating.ts';
import { baseUrl, draft, harness } from './jira-harness.ts';
import { draftOf } from './linear-setup.ts';

describe('Jira with a scoped token', () => {
  it('goes through the gateway, and links to the site', async () => {
    const gateway = 'https://api.atlassian.example/ex/jira/cloud-1';
    const { tracker, sent } = await harness({ address: gateway });
    const made = await tracker.createIssue(draft);
    expect(made.url).toBe(`${baseUrl}/browse/${made.key}`);
    expect(sent.every(({ path }) => path.startsWith('/ex/jira/cloud-1/rest/api/3/'))).toBe(true);
  });
});

describe('Linear with client credentials', () => {
  const client = { id: 'client-1', secret: 'LINEAR_CLIENT' };

  async function bench(secret = 'c-secret') {
    const clock = { now: Date.UTC(2026, 10, 23, 9) };
    const { app, state } = createLinear({
      now: () => clock.now,
      baseUrl: 'https://linear.test',
      seed: { team: { key: 'GRO', name: 'Growth' }, people: [], bot: { token: 'key', name: 'Caselite' } },
    });
    state.client = { id: client.id, secret: 'c-secret', token: null, until: 0 };
    const paths: string[] = [];
    const trouble = { isTokenLost: false };
    const answer = validatingAnswers('linear', async (request) => app.fetch(new Request(request)));
    const connect = () =>
      linear.create(linear.settings.parse({ kind: 'linear', team: 'GRO', client }), {
        baseUrl: 'https://linear.test/graphql',
        retryMs: 0,
        secret: () => secret,
        fetch: async (input, init) => {
          const request = new Request(input, init);
          paths.push(new URL(request.url).pathname);
          if (trouble.isTokenLost && request.url.endsWith('/oauth/token')) throw new TypeError('fetch failed');
          return answer(request);
        },
      });
    return { state, clock, paths, trouble, connect, tracker: await connect() };
  }
  const tokensIn = (paths: string[]) => paths.filter((path) => path === '/oauth/token').length;

  it('asks for one token and keeps it', async () => {
    const { tracker, paths } = await bench();
    const { id } = await tracker.createIssue(draftOf({ assignee: null }));
    await tracker.readIssue(id);
    expect(tokensIn(paths)).toBe(1);
  });

  it('has changed nothing where the answer with a token got lost', async () => {
    const { tracker, clock, trouble, state } = await bench();
    const { id } = await tracker.createIssue(draftOf({ assignee: null }));
    clock.now += 31 * 24 * 60 * 60_000;
    trouble.isTokenLost = true;
    const comment = sampleComment(1);
    await expect(tracker.addComment(id, comment)).rejects.toMatchObject({
      code: 'unavailable',
      operation: 'linear token',
    });
    trouble.isTokenLost = false;
    await tracker.addComment(id, comment);
    expect(state.comments).toHaveLength(1);
  });

  it('asks again when it has ended, by time or by another’s', async () => {
    const { tracker, clock, paths, connect } = await bench();
    const { id } = await tracker.createIssue(draftOf({ assignee: null }));
    clock.now += 31 * 24 * 60 * 60_000;
    expect(await tracker.readIssue(id)).toMatchObject({ id });
    await (await connect()).readIssue(id);
    expect(await tracker.reopenIssue(id)).toMatchObject({ id });
    expect(tokensIn(paths)).toBe(4);
  });

  it('is refused with a wrong secret, as credentials are', async () => {
    const { tracker } = await bench('wrong');
    await expect(tracker.readIssue(draftOf().uuid)).rejects.toMatchObject({ code: 'auth' });
    const findings = await tracker.check({ accounts: [], labels: [], now: 0 });
    expect(findings).toEqual([expect.objectContaining({ about: 'credentials', blocking: true })]);
  });
});
