import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createVariables } from '#src/secrets.ts';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import { createObjectSql } from '#src/workspace/object-sql.ts';
import { damageSealedSecrets, moveSealedSecrets, readSealedSecrets } from '#test/workspace/store/tampering.ts';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';
import { secrets } from './variables.ts';

useNetwork();
beforeEach(() => network.use(...emulatedHosts().handlers));

/** Acme, whose repository is reached with a token that no variable holds. */
const createWorkspace = () => newWorkspace((yaml) => yaml.replace('token: GITHUB_TOKEN', 'token: PASTED_TOKEN'));

type Workspace = Awaited<ReturnType<typeof createWorkspace>>;

const prefixOf = ({ name }: { name: string }) => `${name.toUpperCase().replace('-', '_')}__`;

const listRows = ({ stub }: Workspace) =>
  runInDurableObject(stub, async (_, { storage }) => storage.sql.exec(readSealedSecrets).toArray());

/** Stands beside a finding of the check alone, not beside the state of a queue that still waits for its next try. */
const remedy = 'enter it under Settings, Connections';

const findings = async (visit: Awaited<ReturnType<Workspace['visit']>>) =>
  (await (await visit('/settings/check', {})).text()).replaceAll(/<[^>]+>/g, '');

test('a pasted secret works at once and after a restart, is shown nowhere, and can be replaced and removed', async () => {
  const workspace = await createWorkspace();
  const visit = await workspace.visit('dana');
  expect(await findings(visit)).toContain(`has no secret ${prefixOf(workspace)}PASTED_TOKEN`);
  const enter = (value: string) => visit('/settings/secrets', { name: 'PASTED_TOKEN', value });
  expect((await enter('no-token-of-github')).status).toBe(303);
  expect((await enter(secrets.GITHUB_TOKEN)).status).toBe(303);
  expect(await findings(visit)).not.toContain(remedy);
  await evictDurableObject(workspace.stub);
  expect(await findings(visit)).not.toContain(remedy);

  const listed = await (await workspace.call('GET', 'secrets')).json();
  expect(listed).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ name: 'PASTED_TOKEN', state: 'page' })]),
  });
  expect(JSON.stringify(listed)).not.toContain(secrets.GITHUB_TOKEN);
  const checked = await (await workspace.call('POST', 'trackers/check')).text();
  expect(checked).toContain('"kind":"github"');
  expect(checked).not.toContain('has no secret');

  const [row] = await listRows(workspace);
  expect(row).toMatchObject({ name: 'PASTED_TOKEN', host: 'github.test', who: 'dana' });
  const page = await (await visit('/settings')).text();
  expect(page).toContain('entered here');
  const log = await (await visit('/settings/audit')).text();
  for (const what of ['secret entered', 'secret replaced']) expect(log).toContain(what);
  for (const text of [page, log, JSON.stringify(row)]) expect(text).not.toContain(secrets.GITHUB_TOKEN);

  expect((await visit('/settings/secrets', { name: 'PASTED_TOKEN', remove: 'yes' })).status).toBe(303);
  expect(await listRows(workspace)).toEqual([]);
  expect(await findings(visit)).toContain(remedy);
  expect(await (await visit('/settings/audit')).text()).toContain('secret removed');
});

test('a secret opens for its own name and host alone', async () => {
  const workspace = await createWorkspace();
  const visit = await workspace.visit('dana');
  await visit('/settings/secrets', { name: 'PASTED_TOKEN', value: secrets.GITHUB_TOKEN });
  await runInDurableObject(workspace.stub, async (_, { storage }) => {
    storage.sql.exec(moveSealedSecrets);
  });
  await evictDurableObject(workspace.stub);
  expect(await findings(visit)).toContain(remedy);
  expect(await (await visit('/settings')).text()).toContain('entered for another address');
});

