import { runInDurableObject } from 'cloudflare:test';
import { exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { cookieOf, newWorkspace, pressButton, signInAs } from './harness.ts';
import { emulatedHosts, network } from './network.ts';

const site = 'https://caselite.test';
const own = { 'sec-fetch-site': 'same-origin' };
let workspace: Awaited<ReturnType<typeof newWorkspace>>;
let hosts: ReturnType<typeof emulatedHosts>;

beforeEach(async () => {
  hosts = emulatedHosts();
  network.use(...hosts.handlers);
  workspace = await newWorkspace((yaml) => `${yaml}admins: [priya]\n`);
});

const requestLink = (email: string, path = '', name = workspace.name, headers: Record<string, string> = own) =>
  exports.default.fetch(`${site}/sign-in`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ workspace: name, email, path }),
  });

/** Links of the sign-in mails to an address, oldest first. */
async function mailedLinks(address: string): Promise<string[]> {
  await workspace.settle();
  return hosts.mail
    .filter(({ to, subject }) => to.includes(address) && subject.startsWith('Sign in to '))
    .map(({ text }) => /https:\S+\/sign-in\/\S+/.exec(text)?.[0] ?? '');
}

const open = (path: string, cookie = '') =>
  exports.default.fetch(site + path, { headers: { cookie }, redirect: 'manual' });

/** Moves all instants of a table into the past, as if that much time had gone by. */
const age = (table: string, columns: string[], ms: number) =>
  runInDurableObject(workspace.stub, async (_, { storage }) => {
    const set = columns.map((column) => `${column} = ${column} - ${ms}`);
    storage.sql.exec(`UPDATE ${table} SET ${set.join(', ')}`);
  });
const hourMs = 3_600_000;

describe('the sign-in page', () => {
  test('keeps the wanted page, and mails a link that leads there', async () => {
    const wanted = `/w/${workspace.name}/cases?show=overdue`;
    const page = await open(wanted);
    const html = await page.text();
    expect(page.status).toBe(401);
    expect(html).toContain(`name="path" value="${wanted}"`);
    expect((await requestLink(' DANA@acme.example ', wanted)).status).toBe(200);
    const [link = ''] = await mailedLinks('dana@acme.example');
    const before = await exports.default.fetch(link);
    expect([before.status, before.headers.get('set-cookie')]).toEqual([200, null]);
    const text = await before.text();
    expect(text).toContain('Dana');
    expect((await exports.default.fetch(link, { method: 'HEAD' })).status).toBe(200);
    const signedIn = await pressButton(link);
    expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, wanted]);
    expect(signedIn.headers.get('set-cookie')).toMatch(/^__Host-caselite=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect((await open(wanted, cookieOf(signedIn))).status).toBe(200);
  });

  test('answers unknown addresses and workspaces alike, and mails nobody', async () => {
    const known = await (await requestLink('dana@acme.example')).text();
    expect(await (await requestLink('mallory@evil.example')).text()).toBe(known);
    expect(await (await requestLink('dana@acme.example', '', 'no-such-workspace')).text()).toBe(known);
    expect(await (await requestLink('')).text()).toBe(known);
    expect(await mailedLinks('dana@acme.example')).toHaveLength(1);
    expect(hosts.mail).toHaveLength(1);
  });

  test('leads to no other place', async () => {
    const home = `/w/${workspace.name}`;
    for (const path of [
      'https://evil.example/',
      '//evil.example',
      `${home}//evil.example`,
      `${home}-other`,
      '/w/acme',
    ]) {
      await age('sign_in_links', ['at'], hourMs);
      await requestLink('dana@acme.example', path);
      const link = (await mailedLinks('dana@acme.example')).at(-1) ?? '';
      expect((await pressButton(link)).headers.get('location'), path).toBe(home);
    }
  });

  test('mails an address three links in a quarter of an hour', async () => {
    for (let turn = 0; turn < 5; turn += 1) await requestLink('dana@acme.example');
    await requestLink('sam@acme.example');
    expect(await mailedLinks('dana@acme.example')).toHaveLength(3);
    expect(await mailedLinks('sam@acme.example')).toHaveLength(1);
    await age('sign_in_links', ['at'], hourMs);
    await requestLink('dana@acme.example');
    expect(await mailedLinks('dana@acme.example')).toHaveLength(4);
  });

  test('takes no form from another site', async () => {
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    const refused = await requestLink('dana@acme.example', '', workspace.name, foreign);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('Open https://caselite.test and do it there.');
    expect(await mailedLinks('dana@acme.example')).toEqual([]);
  });
});

