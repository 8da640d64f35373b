import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listIssuers } from '#src/open-id.ts';
import { findFreeTcpPort } from '#test/harness/free-port.ts';
import { ownOrigin, Running } from '#test/attack/running.ts';

/* Sign-in by OpenID Connect: the built worker in workerd against third-party emulators of three issuers. */

const tenant = '5a1e3c0e-7a53-4b0f-9a5d-5f3a1b6f0c11';
const publicUrl = 'https://cases.acme.example';
const client = { client_id: 'caselite', client_secret: 'secret-of-the-client' };

let running: Running;
const emulators: Emulator[] = [];

async function startIssuer(service: 'google' | 'microsoft' | 'okta', seed: object): Promise<string> {
  const emulator = await createEmulator({ service, port: await findFreeTcpPort(), seed: { [service]: seed } });
  emulators.push(emulator);
  return emulator.url;
}

beforeAll(async () => {
  const google = await startIssuer('google', {
    users: [
      { email: 'Dana@acme.example', name: 'Dana' },
      { email: 'sam@acme.example', name: 'Sam', email_verified: false },
      { email: 'mallory@evil.example', name: 'Mallory' },
    ],
  });
  const microsoft = await startIssuer('microsoft', {
    users: [{ email: 'priya@acme.example', name: 'Priya', tenant_id: tenant }],
  });
  const okta = await startIssuer('okta', {
    users: [{ login: 'mette@acme.example', email: 'mette@acme.example', first_name: 'Mette', last_name: 'L' }],
    oauth_clients: [{ ...client, name: 'Caselite', redirect_uris: [`${publicUrl}/sign-in/with/okta`] }],
    authorization_servers: [{ id: 'default', name: 'default', audiences: ['api://default'] }],
  });
  const issuers = { GOOGLE: google, MICROSOFT: `${microsoft}/${tenant}/v2.0`, OKTA: `${okta}/oauth2/default` };
  running = await Running.start({
    ...Object.fromEntries(
      Object.entries(issuers).flatMap(([name, url]) => [
        [`OIDC_${name}_ISSUER`, url],
        [`OIDC_${name}_CLIENT_ID`, client.client_id],
        [`OIDC_${name}_CLIENT_SECRET`, client.client_secret],
      ]),
    ),
    OIDC_HALF_ISSUER: google,
    PUBLIC_URL: publicUrl,
  });
}, 120_000);

afterAll(async () => {
  await running?.stop();
  await Promise.all(emulators.map((emulator) => emulator.close()));
});

const home = () => `/w/${running.run.workspace}`;
const cookieOf = (answer: Response, name: string) =>
  answer.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.split(';')[0] ?? '';

/** Presses the button of an issuer on the sign-in page. */
async function begin(issuer: string, path = home(), workspace = running.run.workspace) {
  const body = new URLSearchParams({ workspace, path, email: '' });
  const answer = await running.ask(`/sign-in/with/${issuer}`, { method: 'POST', headers: ownOrigin, body });
  const url = /^0; url=(.*)$/.exec(answer.headers.get('refresh') ?? '')?.[1] ?? '';
  return { answer, url, cookie: cookieOf(answer, '__Host-caselite-sign-in') };
}

