import { AppError } from '#domain/base/errors.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type { GitHubSettings } from './settings.ts';

export type Octokit = InstanceType<typeof import('@octokit/rest').Octokit>;

const apiVersion = '2026-03-10';

/** Octokit with a token, or as an installed App. It uses the given fetch only. */
export async function connect(
  settings: GitHubSettings,
  options: { fetch: Fetch; baseUrl: string; secret(name: string): string },
) {
  const { Octokit } = await import('@octokit/rest');
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const octokit = new Octokit({
    ...(await credentials(settings, options.secret)),
    baseUrl: options.baseUrl.replace(/\/$/, ''),
    request: { fetch: options.fetch, log },
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
  const auth = {
    appId: app.id,
    installationId: app.installation,
    privateKey: readPrivateKey(secret(app.key), app.key),
  };
  return { authStrategy: createAppAuth, auth };
}

/** GitHub issues PKCS#1 keys, which WebCrypto cannot read. The library needs line breaks, which a pasted key loses. */
function readPrivateKey(text: string, name: string): string {
  const key = text.replaceAll('\\n', '\n').trim();
  const [, begin, content = '', end] = /^(-+BEGIN PRIVATE KEY-+)([^-]+)(-+END PRIVATE KEY-+)$/.exec(key) ?? [];
  if (begin) return [begin, content.replaceAll(/\s/g, ''), end].join('\n');
  const kind = key.startsWith('-----BEGIN RSA PRIVATE KEY-----') ? 'is in PKCS#1' : 'is no private key in PEM';
  throw new AppError(
    'config',
    `the secret ${name} ${kind}; give it in PKCS#8: openssl pkcs8 -topk8 -nocrypt -in app.pem -out app.pkcs8.pem`,
  );
}
