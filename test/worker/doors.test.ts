import { exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { signToken, type TokenPurpose } from '#domain/base/key.ts';
import type { Page } from '#domain/base/page.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import { TokenScope } from '#domain/json/settings-json.ts';
import { app, hooks } from '#src/app.ts';
import { keyring } from '#src/keyring.ts';
import type { Route } from '#src/routes/doors.tsx';
import { routes } from '#src/routes/routes.ts';
import type { Operations } from '#src/workspace/operations.ts';
import { type OperationName, type Right, rights } from '#src/workspace/rights.ts';
import { directory, newWorkspace, signInAs } from './harness.ts';
import { type Asking, findDemand, findRefusal, listDemandedAddresses } from './matrix.ts';
import { emulatedHosts, network } from './network.ts';
import { publishedDocument } from './published.ts';
import { formOf, jsonOf, type Known, onStrategic, pathOf } from './requests.ts';
import { otherWorkspace, secrets, variables } from './variables.ts';

/* Every address, asked for by every kind of viewer, and the answer compared with the tables of routes and rights. */

const words = 'The blue installer froze on my own old laptop';
/** Facts that say who a customer is; `planted` is also the customer's key. */
const personal = ['Ottilie', 'planted@customer.example', 'cust-planted'];

interface Viewer extends Asking {
  headers: Record<string, string>;
  link?: TokenPurpose;
}

let known: Known;
let viewers: Record<string, Viewer>;
let workspace: Awaited<ReturnType<typeof newWorkspace>>;
let problemsOf: Awaited<ReturnType<typeof publishedDocument>>['problemsOf'];

const pat = '  pat: { name: Pat, email: pat@acme.example }\n';
const settings = (yaml: string) =>
  `${yaml.replace('delay: 1 day', 'delay: 0 seconds').replace('people:\n', `people:\n${pat}`)}admins: [priya]\nviewers: [pat]\nchannels: { crm: { kind: webhook, url: CRM_URL, secret: CRM_SECRET, events: [case.joined] } }\n`;

beforeAll(async () => {
  const hosts = emulatedHosts();
  ({ problemsOf } = await publishedDocument());
  network.use(...hosts.handlers);
  workspace = await newWorkspace(settings);
  const { name, deliver, settle, call, cases } = workspace;
  await directory().add(name, `${name}/priya`);
  await deliver({ token: 'planted', completed: false, ease: 2, name: 'Ottilie Planted', wish: words });
  await deliver({ token: 'erased', completed: false, ease: 9 });
  await deliver({ token: 'forgotten', completed: false, ease: 9 });
  await deliver({ token: 'asked', completed: false, ease: 9 });
  await settle();
  const opened = await cases();
  const asked = opened.find(({ customer }) => customer.key === 'cust-asked');
  await hosts.jira.close(asked?.issue?.key ?? '', '5b10ac8d82e05b22cc7d4ef1');
  await call('POST', 'poll');
  await settle();
  const { followUps } = (await (await call('GET', `cases/${asked?.id}`)).json()) as CaseJson;
  const first = async (list: string) =>
    ((await (await call('GET', list)).json()) as Page<{ id: string }>).items.at(-1)?.id ?? '';
  const tactical = opened.find(({ customer }) => customer.key === 'cust-planted')?.id ?? '';
  await call('POST', `cases/${tactical}/actions/assign`, { assign: 'sam', who: 'dana' });
  await call('POST', `cases/${tactical}/contributors`, {
    name: 'Kim',
    email: 'kim@partner.example',
    who: 'dana',
  });
  const contributors = (await cases()).find(({ id }) => id === tactical)?.contributors;
  const { url } = (await (await call('POST', 'sign-in-links', { person: 'sam' })).json()) as { url: string };
  known = {
    signInLink: url.split('.').at(-2) ?? '',
    token: (
      (await (await call('POST', 'tokens', { name: 'of Sam', scopes: ['read'], who: 'sam' })).json()) as { id: string }
    ).id,
    session: (await signInAs(call, 'sam')).split('.').at(-2) ?? '',
    workspace: name,
    files: workspace.files,
    tactical,
    strategic: opened.find(({ kind }) => kind === 'strategic')?.id ?? '',
    response: await first('responses'),
    delivery: await first('deliveries'),
    invitation: contributors?.[0]?.id ?? '',
    followUp: followUps.find(({ kind }) => kind === 'customer')?.id ?? '',
  };
  const cookieOf = async (of: typeof call, person: string) => ({ cookie: await signInAs(of, person) });
  const other = await newWorkspace();
  const token = (value: string) => ({ authorization: `Bearer ${value}` });
  viewers = {
    nobody: { headers: {} },
    contributor: { headers: {}, link: 'contribute' },
    'customer with a survey': { headers: {}, link: 'survey' },
    'holder of an unsubscribe link': { headers: {}, link: 'unsubscribe' },
    'customer with feedback': { headers: {}, link: 'feedback' },
    'person on call': { headers: {}, link: 'acknowledge' },
    'session of another workspace': { headers: await cookieOf(other.call, 'dana') },
    'token of another workspace': { headers: token(otherWorkspace.token) },
    viewer: { headers: await cookieOf(call, 'pat'), person: 'pat' },
    member: { headers: await cookieOf(call, 'mette'), person: 'mette' },
    participant: { headers: await cookieOf(call, 'sam'), person: 'sam' },
    manager: { headers: await cookieOf(call, 'dana'), person: 'dana' },
    admin: { headers: await cookieOf(call, 'priya'), person: 'priya' },
    'holder of a sign-in link': { headers: {}, link: 'sign-in' },
    program: { headers: token(secrets.API_TOKEN), program: true },
  };
  const makeToken = async (body: { name: string; scopes: string[]; who?: string }) =>
    token(((await (await call('POST', 'tokens', body)).json()) as { token: string }).token);
  const scopes = TokenScope.options;
  for (const scope of scopes)
    viewers[`token to ${scope}`] = {
      headers: await makeToken({ name: scope, scopes: [scope] }),
      program: true,
      scopes: [scope],
    };
  for (const person of ['mette', 'sam', 'dana', 'priya']) {
    const own = scopes.filter((scope) => scope !== 'act-as');
    const headers = await makeToken({ name: 'all', scopes: own, who: person });
    viewers[`token of ${person}`] = { headers, person, scopes: own };
  }
}, 60_000);

/** A token of a link for a purpose; `mac` of nothing genuine where a viewer holds none. */
function tokenOf(purpose: TokenPurpose | undefined): string {
  const subjects: Partial<Record<TokenPurpose, string>> = {
    contribute: known.invitation,
    survey: known.followUp,
    unsubscribe: known.followUp,
    feedback: known.followUp,
    'sign-in': known.signInLink,
    acknowledge: `${known.tactical}.1.dana`,
  };
  const subject = purpose && subjects[purpose];
  if (!purpose || !subject) return `${known.workspace}.nothing.${'0'.repeat(32)}`;
  return signToken(keyring(variables.CASELITE_KEY ?? ''), purpose, known.workspace, subject);
}

async function ask(route: Route, viewer: Viewer, headers: Record<string, string> = {}): Promise<Response> {
  const operation = route.operation;
  const method = route.method === 'ALL' ? 'GET' : route.method;
  const own = { 'sec-fetch-site': 'same-origin', ...viewer.headers, ...headers };
  const path = pathOf(route, known, tokenOf(viewer.link));
  const url = `https://caselite.test${path}`;
  if (method === 'GET') return exports.default.fetch(url, { headers: own, redirect: 'manual' });
  if (route.door === 'api') {
    const { body, type } = jsonOf(route, known);
    return exports.default.fetch(url, { method, body, headers: { ...own, 'content-type': type } });
  }
  const body = formOf(operation, known);
  return exports.default.fetch(url, { method, body, headers: own, redirect: 'manual' });
}

/** The status of a refusal, or null where the request is let in. */
function refusalOf({ method, operation, path }: Route, viewer: Viewer): number | null {
  const demand = findDemand(method, path);
  if (demand === undefined) throw new Error(`${method} ${path} is not in the matrix: say there who gets an answer`);
  const refusal = findRefusal(demand, viewer, onStrategic.includes(operation ?? '') ? 'strategic' : 'tactical');
  if (refusal !== null) return refusal;
  if (path === '/w/:workspace/*') return 404;
  // The first to erase, or to end a session, leaves nothing to the others.
  if (operation === 'erasePerson' && viewer.scopes) return 404;
  if (operation === 'endSession') return viewer.person === 'sam' ? null : 404;
  // One's own token, or anybody's as an admin or a program: this one is Sam's.
  return operation === 'revokeToken' && !viewer.program && !['sam', 'priya'].includes(viewer.person ?? '') ? 404 : null;
}

/** Viewers that an address tells apart: tokens count at the API only, and cookies on pages only. */
function listViewersFor({ door }: Route): [string, Viewer][] {
  const isUseful = ({ headers }: Viewer, name: string) =>
    name === 'nobody' ||
    name === 'program' ||
    (door === 'api' ? 'authorization' in headers : !name.startsWith('token'));
  return Object.entries(viewers).filter(([name, viewer]) => isUseful(viewer, name));
}

const titleOf = ({ method, path }: Route) => `${method} ${path}`;
/** Erasing and signing out come last: nothing is left to be asked for after them. */
const positionOf = ({ operation, path }: Route) => (path === '/sign-out' ? 2 : operation === 'erasePerson' ? 1 : 0);
const inOrder = [...routes].sort((a, b) => positionOf(a) - positionOf(b));

describe('the table of routes', () => {
  it('is all that the worker answers', () => {
    const mounted = [...app.routes, ...hooks.routes].map(({ method, path }) => `${method} ${path}`);
    const inTable = new Set(routes.map(titleOf));
    // The first of Hono's own entries sets the security headers of every answer.
    expect(mounted.filter((entry) => !inTable.has(entry))).toEqual(['ALL /*', 'ALL /*']);
    expect([...inTable].filter((entry) => !mounted.includes(entry))).toEqual([]);
  });

  it('is written down in the matrix, address by address', () => {
    expect(routes.filter(({ method, path }) => findDemand(method, path) === undefined).map(titleOf)).toEqual([]);
    expect(listDemandedAddresses().filter((title) => !routes.some((route) => titleOf(route) === title))).toEqual([]);
  });

  it('names no address twice', () => {
    expect(new Set(routes.map(titleOf)).size).toBe(routes.length);
  });

  it('lets nobody but admins erase, and nobody but managers export or see the ledger', () => {
    const least = (name: OperationName) => rights[name].person;
    expect([least('erasePerson'), least('exportPerson'), least('ledger'), least('putCustomers')]).toEqual([
      'admin',
      'manager',
      'manager',
      'manager',
    ]);
    const outside = Object.entries<Right>(rights).filter(([, { link }]) => link !== null);
    expect(outside.every(([, { person, program }]) => person === null && !program)).toBe(true);
  });
});

describe('the published document', () => {
  it('describes what programs rely on as they get it', async () => {
    const lists = ['cases', 'responses', 'deliveries', 'follow-ups', 'mails', 'customers'];
    for (const route of routes
      .filter(({ method, path }) => lists.some((list) => method === 'GET' && path.endsWith(`:workspace/${list}`)))
      .filter(({ door }) => door === 'api')) {
      const answer = await ask(route, viewers.program ?? { headers: {} });
      const { items } = (await answer.clone().json()) as Page<object>;
      expect(items.length, titleOf(route)).toBeGreaterThan(0);
      expect(await problemsOf(route, answer)).toBe('');
    }
  });
});

describe('an address of a page with a slash too much', () => {
  it.each(['', '/cases'])('leads to %j with its filter', async (path) => {
    const { headers } = viewers.manager ?? { headers: {} };
    const page = `/w/${known.workspace}${path}`;
    const answer = await exports.default.fetch(`https://caselite.test${page}/?show=all`, {
      headers,
      redirect: 'manual',
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `${page}?show=all`]);
  });

  it.each(['/cases/%0D%0A', '/cases/%C3%BC', '/customers/%0A/export'])(
    'or of a form, is led on from %j as it is',
    async (path) => {
      const { headers } = viewers.manager ?? { headers: {} };
      const address = `/w/${known.workspace}${path}`;
      const answer = await exports.default.fetch(`https://caselite.test${address}/`, { headers, redirect: 'manual' });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, address]);
      if (!path.endsWith('export')) return;
      const next = await exports.default.fetch(`https://caselite.test${address}`, { headers, redirect: 'manual' });
      expect([next.status, next.headers.get('location')]).toEqual([303, address.replace('/export', '')]);
    },
  );
});