/** Chooses an account on the issuer's page. @returns where the issuer leads back to */
async function chooseAccount(url: string, email: string): Promise<string> {
  const html = await (await fetch(url)).text();
  const forms = [...html.matchAll(/<form[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/g)];
  const [, action = '', fields = ''] = forms.find(([form]) => form.includes(email)) ?? [];
  const body = new URLSearchParams(
    [...fields.matchAll(/<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll('&amp;', '&'),
    ]),
  );
  const answer = await fetch(new URL(action, url), { method: 'POST', body, redirect: 'manual' });
  return answer.headers.get('location') ?? '';
}

const comeBack = (location: string, cookie: string) => {
  const { pathname, search } = new URL(location);
  return running.ask(pathname + search, { headers: { cookie } });
};

async function signInWith(issuer: string, email: string, path = home()): Promise<Response> {
  const { url, cookie } = await begin(issuer, path);
  return comeBack(await chooseAccount(url, email), cookie);
}

async function showsPageTo(answer: Response): Promise<string> {
  const page = await running.ask(home(), { headers: { cookie: cookieOf(answer, '__Host-caselite') } });
  return page.status === 200 ? await page.text() : '';
}

describe('a sign-in with an issuer', () => {
  test('is by a name of one word or several', () => {
    const issuers = listIssuers({ OIDC_NORTH_STAR_ISSUER: 'https://id.example', OIDC__ISSUER: 'https://id.example' });
    expect(issuers.map(({ name, title }) => [name, title])).toEqual([['north_star', 'North star']]);
  });

  test('is offered by a button for each that the deployment allows', async () => {
    const html = await (await running.ask(`${home()}/cases`)).text();
    expect([...html.matchAll(/formaction="([^"]+)"[^>]*>([^<]+)</g)].map(([, to, text]) => [to, text])).toEqual([
      ['/sign-in/with/google', 'Sign in with Google'],
      ['/sign-in/with/half', 'Sign in with Half'],
      ['/sign-in/with/microsoft', 'Sign in with Microsoft'],
      ['/sign-in/with/okta', 'Sign in with Okta'],
    ]);
  });

  test('keeps the wanted page, and asks with state, nonce and PKCE', async () => {
    const wanted = `${home()}/cases?show=overdue`;
    const { url, cookie } = await begin('google', wanted);
    const { searchParams } = new URL(url);
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(searchParams.get(name), name).toMatch(/^[\w-]{43}$/);
    expect(searchParams.get('redirect_uri')).toBe(`${publicUrl}/sign-in/with/google`);
    const answer = await comeBack(await chooseAccount(url, 'Dana@acme.example'), cookie);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, wanted]);
    expect(answer.headers.getSetCookie().join()).toContain('__Host-caselite-sign-in=; Max-Age=0');
    expect(await showsPageTo(answer)).toContain('Dana');
  });

  test('leads to no other place', async () => {
    const answer = await signInWith('google', 'Dana@acme.example', '//evil.example');
    expect(answer.headers.get('location')).toBe(home());
  });

  test('of Okta works alike', async () => {
    expect(await showsPageTo(await signInWith('okta', 'mette@acme.example'))).toContain('Mette');
  });

  test('takes no address that the issuer did not verify', async () => {
    for (const [issuer, email] of [
      ['google', 'sam@acme.example'],
      ['microsoft', 'priya@acme.example'],
    ] as const) {
      const answer = await signInWith(issuer, email);
      expect(answer.status).toBe(400);
      expect(cookieOf(answer, '__Host-caselite')).toBe('');
      expect(await answer.text()).toContain('Nobody in this workspace has the confirmed e-mail address');
    }
  });

  test('answers strangers and unknown workspaces alike', async () => {
    const stranger = await (await signInWith('google', 'mallory@evil.example')).text();
    const { url, cookie } = await begin('google', home(), 'no-such-workspace');
    const unknown = await (await comeBack(await chooseAccount(url, 'mallory@evil.example'), cookie)).text();
    expect(unknown.replaceAll('no-such-workspace', running.run.workspace)).toBe(stranger);
  });

  test('works once, in the browser that began it, with its own state', async () => {
    const { url, cookie } = await begin('google');
    const location = await chooseAccount(url, 'Dana@acme.example');
    const other = await begin('google');
    const codes = { 'without a cookie': '', 'another sign-in': other.cookie };
    for (const [name, kept] of Object.entries(codes)) expect((await comeBack(location, kept)).status, name).toBe(400);
    const forged = new URL(location);
    forged.searchParams.set('state', 'forged');
    expect((await comeBack(String(forged), cookie)).status).toBe(400);
    expect((await comeBack(location.replace('/google', '/okta'), cookie)).status).toBe(400);
    expect((await comeBack(location, cookie)).status).toBe(303);
    expect((await comeBack(location, cookie)).status).toBe(400);
  });

  test('that was cancelled, or is not set up, says so', async () => {
    const { url, cookie } = await begin('google');
    const state = new URL(url).searchParams.get('state');
    const back = `${publicUrl}/sign-in/with/google?error=access_denied&state=${state}`;
    expect(await (await comeBack(back, cookie)).text()).toContain('The sign-in was cancelled.');
    expect(await (await begin('half')).answer.text()).toContain('Sign-in with Half is not set up yet.');
    expect((await begin('nobody')).answer.status).toBe(404);
  });

  test('starts from no other site', async () => {
    const body = new URLSearchParams({ workspace: running.run.workspace, path: home() });
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await running.ask('/sign-in/with/google', { method: 'POST', headers, body })).status).toBe(403);
  });
});

describe('an account that was used before', () => {
  const push = async (change: (text: string) => string) => {
    const { files } = await running.client.call('GET settings', {});
    const changed = files.map((file) => (file.kind === 'workspace' ? { ...file, text: change(file.text) } : file));
    await running.client.call('PUT settings', {}, { files: changed });
    return () => running.client.call('PUT settings', {}, { files });
  };
  const signInAsMette = () => signInWith('okta', 'mette@acme.example');

  beforeEach(async () => {
    expect((await signInAsMette()).status).toBe(303);
  });

  test('signs in its person by issuer and subject, whatever the address is now', async () => {
    const restore = await push((text) => text.replace('mette@acme.example', 'mette.lund@acme.example'));
    expect(await showsPageTo(await signInAsMette())).toContain('Mette');
    await restore();
  });

  test('follows its verified address to another person', async () => {
    const restore = await push((text) =>
      text.replace('mette@acme.example', 'former@acme.example').replace('sam@acme.example', 'mette@acme.example'),
    );
    expect(await showsPageTo(await signInAsMette())).toContain('Sam Okafor');
    await restore();
  });

  test('ends with its person in the workspace file, and stays ended', async () => {
    const restore = await push((text) => text.replace(/^ {2}mette:.*\n(?: {4}.*\n)*/m, '').replaceAll('mette', 'dana'));
    expect((await signInAsMette()).status).toBe(400);
    await restore();
    const again = await push((text) => text.replace('mette@acme.example', 'mette.lund@acme.example'));
    expect((await signInAsMette()).status).toBe(400);
    await again();
  });

  test('stands in the audit log', async () => {
    const { items } = await running.client.call('GET audit', {});
    expect(items.find(({ what, who }) => what === 'signed in' && who === 'mette')).toBeDefined();
    expect(items.find(({ details }) => details === 'unknown account')).toMatchObject({
      who: 'somebody',
      what: 'sign-in refused',
    });
  });
});
