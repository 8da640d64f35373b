import type { Route } from '#src/routes/doors.tsx';
import { routes } from '#src/routes/routes.ts';
import { addressHeader, ownOrigin, type Running } from './running.ts';

/* Doors without, with foreign and with forged credentials, for every address of the table. */

const pathOf = ({ path }: Route, workspace: string): string =>
  path
    .replace(':workspace', workspace)
    .replaceAll(/:(\w+)/g, 'nothing')
    .replace('*', 'nowhere');

const methodOf = ({ method }: Route): string => (method === 'ALL' ? 'POST' : method);
const bodyOf = (route: Route): string | null => (methodOf(route) === 'GET' ? null : '');
const at = (door: Route['door']) => routes.filter((route) => route.door === door);

/** The API with no token, wrong ones, and the right one in the wrong place. */
export async function* wrongTokens(running: Running): AsyncGenerator<string | null> {
  const { token, workspace } = running.run;
  const wrong: Record<string, string>[] = [
    {},
    { authorization: 'Bearer ' },
    { authorization: `Bearer ${token}x` },
    { authorization: `Basic ${Buffer.from(`api:${token}`).toString('base64')}` },
    { cookie: `caselite=${token}` },
  ];
  for (const route of [...at('api'), ...at('operator')])
    for (const headers of wrong) {
      const path = pathOf(route, workspace);
      const { status } = await running.ask(path, { method: methodOf(route), headers, body: bodyOf(route) });
      yield status === 401 ? null : `${route.method} ${path} answered ${status}`;
    }
}

/** Pages and forms without a session, and with forged ones. */
export async function* wrongSessions(running: Running): AsyncGenerator<string | null> {
  const { workspace } = running.run;
  const genuine = await running.signIn('dana');
  const cookies = ['', `${genuine}x`, genuine.replace(/=.*/, '=acme.dana.0'), genuine.replace(/=./, '=%00')];
  for (const route of [...at('page'), ...at('form')])
    for (const cookie of cookies) {
      const path = pathOf(route, workspace);
      const headers = { ...ownOrigin, cookie };
      const { status } = await running.ask(path, { method: methodOf(route), headers, body: bodyOf(route) });
      yield status === 401 ? null : `${route.method} ${path} answered ${status}`;
    }
  await running.ask('/sign-out', { method: 'POST', headers: { ...ownOrigin, cookie: genuine } });
  const { status } = await running.ask(`/w/${workspace}`, { headers: { cookie: genuine } });
  yield status === 401 ? null : `a session that was signed out answered ${status}`;
}

/** Forms that other sites post with a manager's session. */
export async function* otherSites(running: Running): AsyncGenerator<string | null> {
  const cookie = await running.signIn('dana');
  const sites: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' },
    { origin: 'null' },
    { origin: `${running.run.url}.evil.example` },
  ];
  const forms = routes.filter(
    ({ method, path, door }) => door === 'form' || (door === 'open' && method === 'POST' && path.startsWith('/sign')),
  );
  for (const route of forms)
    for (const site of sites) {
      const path = pathOf(route, running.run.workspace);
      const headers = { ...site, cookie, 'content-type': 'application/x-www-form-urlencoded' };
      const { status } = await running.ask(path, { method: 'POST', headers, body: 'x=1' });
      yield status === 403 ? null : `${path} answered ${status} to ${JSON.stringify(site)}`;
    }
}

/** Guessed links of mails, and a sign-in link that is looked at by a scanner and used twice. */
export async function* links(running: Running): AsyncGenerator<string | null> {
  for (const kind of ['s', 'u', 'a', 'c', 'sign-in'])
    for (const guess of ['x', 'YWNtZQ.x.y', '..%2f..%2fetc', 'acme.dana.0', '%00', 'constructor', '__proto__']) {
      const { status } = await running.ask(`/${kind}/${guess}`);
      yield status === 404 || status === 410 ? null : `/${kind}/${guess} answered ${status}`;
    }
  const { url } = await running.client.call('POST sign-in-links', {}, { person: 'sam' });
  const { pathname } = new URL(url);
  const open = (method: string) => running.ask(pathname, { method, headers: ownOrigin });
  const looked = [await open('HEAD'), await open('GET'), await open('GET')];
  yield looked.some(({ headers }) => headers.has('set-cookie')) ? 'looking at a sign-in link signed in' : null;
  yield (await open('POST')).headers.has('set-cookie') ? null : 'a sign-in link was used up by looking at it';
  yield (await open('POST')).headers.has('set-cookie') ? 'a sign-in link worked twice' : null;
}

/** Names and ids of other workspaces, and of prototypes. */
export async function* otherWorkspaces(running: Running): AsyncGenerator<string | null> {
  const cookie = await running.signIn('dana');
  const names = ['other', '__proto__', 'constructor', '..%2facme', 'ACME', 'acme%00', 'a'.repeat(200)];
  for (const name of names) {
    const page = await running.ask(`/w/${name}/cases`, { headers: { cookie } });
    yield page.status === 401 || page.status === 404 ? null : `/w/${name}/cases answered ${page.status}`;
    const headers = { authorization: `Bearer ${running.run.token}` };
    const api = await running.ask(`/api/v1/workspaces/${name}/cases`, { headers });
    yield [401, 404].includes(api.status) ? null : `the API of ${name} answered ${api.status}`;
  }
  for (const id of ['c_000000000000000000000000', '__proto__', 'C-999999', "' OR 1=1 --", '%00'])
    for (const list of ['cases', 'responses', 'deliveries', 'customers']) {
      const { status } = await running.ask(`/w/acme/${list}/${encodeURIComponent(id)}`, { headers: { cookie } });
      yield status === 404 ? null : `/w/acme/${list}/${id} answered ${status}`;
    }
}

/** A flood of refused requests from one address is told to wait, and hinders nobody else. */
export async function* floods(running: Running): AsyncGenerator<string | null> {
  const doors = [
    { path: '/api/v1/workspaces/acme/cases', method: 'GET', refused: 401 },
    { path: '/hooks/acme/feedback-form', method: 'POST', refused: 401 },
    { path: '/s/guess', method: 'GET', refused: 404 },
    { path: '/w/acme/cases', method: 'GET', refused: 401 },
  ];
  for (const { path, method, refused } of doors) {
    const from = (client: string) =>
      running.ask(path, { method, headers: { [addressHeader]: client }, body: method === 'POST' ? '{}' : null });
    const answers = await Promise.all(Array.from({ length: 150 }, () => from('flooding')));
    const limited = answers.filter(({ status }) => status === 429);
    yield limited.length > 0 ? null : `150 refused requests of ${path} met no limit`;
    yield limited.every(({ headers }) => Number(headers.get('retry-after')) > 0)
      ? null
      : `${path} says no time to wait`;
    const other = await from('somebody else');
    yield other.status === refused ? null : `${path} answered ${other.status} to somebody else`;
  }
}