describe('the API under a name that no workspace may have', () => {
  it('begins none, although its token is that of the workspace in other letters', async () => {
    const name = known.workspace.toUpperCase();
    const answer = await exports.default.fetch(`https://caselite.test/api/v1/workspaces/${name}/settings`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${secrets.API_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ files: [{ kind: 'workspace', name: 'x', text: 'x' }] }),
    });
    expect(answer.status).toBe(404);
    expect(await directory().list()).toMatchObject({ value: expect.not.arrayContaining([name]) });
  });
});

describe('GET cases?colour=', () => {
  it('answers 422, and names the parameter and what is known', async () => {
    const answer = await workspace.call('GET', 'cases?colour=');
    expect(answer.status).toBe(422);
    const message = expect.stringMatching(/^is not known here; there are cursor, limit, show, .*, and customer\.NAME/);
    expect(await answer.json()).toMatchObject({
      status: 422,
      detail: expect.stringMatching(/^colour: is not known here/),
      problems: [{ field: 'colour', message }],
    });
  });
});

const reads = ['GET', 'ALL'];
const isRead = ({ method }: Route) => reads.includes(method);
const leaks = (text: string, secrets: string[]) => secrets.filter((secret) => text.includes(secret));

describe('a viewer who does not see customers', () => {
  it('reads no name, address or key on any page', async () => {
    const pages = routes.filter((route) => route.door === 'page' && isRead(route));
    const shown: string[] = [];
    for (const route of pages) {
      const masked = await (await ask(route, viewers.member ?? { headers: {} })).text();
      expect(leaks(masked, personal), titleOf(route)).toEqual([]);
      const whole = await (await ask(route, viewers.manager ?? { headers: {} })).text();
      if (leaks(whole, personal).length > 0) shown.push(route.path);
    }
    expect(shown).toEqual([
      '/w/:workspace',
      '/w/:workspace/cases',
      '/w/:workspace/cases/:id',
      '/w/:workspace/responses',
      '/w/:workspace/responses/:id',
      '/w/:workspace/words',
      '/w/:workspace/deliveries/:id',
      '/w/:workspace/customers',
      '/w/:workspace/customers/:id',
    ]);
  });

  it('gets none from an operation either', async () => {
    const page = { cursor: null, limit: 50 };
    const caseOf = [known.tactical];
    const lists = ['cases', 'responses', 'customers', 'deliveries', 'mails'];
    const asked: [keyof Operations, unknown[]][] = [
      ...lists.map((what): [keyof Operations, unknown[]] => ['list', [{ what, ...page }]]),
      ['list', [{ what: 'customers', ...page, search: 'Ottilie' }]],
      ['caseRows', [{ show: 'all', ...page }]],
      ['home', [{ group: null, after: 0 }]],
      ['case', caseOf],
      ['response', [known.response]],
      ['responsesOfCase', [known.tactical, 3]],
      ['delivery', [known.delivery]],
      ['customer', [1]],
      ['strategicCase', [known.strategic]],
      ['strategicList', [50]],
      ['links', caseOf],
      ['actionsFor', [known.tactical, {}]],
      ['closureWarningsOfCase', caseOf],
      ['messagesOfCase', caseOf],
      ['followUpList', [{ state: null, ...page }]],
      ['acknowledge', [known.tactical, { how: 'in a test' }]],
      ['people', []],
      ['loopReport', [90]],
      ['ledger', ['cust-planted']],
      ['exportPerson', ['cust-planted', {}]],
    ];
    let seenByProgram = 0;
    for (const [name, values] of asked) {
      const masked = await workspace.stub.call({ kind: 'person', person: 'mette' }, name, values);
      expect(leaks(JSON.stringify(masked), personal), `${name} ${JSON.stringify(values)}`).toEqual([]);
      const whole = await workspace.stub.call({ kind: 'program' }, name, values);
      seenByProgram += leaks(JSON.stringify(whole), personal).length > 0 ? 1 : 0;
    }
    expect(seenByProgram).toBeGreaterThan(10);
  });

  it('reads no word of a customer without being of the workspace', async () => {
    for (const name of ['nobody', 'contributor', 'session of another workspace', 'token of another workspace'])
      for (const route of routes.filter(isRead)) {
        const text = await (await ask(route, viewers[name] ?? { headers: {} })).text();
        expect(leaks(text, [...personal, words]), `${name}: ${titleOf(route)}`).toEqual([]);
      }
    const { items } = (await (await workspace.call('GET', 'responses')).json()) as Page<object>;
    expect(JSON.stringify(items)).toContain(words);
  });
});