test('a variable of the deployment wins, and only admins enter secrets that the settings name', async () => {
  const workspace = await createWorkspace();
  const visit = await workspace.visit('dana');
  await visit('/settings/secrets', { name: 'LINEAR_KEY', value: 'another-key' });
  expect(await findings(visit)).not.toMatch(/Linear[^.]*refused/);
  expect(await (await visit('/settings')).text()).toContain('set in the deployment');
  for (const form of [
    { name: 'NO_SUCH', value: 'x' },
    { name: 'PASTED_TOKEN', value: '' },
  ])
    expect((await visit('/settings/secrets', form)).status).toBe(422);
  const member = await workspace.visit('sam');
  expect((await member('/settings/secrets', { name: 'PASTED_TOKEN', value: 'x' })).status).toBe(403);
  expect(await (await member('/settings')).text()).not.toContain('PASTED_TOKEN');
  expect((await listRows(workspace)).map(({ name }) => name)).toEqual(['LINEAR_KEY']);
});

test('a token goes to no host but the vendor’s', async () => {
  const workspace = await createWorkspace();
  const visit = await workspace.visit('dana');
  const asked: string[] = [];
  network.use(
    http.all('*', ({ request }) => {
      asked.push(request.url);
      return HttpResponse.json({});
    }),
  );
  for (const site of ['evil.example', '10.0.0.5', '127.0.0.1:8080', 'evil.example/x.atlassian.net']) {
    const form = { kind: 'jira', site, email: 'caselite@acme.example', token: secrets.JIRA_TOKEN };
    const answer = await visit('/set-up/tracker', form);
    expect(answer.status, site).toBe(422);
    expect(await answer.text()).toContain('is the host of a Jira Cloud site alone');
  }
  expect(asked).toEqual([]);
  expect(await listRows(workspace)).toEqual([]);
});

test('addresses of channels come from the deployment alone', async () => {
  const workspace = await newWorkspace(
    (yaml) => `${yaml}\nchannels:\n  ops: { kind: webhook, url: OPS_URL, secret: OPS_SECRET }\n`,
  );
  const visit = await workspace.visit('dana');
  for (const value of ['https://10.0.0.5/', 'http://127.0.0.1:8787/', 'https://evil.example/']) {
    const answer = await visit('/settings/secrets', { name: 'OPS_URL', value });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('__OPS_URL');
  }
  expect(await listRows(workspace)).toEqual([]);
  const page = await (await visit('/settings')).text();
  expect(page).toContain('id="secret-OPS_SECRET"');
  expect(page).not.toContain('id="secret-OPS_URL"');

  // A secret that becomes an address by a push works no longer.
  await visit('/settings/secrets', { name: 'OPS_SECRET', value: 'https://10.0.0.5/' });
  const [file, ...others] = workspace.files;
  const text = String(file?.text).replace('url: OPS_URL, secret: OPS_SECRET', 'url: OPS_SECRET, secret: OPS_URL');
  const pushed = await workspace.call('PUT', 'settings', { files: [{ ...file, text }, ...others] });
  expect(pushed.status).toBe(200);
  const settings = WorkspaceFileSchema.parse(parse(text));
  const value = await runInDurableObject(workspace.stub, async (_, { storage }) =>
    createVariables(createObjectSql(storage), env, settings)(`${prefixOf(workspace)}OPS_SECRET`),
  );
  expect(value).toBeUndefined();
});

test('a step of the set-up keeps every setting of a mail that works', async () => {
  const workspace = await newWorkspace((yaml) =>
    yaml.replace('key: RESEND_KEY', 'key: MAIL_KEY, webhook-secret: RESEND_WEBHOOK'),
  );
  const visit = await workspace.visit('dana');
  const from = 'Acme care <care@acme.example>';
  expect((await visit('/set-up/mail', { kind: 'resend', from, key: '' })).status).toBe(303);
  const { files } = (await (await workspace.call('GET', 'settings')).json()) as {
    files: { kind: string; text: string }[];
  };
  const text = files.find(({ kind }) => kind === 'workspace')?.text ?? '';
  for (const line of ['key: MAIL_KEY', 'webhook-secret: RESEND_WEBHOOK', from]) expect(text).toContain(line);
  expect(await listRows(workspace)).toEqual([]);
  expect((await visit('/set-up/mail', { kind: 'resend', from, key: 'pasted' })).status).toBe(303);
  expect((await listRows(workspace)).map(({ name }) => name)).toEqual(['MAIL_KEY']);
});