describe('a sign-in link', () => {
  test('works once', async () => {
    await requestLink('dana@acme.example');
    const [link = ''] = await mailedLinks('dana@acme.example');
    expect((await pressButton(link)).status).toBe(303);
    const again = await pressButton(link);
    expect([again.status, again.headers.get('set-cookie')]).toEqual([404, null]);
    expect(await again.text()).toContain('Mail me a sign-in link');
    expect((await exports.default.fetch(link)).status).toBe(404);
  });

  test('works for 15 minutes', async () => {
    await requestLink('dana@acme.example');
    const [link = ''] = await mailedLinks('dana@acme.example');
    await age('sign_in_links', ['expires_at'], hourMs / 4);
    expect((await pressButton(link)).status).toBe(404);
  });

  test('comes by mail from a case manager, and from nobody else', async () => {
    const dana = await workspace.visit('dana');
    expect(await (await dana('/people')).text()).toContain('Mail a sign-in link to Sam Okafor');
    const invited = await dana('/people/sam/sign-in-link', {});
    expect(invited.status).toBe(303);
    expect(await (await open(invited.headers.get('location') ?? '', '')).text()).toContain('Sign in');
    const [link = ''] = await mailedLinks('sam@acme.example');
    expect((await pressButton(link)).status).toBe(303);
    const sam = await workspace.visit('sam');
    expect(await (await sam('/people')).text()).not.toContain('Mail a sign-in link');
    expect((await sam('/people/dana/sign-in-link', {})).status).toBe(403);
    expect((await dana('/people/nobody/sign-in-link', {})).status).toBe(404);
  });
});

describe('a session', () => {
  const home = () => `/w/${workspace.name}`;

  test('ends when its person signs out', async () => {
    const cookie = await signInAs(workspace.call, 'dana');
    const signedOut = await exports.default.fetch(`${site}/sign-out`, { method: 'POST', headers: { ...own, cookie } });
    expect(signedOut.headers.get('set-cookie')).toMatch(/^__Host-caselite=; Max-Age=0/);
    expect((await open(home(), cookie)).status).toBe(401);
    const sent = await exports.default.fetch(`${site}${home()}/views`, { method: 'POST', headers: { ...own, cookie } });
    expect([sent.status, await sent.text()]).toEqual([401, expect.stringContaining('go back in this tab')]);
  });

  test('ends after 12 hours without use, and after 14 days', async () => {
    const cookie = await signInAs(workspace.call, 'dana');
    await age('sessions', ['last_used_at'], 11 * hourMs);
    expect((await open(home(), cookie)).status).toBe(200);
    await age('sessions', ['last_used_at'], 11 * hourMs);
    expect((await open(home(), cookie)).status).toBe(200);
    await age('sessions', ['last_used_at'], 12 * hourMs);
    expect((await open(home(), cookie)).status).toBe(401);
    const other = await signInAs(workspace.call, 'dana');
    await age('sessions', ['at'], 14 * 24 * hourMs);
    expect((await open(home(), other)).status).toBe(401);
  });

  test('ends with its person in the workspace file, and stays ended', async () => {
    const cookie = await signInAs(workspace.call, 'mette');
    expect((await open(home(), cookie)).status).toBe(200);
    const without = workspace.files.map(({ text, ...file }) => ({
      ...file,
      text: String(text)
        .replace(/^ {2}mette:.*\n(?: {4}.*\n)*/m, '')
        .replaceAll('mette', 'dana'),
    }));
    expect((await workspace.call('PUT', 'settings', { files: without })).status).toBe(200);
    expect((await open(home(), cookie)).status).toBe(401);
    expect((await workspace.call('PUT', 'settings', { files: workspace.files })).status).toBe(200);
    expect((await open(home(), cookie)).status).toBe(401);
  });

  test('is listed and ended by its owner', async () => {
    const [first, second] = [await signInAs(workspace.call, 'sam'), await signInAs(workspace.call, 'sam')];
    const danas = await signInAs(workspace.call, 'dana');
    const page = await (await open(`${home()}/account`, first)).text();
    const ends = [...page.matchAll(/action="([^"]+\/sessions\/[^"]+\/end)"/g)].map(([, action]) => action ?? '');
    expect(ends).toHaveLength(2);
    const end = (action: string, cookie: string) =>
      exports.default.fetch(site + action, { method: 'POST', headers: { ...own, cookie }, redirect: 'manual' });
    const ofSecond = ends.find((action) => action.includes(second.split('.').at(-2) ?? '?')) ?? '';
    expect((await end(ofSecond, danas)).status).toBe(404);
    expect((await end(ofSecond, first)).status).toBe(303);
    expect([(await open(home(), second)).status, (await open(home(), first)).status]).toEqual([401, 200]);
  });
});