describe('a form from another site', () => {
  const forged = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' };

  it('changes nothing with a session, nor an answer to a survey', async () => {
    const isFromElsewhere = ({ door, operation }: Route) =>
      door === 'api' || door === 'hook' || operation === 'unsubscribe';
    const forms = routes.filter(
      (route) => route.method === 'POST' && !isFromElsewhere(route) && !route.path.endsWith('*'),
    );
    expect(forms.length).toBeGreaterThan(30);
    for (const route of forms) {
      const { status } = await ask(route, viewers.admin ?? { headers: {} }, forged);
      expect(status, titleOf(route)).toBe(403);
    }
    const survey = routes.find(({ operation }) => operation === 'answer');
    const customer = viewers['customer with a survey'];
    if (!survey || !customer) throw new Error('no survey');
    expect((await ask(survey, customer, forged)).status).toBe(403);
    expect((await ask(survey, customer, { origin: 'null' })).status).not.toBe(403);
    const old = { 'sec-fetch-site': '', origin: 'https://caselite.test' };
    expect((await ask(survey, customer, old)).status).not.toBe(403);
  });

  it('is read by no door beyond its limit', async () => {
    const body = new Uint8Array(8 * 1024 * 1024 + 1);
    const holderOf = (route: Route) =>
      Object.values(viewers).find((viewer) => refusalOf(route, viewer) === null) ?? { headers: {} };
    const posts = routes.filter(
      ({ method, path }) => ['POST', 'PUT', 'DELETE'].includes(method) && !path.includes('*'),
    );
    expect(posts.length).toBeGreaterThan(70);
    for (const route of posts.filter(({ door, operation }) => door !== 'api' || operation !== null)) {
      const viewer = holderOf(route);
      const headers = { 'sec-fetch-site': 'same-origin', ...viewer.headers };
      const url = `https://caselite.test${pathOf(route, known, tokenOf(viewer.link))}`;
      const answer = await exports.default.fetch(url, { method: route.method, body, headers, redirect: 'manual' });
      expect(answer.status, titleOf(route)).toBe(413);
    }
  });

  it('is what programs, tools and mail programs send', async () => {
    const unsubscribe = routes.find(({ operation, method }) => operation === 'unsubscribe' && method === 'POST');
    const poll = routes.find(({ operation }) => operation === 'pollNow');
    const holder = viewers['holder of an unsubscribe link'];
    const program = viewers.program;
    if (!unsubscribe || !poll || !holder || !program) throw new Error('no such route');
    expect((await ask(unsubscribe, holder, forged)).status).toBe(200);
    expect((await ask(poll, program, forged)).status).toBe(202);
  });
});

describe('a viewer', () => {
  it.each(inOrder.map((route) => [titleOf(route), route] as const))(
    'of %s is let in or refused as the tables say',
    async (_, route) => {
      const seen: Record<string, number | string> = {};
      const wanted: Record<string, number | string> = {};
      for (const [name, viewer] of listViewersFor(route)) {
        const answer = await ask(route, viewer);
        const { status } = answer;
        const refusal = refusalOf(route, viewer);
        const isIn = [401, 403, 404].includes(status) === false && status < 500;
        seen[name] = isIn ? 'in' : status;
        wanted[name] = refusal ?? 'in';
        if (route.endpoint && (name === 'program' || name === 'nobody'))
          expect(await problemsOf(route, answer)).toBe('');
      }
      expect(seen).toEqual(wanted);
    },
  );
});
