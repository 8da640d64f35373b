import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMailHost } from '#adapters/mail/resend/emulator/mail-host.ts';
import { createGitHub } from '#adapters/trackers/github/emulator/github.ts';
import { createJira } from '#adapters/trackers/jira/emulator/jira.ts';
import { createLinear } from '#adapters/trackers/linear/emulator/linear.ts';

const root = join(import.meta.dirname, '..', '..');
const now = () => Date.now();

/** Serves an emulator at its own address. */
async function stand<Built extends { app: { fetch(request: Request): Response | Promise<Response> } }>(
  build: (baseUrl: string) => Built,
): Promise<Built & { baseUrl: string }> {
  let handle: (request: Request) => Response | Promise<Response> = () => new Response('', { status: 503 });
  const port = await new Promise<number>((resolve) => {
    const server = serve({ fetch: (request) => handle(request), hostname: '127.0.0.1', port: 0 }, (info) =>
      resolve(info.port),
    );
    onTestFinished(() => void server.close());
  });
  const baseUrl = `http://127.0.0.1:${port}`;
  const built = build(baseUrl);
  handle = (request) => built.app.fetch(request);
  return { ...built, baseUrl };
}

async function bench() {
  const logins = ['dana-acme', 'priya-acme', 'sam-acme'];
  const github = await stand((baseUrl) => {
    const bot = { login: 'caselite', token: 'gh' };
    return createGitHub({ now, baseUrl, seed: { repository: 'acme/product', people: logins, bot } });
  });
  const jira = await stand((baseUrl) => {
    const bot = { account: 'bot', email: 'caselite@acme.example', token: 'ji' };
    const accounts = ['5b10ac8d82e05b22cc7d4ef1', '5b10ac8d82e05b22cc7d4ef2', '5b10ac8d82e05b22cc7d4ef3'];
    const named = accounts.map((account) => ({ account, name: account }));
    return createJira({ now, baseUrl, seed: { project: 'SUP', people: named, bot } });
  });
  const linear = await stand((baseUrl) =>
    createLinear({
      now,
      baseUrl,
      seed: {
        team: { key: 'GRO', name: 'Growth' },
        people: ['dana', 'priya', 'sam'].map((name) => ({ account: `${name}@acme.example`, name })),
        bot: { token: 'li', name: 'Caselite' },
      },
    }),
  );
  const mail = await stand(() => createMailHost({ now, key: 're' }));
  const environment: Record<string, string> = {
    RESEND_API_URL: mail.baseUrl,
    ACME__RESEND_KEY: 're',
    PATH: process.env.PATH ?? '',
    GITHUB_API_URL: github.baseUrl,
    JIRA_API_URL: jira.baseUrl,
    LINEAR_API_URL: `${linear.baseUrl}/graphql`,
    ACME__GITHUB_TOKEN: 'gh',
    ACME__JIRA_TOKEN: 'ji',
    ACME__LINEAR_KEY: 'li',
    ACME__TYPEFORM_SECRET: 'whsec_dHlwZWZvcm0=',
    ACME__FEEDBACK_SECRET: 'whsec_ZmVlZGJhY2s=',
  };
  return { github, jira, linear, environment };
}

function doctor(env: Record<string, string>): Promise<{ code: number | null; lines: string[] }> {
  const file = join(root, 'templates', 'workspaces', 'acme.yaml');
  const child = spawn(process.execPath, [join(root, 'src', 'cli', 'caselite.ts'), 'doctor', '--workspace', file], {
    env,
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, lines: text.trim().split('\n') })));
}

describe('npm run doctor', () => {
  it('says that all is well, and ends with 0', async () => {
    const { environment } = await bench();
    const { code, lines } = await doctor(environment);
    expect(lines.filter((line) => !/all is well|note, fields/.test(line))).toEqual([]);
    expect(lines).toHaveLength(4);
    expect(lines).toContain('mail (resend): all is well');
    expect(code).toBe(0);
  });

  it('says in one line each what is wrong and how to mend it, and ends with 1', async () => {
    const { environment, github, jira } = await bench();
    github.state.archived = true;
    jira.state.lacks = ['TRANSITION_ISSUES'];
    const { ACME__LINEAR_KEY: _, ACME__TYPEFORM_SECRET: __, ...kept } = environment;
    const rest = { ...kept, ACME__RESEND_KEY: 'an old key' };
    const { code, lines } = await doctor(rest);
    expect(lines).toContainEqual(expect.stringMatching(/\(github\) STOPS, place: .* archived; unarchive it/));
    expect(lines).toContainEqual(expect.stringMatching(/\(jira\) STOPS, permissions: .*Transition issues/));
    expect(lines).toContainEqual(expect.stringMatching(/\(linear\) STOPS, .*ACME__LINEAR_KEY/));
    expect(lines).toContainEqual(expect.stringMatching(/mail \(resend\) STOPS: the key is refused; make a new one/));
    expect(lines.at(-1)).toBe(
      'source upgrade-survey (typeform) STOPS, credentials: the deployment has no secret ACME__TYPEFORM_SECRET; set it and start again, or enter it under Settings, Connections',
    );
    expect(code).toBe(1);
  });
});
