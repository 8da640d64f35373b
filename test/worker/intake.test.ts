import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import type { Page } from '#domain/base/page.ts';
import type { DeliveryJson } from '#domain/json/intake-json.ts';
import { unwrap } from '#src/routes/workspace-access.ts';
import { createObjectSql } from '#src/workspace/object-sql.ts';
import { findLatestSettingsVersion, settingsVersions } from '#src/workspace/store/access.ts';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';
import { secrets, workspaces } from './variables.ts';

useNetwork();
beforeEach(() => network.use(...emulatedHosts().handlers));

const response = { token: 'one', completed: false, ease: 9 };

test('a genuine delivery is stored before it is acked, and an eviction loses nothing', async () => {
  const { stub, deliver, call } = await newWorkspace();
  const answer = await deliver(response);
  expect(answer.status).toBe(202);
  await evictDurableObject(stub);
  const { items } = (await (await call('GET', 'deliveries')).json()) as Page<DeliveryJson>;
  expect(items).toMatchObject([{ source: 'upgrade-survey', verified: true, outcome: 'stored' }]);
});

test('settings that a newer version refuses lose no delivery: the sender retries, and a push corrects them', async () => {
  const { name, stub, deliver, call, files } = await newWorkspace();
  await runInDurableObject(stub, async (_, { storage }) => {
    const sql = createObjectSql(storage);
    const now = findLatestSettingsVersion(sql);
    if (!now) throw new Error('no settings were pushed');
    const stale = now.files.map((file) => ({
      ...file,
      text: file.text.replace('reminder: 5 days', 'reminder: soon'),
    }));
    settingsVersions.insert(sql, { ...now, version: now.version + 1, files: stale });
  });
  await evictDurableObject(stub);
  const answer = await deliver(response);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('30');
  await runDurableObjectAlarm(stub);
  const alarm = () => runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
  expect(await alarm()).toBeNull();
  const told = await call('GET', 'cases');
  expect(told.status).toBe(500);
  expect(await told.json()).toMatchObject({
    title: 'config',
    detail: expect.stringMatching(`version 2.*push a corrected version.*${name}.*reminder`),
  });
  expect((await call('PUT', 'settings', { files })).status).toBe(200);
  expect(await alarm()).not.toBeNull();
  expect((await deliver(response)).status).toBe(202);
});

test('deliveries that come together are all stored, each with an answer of its own', async () => {
  const { deliver, call } = await newWorkspace();
  const tokens = Array.from({ length: 30 }, (_, index) => `together-${index}`);
  const answers = await Promise.all(tokens.map((token) => deliver({ token, completed: true, ease: 9 })));
  const ids = await Promise.all(
    answers.map(async (answer) => ((await answer.json()) as { delivery: string }).delivery),
  );
  expect(new Set(ids).size).toBe(30);
  const { items } = (await (await call('GET', 'deliveries?limit=200')).json()) as Page<DeliveryJson>;
  expect(new Set(items.map(({ id }) => id))).toEqual(new Set(ids));
});

test('a false signature, an unknown source and an unknown workspace get one and the same answer', async () => {
  const { name, deliver } = await newWorkspace();
  const post = (path: string) =>
    exports.default.fetch(`https://caselite.test/hooks/${path}`, { method: 'POST', body: '{}' });
  const answers = [
    await deliver(response, 'another secret'),
    await post(`${name}/nothing`),
    await post('nobody/upgrade-survey'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  const bodies = await Promise.all(answers.map((answer) => answer.text()));
  expect(new Set(bodies).size).toBe(1);
});

test('asking for an unknown workspace makes none', async () => {
  await exports.default.fetch('https://caselite.test/hooks/stranger/upgrade-survey', {
    method: 'POST',
    body: '{}',
  });
  const names = unwrap(await env.DIRECTORY.get(env.DIRECTORY.idFromName('directory')).list());
  expect(names).not.toContain('stranger');
});

test('the API knows a token whose workspace was never set up, and says so without making one', async () => {
  const name = workspaces.at(-1) ?? '';
  const ask = (path: string) =>
    exports.default.fetch(`https://caselite.test/api/v1/workspaces/${name}/${path}`, {
      headers: { authorization: `Bearer ${secrets.API_TOKEN}` },
    });
  for (const path of ['cases', 'settings', 'cases/c_1']) {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ detail: 'There is no such workspace.' });
  }
  const names = unwrap(await env.DIRECTORY.get(env.DIRECTORY.idFromName('directory')).list());
  expect(names).not.toContain(name);
});

test('a delivery over 1 MiB is refused with 413, and GET and HEAD are answered with 200', async () => {
  const { name } = await newWorkspace();
  const url = `https://caselite.test/hooks/${name}/upgrade-survey`;
  const large = await exports.default.fetch(url, { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) });
  expect(large.status).toBe(413);
  expect((await exports.default.fetch(url)).status).toBe(200);
  expect((await exports.default.fetch(url, { method: 'HEAD' })).status).toBe(200);
});

test('the same response is one response, whenever it comes again', async () => {
  const { deliver, settle, call, stub } = await newWorkspace();
  for (let times = 0; times < 3; times += 1) {
    expect((await deliver(response)).status).toBe(202);
    await settle();
    await evictDurableObject(stub);
  }
  const { items } = (await (await call('GET', 'deliveries')).json()) as Page<DeliveryJson>;
  expect(items.map(({ outcome }) => outcome)).toEqual(['duplicate', 'duplicate', 'stored']);
});

test('a lost alarm is set again when the object wakes', async () => {
  const { deliver, stub } = await newWorkspace();
  await deliver(response);
  await runInDurableObject(stub, async (_, state) => state.storage.deleteAlarm());
  await evictDurableObject(stub);
  await stub.call({ kind: 'program' }, 'pull', []);
  const alarm = await runInDurableObject(stub, async (_, state) => state.storage.getAlarm());
  expect(alarm).not.toBeNull();
});
