import { describe, expect, it } from 'vitest';
import { createIntegrations, requireLoopbackInDemo } from '#src/wiring.ts';
import { acme } from '#test/domain/samples.ts';

const secrets: Record<string, string> = { ACME__JIRA_TOKEN: 'ji', ACME__QUALTRICS_TOKEN: 'qu' };

function workspaceWith(site: string, dataCenter?: string) {
  return acme(({ name, text }) =>
    name === 'acme'
      ? text
          .replace('    kind: jira\n', `    kind: jira\n    site: ${site}\n`)
          .replace(
            /^trackers:\n/m,
            `trackers:\n  second: { kind: jira, site: two.atlassian.net, project: TWO, email: a@acme.example, token: JIRA_TOKEN }\n`,
          )
          .replace(
            /^sources:\n/m,
            `sources:\n  brand: { kind: qualtrics, secret: QUALTRICS_SECRET, token: QUALTRICS_TOKEN${dataCenter ? `, data-center: ${dataCenter}` : ''} }\n`,
          )
      : text,
  );
}

/** Hosts that a workspace's calls go to. */
async function hostsOf(settings: ReturnType<typeof acme>, deployment: Record<string, string> = {}): Promise<string[]> {
  const asked: string[] = [];
  const integrations = createIntegrations(settings, (name) => deployment[name] ?? secrets[name], {
    retryMs: 0,
    async fetch(input, init) {
      asked.push(new URL(new Request(input, init).url).origin);
      return Response.json({}, { status: 400 });
    },
  });
  for (const name of ['support', 'second'])
    await (await integrations.tracker(name)).readIssue('1').catch(() => undefined);
  await integrations
    .source('brand')
    ?.api()
    ?.fetchQuestions?.('SV_1')
    .catch(() => undefined);
  return asked;
}

describe('a vendor’s host in the workspace file', () => {
  it('lets one deployment serve two sites and a data centre, before its own addresses', async () => {
    const settings = workspaceWith('acme.atlassian.net', 'fra1');
    const own = ['https://acme.atlassian.net', 'https://two.atlassian.net', 'https://fra1.qualtrics.com'];
    expect(await hostsOf(settings)).toEqual(own);
    const deployment = { JIRA_API_URL: 'https://other.atlassian.net', QUALTRICS_API_URL: 'https://iad1.qualtrics.com' };
    expect(await hostsOf(settings, deployment)).toEqual(own);
  });

  it('gives way to an emulator on this machine', async () => {
    const deployment = { JIRA_API_URL: 'http://127.0.0.1:8791', QUALTRICS_API_URL: 'http://localhost:9' };
    expect(await hostsOf(workspaceWith('acme.atlassian.net', 'fra1'), deployment)).toEqual([
      'http://127.0.0.1:8791',
      'http://127.0.0.1:8791',
      'http://localhost:9',
    ]);
  });

  it.each([
    'acme.atlassian.net.evil.example',
    'evil.example',
    'https://acme.atlassian.net',
    'acme.atlassian.net:8080',
    'a.b.atlassian.net',
    'user@acme.atlassian.net',
  ])('is none of another vendor: site %s', (site) => {
    expect(() => workspaceWith(site)).toThrow('is the host of a Jira Cloud site alone');
  });

  it.each(['fra1.qualtrics.com', 'evil.example/', 'fra1.evil', 'a@b'])(
    'is none of another vendor: data centre %s',
    (dataCenter) => {
      expect(() => workspaceWith('acme.atlassian.net', dataCenter)).toThrow('is the id of a data centre');
    },
  );

  it('does not let a demo out of this machine', () => {
    const { workspace } = workspaceWith('acme.atlassian.net');
    const loopback: Record<string, string> = {
      GITHUB_API_URL: 'http://127.0.0.1:1',
      LINEAR_API_URL: 'http://127.0.0.1:1',
      RESEND_API_URL: 'http://127.0.0.1:1',
    };
    const demo = { ...workspace, demo: true };
    expect(() => requireLoopbackInDemo(demo, (name) => loopback[name])).toThrow('JIRA_API_URL must be a loopback');
    const emulated = { ...loopback, JIRA_API_URL: 'http://127.0.0.1:1' };
    expect(() => requireLoopbackInDemo(demo, (name) => (emulated as Record<string, string>)[name])).not.toThrow();
  });
});
