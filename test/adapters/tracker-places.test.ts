import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { github } from '#adapters/trackers/github/definition.ts';
import { createGitHub } from '#adapters/trackers/github/emulator/github.ts';
import { jira } from '#adapters/trackers/jira/definition.ts';
import { createJira } from '#adapters/trackers/jira/emulator/jira.ts';
import { linear } from '#adapters/trackers/linear/definition.ts';
import { createLinear } from '#adapters/trackers/linear/emulator/linear.ts';

const now = () => Date.UTC(2026, 10, 23, 9);
const people = [{ account: 'dana', name: 'Dana' }];
const bot = { account: 'bot', login: 'caselite', name: 'Caselite', email: 'caselite@acme.example', token: 'right' };

const vendors = {
  github: {
    list: github.places?.list,
    baseUrl: 'https://github.test',
    app: createGitHub({
      now,
      baseUrl: 'https://github.test',
      seed: { repository: 'acme/product', people: ['dana'], bot },
    }).app,
    places: [{ value: 'acme/product', title: 'acme/product' }],
    account: 'caselite',
  },
  jira: {
    list: jira.places?.list,
    baseUrl: 'https://jira.test',
    app: createJira({ now, baseUrl: 'https://jira.test', seed: { project: 'SUP', people, bot } }).app,
    places: [expect.objectContaining({ value: 'SUP', title: expect.stringContaining('(SUP)') })],
    account: 'bot',
  },
  linear: {
    list: linear.places?.list,
    baseUrl: 'https://linear.test/graphql',
    app: createLinear({
      now,
      baseUrl: 'https://linear.test',
      seed: { team: { key: 'GRO', name: 'Growth' }, people, bot },
    }).app,
    places: [{ value: 'GRO', title: 'Growth (GRO)' }],
    account: expect.stringContaining('@'),
  },
};

// Twice in whole runs, and never alone, Node refused a sound key that a test had made.
const keys = { retry: 2 };

it('github lists what an installed App reaches, whose private key stands in place of a token', keys, async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const asked: string[] = [];
  const fetch = async (...call: ConstructorParameters<typeof Request>) => {
    const { method, url, headers } = new Request(...call);
    const { pathname } = new URL(url);
    asked.push(`${method} ${pathname} ${headers.get('authorization')?.split(' ')[0]?.toLowerCase()}`);
    if (pathname === '/app/installations/7/access_tokens')
      return Response.json(
        {
          token: 'ghs_short',
          expires_at: new Date(Date.now() + 3_600_000).toISOString(),
          permissions: { issues: 'write' },
        },
        { status: 201 },
      );
    return Response.json({
      total_count: 2,
      repositories: [{ full_name: 'acme/product' }, { full_name: 'acme/wiki', has_issues: false }],
    });
  };
  const token = privateKey.replaceAll('\n', ' ');
  const deps = { fetch, baseUrl: 'https://github.test', retryMs: 0, email: '' };
  expect(await github.places?.list({ ...deps, token, app: { id: 5, installation: 7 } })).toEqual({
    places: [{ value: 'acme/product', title: 'acme/product' }],
    account: '',
  });
  expect(asked).toEqual(['POST /app/installations/7/access_tokens bearer', 'GET /installation/repositories token']);
});

it.each(Object.entries(vendors))(
  '%s lists where a token reaches and whose it is, and refuses another token',
  async (_, vendor) => {
    const { list, baseUrl, app, places, account } = vendor;
    const fetch = async (...call: ConstructorParameters<typeof Request>) => app.fetch(new Request(...call));
    const ask = (token: string) => list?.({ fetch, baseUrl, retryMs: 0, token, email: bot.email });
    expect(await ask('right')).toEqual({ places, account });
    await expect(ask('wrong')).rejects.toMatchObject({ code: 'auth' });
  },
);
