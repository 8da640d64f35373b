import * as z from 'zod';
import * as kit from '../../kit.ts';
import { createGithubSetUpCheck } from './check.ts';
import { createGithubCaller, type Octokit, pageSize } from './client.ts';
import { createGithubCommenter, createGithubReader } from './read.ts';
import { createRepositoryAccess, type Repository } from './repository.ts';
import { anySchema } from './schema.ts';
import type { GitHubSettings } from './settings.ts';
import { createGithubWriter } from './write.ts';

const apiVersion = '2026-03-10';

type Deps = kit.TrackerDeps & { secret(name: string): string };

/** The port over one repository. */
export async function createGithubTracker(settings: GitHubSettings, deps: Deps): Promise<kit.Tracker> {
  const octokit = await connect(settings, deps);
  const hub = createRepositoryAccess(octokit, settings.repository, deps.retryMs);
  const hookSecret = settings['webhook-secret'];
  return {
    ...(hookSecret && { hooks: createGithubHooks(octokit, hub, () => deps.secret(hookSecret)) }),
    ...createGithubReader(octokit, hub),
    ...createGithubWriter(octokit, hub, settings),
    ...createGithubCommenter(octokit, hub),
    ...createGithubSetUpCheck(octokit, hub, settings),
  };
}

async function connect(settings: GitHubSettings, deps: Deps): Promise<Octokit> {
  const { Octokit } = await import('@octokit/rest');
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const octokit = new Octokit({
    ...(await credentials(settings, deps.secret)),
    baseUrl: deps.baseUrl.replace(/\/$/, ''),
    request: { fetch: deps.fetch, log },
    log,
  });
  octokit.hook.before('request', (request) => {
    request.headers['x-github-api-version'] = apiVersion;
  });
  return octokit;
}

async function credentials({ token, app }: GitHubSettings, secret: (name: string) => string) {
  if (!app) return { auth: secret(token ?? '') };
  const { createAppAuth } = await import('@octokit/auth-app');
  const privateKey = readPrivateKey(secret(app.key), app.key);
  return { authStrategy: createAppAuth, auth: { appId: app.id, installationId: app.installation, privateKey } };
}

/** GitHub issues PKCS#1 keys, which WebCrypto cannot read. The library needs line breaks, which a pasted key loses. */
function readPrivateKey(text: string, name: string): string {
  const key = text.replaceAll('\\n', '\n').trim();
  const [, begin, content = '', end] = /^(-+BEGIN PRIVATE KEY-+)([^-]+)(-+END PRIVATE KEY-+)$/.exec(key) ?? [];
  if (begin) return [begin, content.replaceAll(/\s/g, ''), end].join('\n');
  const kind = key.startsWith('-----BEGIN RSA PRIVATE KEY-----') ? 'is in PKCS#1' : 'is no private key in PEM';
  throw new kit.AppError(
    'config',
    `the secret ${name} ${kind}; give it in PKCS#8: openssl pkcs8 -topk8 -nocrypt -in app.pem -out app.pkcs8.pem`,
  );
}

const Repositories = z.array(z.object({ full_name: z.string(), has_issues: z.boolean().optional() }));
const Installation = z.object({ repositories: Repositories });
const User = z.object({ login: z.string() });

/**
 * The repositories of a token, the last pushed to first, or those of an App: docs.github.com, "List repositories for the
 * authenticated user" and "List repositories accessible to the app installation".
 */
export async function listRepositories({
  token,
  app,
  ...deps
}: kit.TrackerDeps & { token: string; app?: kit.InstalledApp | undefined }): Promise<kit.TrackerPlaces> {
  const given = app ? { app: { ...app, key: 'KEY' } } : { token: 'TOKEN' };
  const octokit = await connect({ kind: 'github', repository: '', ...given }, { ...deps, secret: () => token });
  const calls = createGithubCaller(deps.retryMs);
  const read = <Answer>(schema: z.ZodType<Answer>, path: string) =>
    calls.read('list repositories', schema, () => octokit.request(`GET ${path}`));
  const account = app ? '' : (await read(User, '/user')).login;
  const repositories = app
    ? (await read(Installation, '/installation/repositories?per_page=100')).repositories
    : await read(Repositories, '/user/repos?per_page=100&sort=pushed');
  const places = repositories
    .filter(({ has_issues }) => has_issues !== false)
    .map(({ full_name }) => ({ value: full_name, title: full_name }));
  return { places, account };
}

const hookEvents = ['issues', 'issue_comment'];
const Hooks = z.array(
  z.object({
    id: z.int(),
    active: z.boolean(),
    events: z.array(z.string()),
    config: z.object({ url: z.string(), content_type: z.string(), secret: z.string() }).partial(),
  }),
);

/** Webhooks of a repository, which shows only whether one has a secret: docs.github.com, "Repository webhooks". */
function createGithubHooks(
  { rest: { repos } }: Octokit,
  { place, read, write }: Repository,
  secret: () => string,
): kit.HookRegistrar {
  const find = async (url: string) => {
    const hooks = await read('list webhooks', Hooks, () => repos.listWebhooks({ ...place, per_page: pageSize }));
    return hooks.find(({ config }) => config.url === url);
  };
  return {
    async isInOrder({ url }) {
      const hook = await find(url);
      const { content_type: type, secret: mask } = hook?.config ?? {};
      const isComplete = hookEvents.every((event) => hook?.events.includes(event));
      return hook?.active === true && isComplete && type === 'json' && Boolean(mask);
    },

    async register({ url }) {
      const config = { url, content_type: 'json', insecure_ssl: '0', secret: secret() };
      const wanted = { ...place, active: true, events: hookEvents, config };
      const known = await find(url);
      await write('register webhook', anySchema, () =>
        known ? repos.updateWebhook({ ...wanted, hook_id: known.id }) : repos.createWebhook({ ...wanted, name: 'web' }),
      );
    },
  };
}