test('a secret without use is listed until it is removed, once', async () => {
  const workspace = await createWorkspace();
  const visit = await workspace.visit('dana');
  await visit('/settings/secrets', { name: 'PASTED_TOKEN', value: secrets.GITHUB_TOKEN });
  await runInDurableObject(workspace.stub, async (_, { storage }) => {
    storage.sql.exec(damageSealedSecrets);
  });
  expect(await (await visit('/settings')).text()).toContain('damaged: enter it again');
  const [file, ...others] = workspace.files;
  const text = String(file?.text).replace('PASTED_TOKEN', 'GITHUB_TOKEN');
  await workspace.call('PUT', 'settings', { files: [{ ...file, text }, ...others] });
  const page = await (await visit('/settings')).text();
  expect(page).toContain('not used by the settings');
  expect(page).toContain('Remove PASTED_TOKEN');

  expect((await visit('/settings/secrets', { name: 'PASTED_TOKEN', remove: 'yes' })).status).toBe(303);
  expect(await (await visit('/settings')).text()).not.toContain('PASTED_TOKEN');
  for (const name of ['PASTED_TOKEN', 'words about somebody'])
    expect((await visit('/settings/secrets', { name, remove: 'yes' })).status).toBe(422);
  expect(await (await visit('/settings/audit')).text()).not.toContain('words about somebody');
});

test('an installed App connects a tracker by its private key, which is kept like a token', async () => {
  const workspace = await newWorkspace();
  const visit = await workspace.visit('dana');
  const pair = await crypto.subtle.generateKey(
    { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
    true,
    ['sign'],
  );
  const { privateKey } = pair as CryptoKeyPair;
  const key = btoa(
    String.fromCharCode(...new Uint8Array((await crypto.subtle.exportKey('pkcs8', privateKey)) as ArrayBuffer)),
  );
  const token = `-----BEGIN PRIVATE KEY-----${key}-----END PRIVATE KEY-----`;
  const later = new Date(Date.now() + 3_600_000).toISOString();
  network.use(
    http.post('http://github.test/app/installations/7/access_tokens', () =>
      HttpResponse.json({ token: 'ghs_1', expires_at: later, permissions: {} }, { status: 201 }),
    ),
    http.get('http://github.test/installation/repositories', () =>
      HttpResponse.json({ repositories: [{ full_name: 'acme/by-app' }] }),
    ),
  );
  const connect = async (fields: Record<string, string>) =>
    (await visit('/set-up/tracker', { kind: 'github', token, app: '5', installation: '7', ...fields })).text();
  expect(await connect({ app: 'mine' })).toContain('This is no number, as the page of the App shows it');
  expect(await connect({ installation: '' })).toContain(
    'This is no number, as the address of the installation ends with it',
  );
  expect(await connect({ token: '-----BEGIN RSA PRIVATE KEY-----' })).toContain('is no private key in PKCS#8');
  const shown = await connect({});
  const [row] = await listRows(workspace);
  expect(row).toMatchObject({ name: 'GITHUB_APP_KEY', host: 'github.test', who: 'dana' });
  for (const text of [shown, JSON.stringify(row)]) expect(text).not.toContain(key.slice(0, 40));
  const place = { kind: 'github', app: '5', installation: '7', place: 'acme/by-app', account: '' };
  expect((await visit('/set-up/place', place)).status).toBe(200);
  const { files } = (await (await workspace.call('GET', 'settings')).json()) as {
    files: { kind: string; text: string }[];
  };
  const settings = parse(files.find(({ kind }) => kind === 'workspace')?.text ?? '');
  expect(settings.trackers.cases).toEqual({
    kind: 'github',
    repository: 'acme/by-app',
    app: { id: 5, installation: 7, key: 'GITHUB_APP_KEY' },
  });
});
