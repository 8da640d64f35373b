import { exports } from 'cloudflare:workers';
import { createHmac } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { newWorkspace, signInAs } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';

useNetwork();
beforeEach(() => network.use(...emulatedHosts().handlers));

test('a tracker’s webhook of unknown origin is refused like any other, and GET and HEAD are answered', async () => {
  const { name } = await newWorkspace();
  const url = `https://caselite.test/hooks/${name}/trackers/product`;
  const body = '{"action":"closed"}';
  const signature = `sha256=${createHmac('sha256', 'another').update(body).digest('hex')}`;
  const headers = { 'x-hub-signature-256': signature, 'x-github-delivery': 'd-1' };
  const answers = await Promise.all([
    exports.default.fetch(url, { method: 'POST', body, headers }),
    exports.default.fetch(`https://caselite.test/hooks/${name}/trackers/nothing`, {
      method: 'POST',
      body,
      headers,
    }),
    exports.default.fetch('https://caselite.test/hooks/nobody/trackers/product', {
      method: 'POST',
      body,
      headers,
    }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  expect((await exports.default.fetch(url)).status).toBe(200);
  expect((await exports.default.fetch(url, { method: 'HEAD' })).status).toBe(200);
  const large = await exports.default.fetch(url, { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) });
  expect(large.status).toBe(413);
});

test('the settings page shows the state of each tracker, and checks it on request', async () => {
  const { name, call } = await newWorkspace();
  const cookie = await signInAs(call, 'dana');
  const ask = async (path: string, method: string) => {
    const answer = await exports.default.fetch(`https://caselite.test/w/${name}/settings${path}`, {
      method,
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
    });
    return { status: answer.status, text: await answer.text() };
  };
  const shown = await ask('', 'GET');
  expect(shown.status).toBe(200);
  for (const part of ['GitHub', 'Jira', 'Linear', 'Limits of']) expect(shown.text).toContain(part);
  expect((await ask('/versions', 'GET')).text).toContain('Version 1');
  const checked = await ask('/check', 'POST');
  expect((await ask('/check', 'GET')).status).toBe(200);
  expect(checked.status).toBe(200);
  expect(checked.text).toMatch(/All is well|class="pill (?:bad|warn)"/);
});

test('one page shows what was last heard of each connection, and what was refused; a source shows its address', async () => {
  const { name, deliver, settle, call, visit, files } = await newWorkspace();
  const dana = await visit('dana');
  const address = `https://caselite.test/hooks/${name}/upgrade-survey`;
  expect(await (await dana('/sources/upgrade-survey')).text()).toContain(address);
  expect((await deliver({ token: 'forged', completed: false, ease: 9 }, 'another-secret')).status).toBe(401);
  await deliver({ token: 'genuine', completed: false, ease: 9 });
  await settle();
  await call('POST', 'poll');
  await settle();
  const text = (await (await dana('/settings')).text()).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
  expect(text).toMatch(
    /Last read .* Next read .* Survey tools .*upgrade-survey in use .*Last delivered .*Refused, .*: 1 since/,
  );
  const withoutAccount = files.map((file) => ({ ...file, text: String(file.text).replace(/^ {4}jira: .*2\n/m, '') }));
  await call('PUT', 'settings', { files: withoutAccount });
  expect(await (await dana('/settings/versions')).text()).toContain('sam of team upgrade-response cannot be assigned');
});

test('a refused form keeps what was ticked in it', async () => {
  const { deliver, settle, call, visit: visitAs } = await newWorkspace();
  const dana = await visitAs('dana');
  const ticked = async (answer: Promise<Response>) =>
    [...(await (await answer).text()).matchAll(/<input type="checkbox"[^>]*name="([^"]+)"[^>]*checked/g)].map(
      ([, name]) => name,
    );
  expect(await ticked(dana('/account'))).toEqual(['read']);
  expect(await ticked(dana('/account', { name: '', days: '90', act: 'yes', settings: 'yes' }))).toEqual([
    'act',
    'settings',
  ]);
  await deliver({ token: 'one', completed: false, ease: 9 });
  await settle();
  const { items } = (await (await call('GET', 'cases')).json()) as { items: { id: string; handle: string }[] };
  const box = `case.${items[0]?.id}`;
  const refused = dana('/cases', { [box]: String(items[0]?.handle), action: 'assign', assign: 'nobody-known' });
  expect(await ticked(refused)).toEqual([box]);
});
