import { type Context, Hono } from 'hono';
import { deleteCookie } from 'hono/cookie';
import type { Page } from '#domain/base/page.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import type { ResponseJson } from '#domain/json/intake-json.ts';
import { maskCase, maskResponse, maskStrategic } from '#domain/json/mask.ts';
import { countFilters, filterCases, filterOf } from '../views/case-facts.ts';
import { CaseListPage } from '../views/case-list.tsx';
import { CasePage } from '../views/case-page.tsx';
import { icon } from '../views/icon.ts';
import { HomePage, MessagePage, SignInPage } from '../views/message-page.tsx';
import { ResponseListPage } from '../views/response-list.tsx';
import { ResponsePage } from '../views/response-page.tsx';
import css from '../views/styles.css';
import { seesCustomers, type Visit } from '../views/visit.ts';
import type { Result } from '../workspace/workspace.ts';
import {
  type AppContext,
  findWorkspace,
  readSignIn,
  sessionPerson,
  startSession,
  unwrap,
  type WorkspaceCalls,
} from './context.ts';

const casesCounted = 1000;
const casesPerCall = 200;
const casesPerPage = 50;
const responsesPerPage = 50;
const responsesOnCase = 3;

type Show = (c: Context<AppContext>, visit: Visit, workspace: WorkspaceCalls) => Response | Promise<Response>;

/** Shows a page to whoever has a session of the workspace. All others get one and the same answer. */
export const signedIn = (show: Show) => async (c: Context<AppContext>) => {
  c.header('cache-control', 'no-store');
  const name = c.req.param('workspace') ?? '';
  const person = sessionPerson(c, name);
  const workspace = person && (await findWorkspace(c, name));
  const about = workspace ? await workspace.about() : null;
  if (!person || !workspace || !about?.ok || !Object.hasOwn(about.value.people, person)) {
    return c.html(<SignInPage title="Please sign in" />, 401);
  }
  const { access, ...rest } = about.value;
  const visit = { ...rest, workspace: name, person, access: access[person] ?? 'member', now: Date.now() };
  return show(c, visit, workspace);
};

export const pages = new Hono<AppContext>()
  .get('/', (c) => c.html(<HomePage />))
  .get('/styles.css', (c) => asset(c, css, 'text/css; charset=utf-8'))
  .get('/icon.svg', (c) => asset(c, icon, 'image/svg+xml'))
  .get('/sign-in/:token', async (c) => {
    c.header('cache-control', 'no-store');
    const link = readSignIn(c, 'sign-in', c.req.param('token'));
    const workspace = link && (await findWorkspace(c, link.workspace));
    if (!link || !workspace)
      return c.html(<SignInPage title="This sign-in link does not work any more" />, 401);
    startSession(c, link.workspace, link.person);
    return c.redirect(`/w/${link.workspace}`, 303);
  })
  .post('/sign-out', (c) => {
    if (!isOwnForm(c)) {
      return c.html(<MessagePage title="Not signed out">That came from another site.</MessagePage>, 403);
    }
    deleteCookie(c, '__Host-caselite', { path: '/', secure: true });
    deleteCookie(c, 'caselite', { path: '/' });
    return c.html(
      <MessagePage title="You are signed out">
        <p>To come back, open a sign-in link again.</p>
      </MessagePage>,
      200,
      { 'cache-control': 'no-store' },
    );
  })
  .get('/w/:workspace', signedIn(showCases))
  .get('/w/:workspace/cases/:id', signedIn(showCase))
  .get('/w/:workspace/responses', signedIn(showResponses))
  .get('/w/:workspace/responses/:id', signedIn(showResponse))
  .get(
    '/w/:workspace/*',
    signedIn((c, visit) => c.html(<NotHere visit={visit} what="page" />, 404)),
  );

async function showCases(c: Context<AppContext>, visit: Visit, workspace: WorkspaceCalls) {
  const before = c.req.query('before') || null;
  const { items, next } = await newestCases(workspace, before);
  const show = filterOf(c.req.query('show'));
  const cases = filterCases(items, show, visit.now).map((caseJson) =>
    seesCustomers(visit, caseJson) ? caseJson : maskCase(caseJson),
  );
  const pages = Math.max(1, Math.ceil(cases.length / casesPerPage));
  const page = Math.min(pages, Math.max(1, Math.trunc(Number(c.req.query('page'))) || 1));
  const list = {
    atRisk: unwrap(await workspace.atRisk()),
    show,
    counts: countFilters(items, visit.now),
    cases: cases.slice((page - 1) * casesPerPage, page * casesPerPage),
    looked: items.length,
    older: next,
    before,
    page,
    pages,
  };
  return c.html(<CaseListPage visit={visit} list={list} />);
}

