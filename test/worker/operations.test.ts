import { runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import type { HealthJson } from '#domain/json/settings-json.ts';
import { createObjectSql } from '#src/workspace/object-sql.ts';
import { keepRows } from '#test/workspace/store/rows.ts';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network } from './network.ts';
import { variables } from './variables.ts';

const ask = (path: string, headers: Record<string, string> = {}) =>
  exports.default.fetch(`https://caselite.test${path}`, { headers });
const workspaceOf = (name: string) => env.WORKSPACES.get(env.WORKSPACES.idFromName(name));
const rename = (name: string, table: string, to: string) =>
  runInDurableObject(workspaceOf(name), async (_, { storage }) => {
    storage.sql.exec(`ALTER TABLE ${table} RENAME TO ${to}`);
  });
const directory = () => env.DIRECTORY.get(env.DIRECTORY.idFromName('directory'));

it('is ready while the store takes writes, and names the trouble where it takes none', async () => {
  const { name, call } = await newWorkspace();
  // Other files leave workspaces that cannot run.
  await runInDurableObject(directory(), async (_, { storage }) => {
    keepRows(createObjectSql(storage), 'workspaces', 'name', name);
  });
  await directory().sweep();
  const ready = await ask('/readyz');
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true, troubles: [] }]);
  await runInDurableObject(directory(), async (_, { storage }) => {
    storage.sql.exec('ALTER TABLE probes RENAME TO probes_away');
  });
  const full = await ask('/readyz');
  expect([full.status, await full.json()]).toEqual([
    503,
    { ready: false, troubles: ['the store takes no writes: look at the disk and at the log'] },
  ]);
  await rename(name, 'cases', 'cases_away');
  const refused = await call('GET', 'cases');
  expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining('the disk is full')]);
  await runInDurableObject(directory(), async (_, { storage }) => {
    storage.sql.exec('ALTER TABLE probes_away RENAME TO probes');
  });
  expect((await call('GET', 'cases')).status).toBe(500);
  await rename(name, 'cases_away', 'cases');
});

it('tells metrics to those who know the token, without personal data', async () => {
  network.use(...emulatedHosts().handlers);
  const { name, deliver, settle, call } = await newWorkspace();
  const broken = await newWorkspace();
  await deliver({ token: 'counted', completed: false, ease: 2, name: 'Ottilie Planted' });
  await settle();
  expect((await ask('/metrics')).status).toBe(401);
  await rename(broken.name, 'cases', 'cases_away');
  expect((await ask('/metrics', { authorization: 'Bearer wrong' })).status).toBe(401);
  const answer = await ask('/metrics', { authorization: `Bearer ${variables.METRICS_TOKEN}` });
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await answer.text();
  expect(text).toContain(`caselite_received_total{workspace="${name}",what="deliveries"} 1\n`);
  expect(text).not.toContain('Ottilie');
  expect(text).toContain(`caselite_up{workspace="${broken.name}"} 0\n`);
  await rename(broken.name, 'cases_away', 'cases');
  const health = (await (await call('GET', 'health')).json()) as HealthJson;
  expect(health).toMatchObject({ deliveries: { total: 1, waiting: 0, setAside: 0 }, totals: { responses: 1 } });
});
