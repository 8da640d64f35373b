import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { beforeEach, expect, test } from 'vitest';
import { moveSealedSecrets, readSealedSecrets } from '#test/workspace/store/tampering.ts';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';
import { secrets } from './variables.ts';

useNetwork();
beforeEach(() => network.use(...emulatedHosts().handlers));

/** Acme, whose repository is reached with a token that no variable holds. */
const createWorkspace = () => newWorkspace((yaml) => yaml.replace('token: GITHUB_TOKEN', 'token: PASTED_TOKEN'));

type Workspace = Awaited<ReturnType<typeof createWorkspace>>;

const listRows = ({ stub }: Workspace) =>
  runInDurableObject(stub, async (_, { storage }) => storage.sql.exec(readSealedSecrets).toArray());

const findings = async (visit: Awaited<ReturnType<Workspace['visit']>>) =>
  (await (await visit('/settings/check', {})).text()).replaceAll(/<[^>]+>/g, '');

test('a pasted secret works at once and after a restart, is shown nowhere, and can be replaced and removed', async () => {
  const workspace = await createWorkspace();
  const visit = await workspace.visit('dana');
  expect(await findings(visit)).toContain(
    `has no secret ${workspace.name.toUpperCase().replace('-', '_')}__PASTED_TOKEN`,
  );
  const enter = (value: string) => visit('/settings/secrets', { name: 'PASTED_TOKEN', value });
  expect((await enter('no-token-of-github')).status).toBe(303);
  expect((await enter(secrets.GITHUB_TOKEN)).status).toBe(303);
  expect(await findings(visit)).not.toContain('PASTED_TOKEN;');
  expect(await findings(visit)).not.toContain('has no secret');
  await evictDurableObject(workspace.stub);
  expect(await findings(visit)).not.toContain('has no secret');

  const [row] = await listRows(workspace);
  expect(row).toMatchObject({ name: 'PASTED_TOKEN', host: 'github.test', who: 'dana' });
  const page = await (await visit('/settings')).text();
  expect(page).toContain('entered here');
  const log = await (await visit('/settings/audit')).text();
  for (const what of ['secret entered', 'secret replaced']) expect(log).toContain(what);
  for (const text of [page, log, JSON.stringify(row)]) expect(text).not.toContain(secrets.GITHUB_TOKEN);

  expect((await visit('/settings/secrets', { name: 'PASTED_TOKEN', remove: 'yes' })).status).toBe(303);
  expect(await listRows(workspace)).toEqual([]);
  expect(await findings(visit)).toContain('has no secret');
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
  expect(await findings(visit)).toContain('has no secret');
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