async function showCase(c: Context<AppContext>, visit: Visit, workspace: WorkspaceCalls) {
  const caseJson = found(await workspace.case(c.req.param('id') ?? ''));
  if (!caseJson) return c.html(<NotHere visit={visit} what="case" />, 404);
  const newest = caseJson.responses.slice(-responsesOnCase).toReversed();
  const read = await Promise.all(newest.map((id) => workspace.response(id)));
  const responses = read.flatMap((result) => found(result) ?? []);
  const warnings = unwrap(await workspace.closureWarningsOfCase(caseJson.id));
  const mails = unwrap(await workspace.mailsOfCase(caseJson.id));
  const strategic = caseJson.kind === 'strategic' ? unwrap(await workspace.strategicCase(caseJson.id)) : null;
  const elevation = caseJson.kind === 'tactical' ? unwrap(await workspace.elevation(caseJson.id)) : null;
  const actions = unwrap(await workspace.actionsFor(caseJson.id, visit.person));
  const sees = seesCustomers(visit, caseJson);
  return c.html(
    <CasePage
      visit={visit}
      one={sees ? caseJson : maskCase(caseJson)}
      responses={sees ? responses : responses.map(maskResponse)}
      warnings={warnings}
      mails={sees ? mails : null}
      strategic={strategic && (sees ? strategic : maskStrategic(strategic, caseJson.responses))}
      elevation={elevation}
      actions={actions}
    />,
  );
}

async function showResponses(c: Context<AppContext>, visit: Visit, workspace: WorkspaceCalls) {
  const cursor = c.req.query('before') || null;
  const { items, next } = unwrap(
    await workspace.list({ what: 'responses', cursor, limit: responsesPerPage }),
  );
  const responses = items
    .filter((item): item is ResponseJson => 'decisions' in item)
    .map((response) => (seesCustomers(visit) ? response : maskResponse(response)));
  return c.html(
    <ResponseListPage visit={visit} responses={responses} next={next} newest={cursor === null} />,
  );
}

async function showResponse(c: Context<AppContext>, visit: Visit, workspace: WorkspaceCalls) {
  const response = found(await workspace.response(c.req.param('id') ?? ''));
  if (!response) return c.html(<NotHere visit={visit} what="response" />, 404);
  return c.html(
    <ResponsePage visit={visit} response={seesCustomers(visit) ? response : maskResponse(response)} />,
  );
}

/** The newest cases from a place on, as many as one page looks at. */
async function newestCases(workspace: WorkspaceCalls, before: string | null): Promise<Page<CaseJson>> {
  const items: CaseJson[] = [];
  let cursor = before;
  do {
    const page = unwrap(await workspace.list({ what: 'cases', cursor, limit: casesPerCall }));
    items.push(...page.items.filter((item): item is CaseJson => 'handle' in item));
    cursor = page.next;
  } while (cursor !== null && items.length < casesCounted);
  return { items, next: cursor };
}

/** What was asked for, or null where the workspace has no such thing. */
export function found<Value>(result: Result<Value>): Value | null {
  return !result.ok && result.code === 'not-found' ? null : unwrap(result);
}

export function NotHere({ visit, what }: { visit: Visit; what: string }) {
  return (
    <MessagePage title={`No such ${what}`}>
      <p>
        There is no {what} at this address. <a href={`/w/${visit.workspace}`}>All cases</a>
      </p>
    </MessagePage>
  );
}

/**
 * Whether a form was posted from our own pages. Our referrer policy makes browsers send `Origin: null`, so
 * Origin is asked only where a browser says nothing better.
 */
export function isOwnForm(c: Context<AppContext>): boolean {
  const site = c.req.header('sec-fetch-site');
  return site ? site === 'same-origin' : c.req.header('origin') === new URL(c.req.url).origin;
}

function asset(c: Context<AppContext>, text: string, type: string): Response {
  return c.body(text, 200, { 'content-type': type, 'cache-control': 'public, max-age=300' });
}
