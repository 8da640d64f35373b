import type { Handler, MiddlewareHandler } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import { csrf } from 'hono/csrf';
import * as views from '../views/index.ts';
import type { Endpoint } from './api/endpoint.ts';
import { noteRefusal } from './hooks.ts';
import * as web from './kit.ts';
import { limitRefusals, limitRequests } from './limit-requests.tsx';
import { statuses } from './statuses.ts';

/*
 * A door is what every request of an address passes before its handler: who may come in, from which site a form may
 * come, how large a body may be.
 *
 * - `open`: everybody
 * - `hook`: survey tools and trackers, whose signature the workspace checks
 * - `link`: holders of a signed link from a mail
 * - `page`, `form`: a person of the workspace with a session
 * - `api`: a person or program with an API token
 * - `operator`: a program with the deployment's token for metrics
 */
type Door = 'open' | 'hook' | 'link' | 'page' | 'form' | 'api' | 'operator';

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'ALL';
  path: string;
  door: Door;
  /** The operation of the workspace that decides who may come; null where no workspace is asked. */
  operation: Operation | null;
  endpoint: Endpoint | null;
  handlers: [Handler<web.HonoEnvironment>, ...Handler<web.HonoEnvironment>[]];
}

type Operation = keyof web.WorkspaceCalls | 'receive' | 'hint';
type Plain = (c: web.HonoContext) => Response | Promise<Response>;

/** Only our own pages may post forms. Browsers that send no Sec-Fetch-Site send Origin. */
const requireOwnOrigin = csrf({
  origin: (origin, c) => origin === new URL(web.readDeployment(c.env).publicUrl).origin,
});

const forbidCaching: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('cache-control', 'no-store');
};

const ownForm = [forbidCaching, requireOwnOrigin] as const;

const requireApiToken = (operation: Operation | null) =>
  bearerAuth({ verifyToken: (token, c: web.HonoContext) => web.admitApiToken(c, token, operation) });

const surveyAnswerLimit: web.BodyLimit = { kibibytes: 64, remedy: 'shorten your answer and send it again' };
export const commentLimit: web.BodyLimit = { kibibytes: 16, remedy: 'shorten your text and send it again' };

const route = (
  method: Route['method'],
  path: string,
  door: Door,
  operation: Operation | null,
  ...handlers: Route['handlers']
): Route => ({ method, path, door, operation, endpoint: null, handlers: [limitRefusals(door), ...handlers] });

export const open = (method: 'GET' | 'POST' | 'ALL', path: string, answer: Plain) =>
  route(method, path, 'open', null, answer);

const requireMetricsToken = bearerAuth({
  verifyToken: (token, c: web.HonoContext) => web.isVariable(c, token, 'METRICS_TOKEN'),
});

export const operator = (path: string, answer: Plain) =>
  route('GET', path, 'operator', null, forbidCaching, requireMetricsToken, answer);

/** Addresses that do work for everybody; forms come from our own pages. */
export const createWorkingRoute = (method: 'GET' | 'POST', path: string, answer: Plain) =>
  route(method, path, 'open', null, limitRequests(), ...ownForm, web.limitBody(commentLimit), answer);

export const hook = (path: string, operation: Operation, answer: Plain) =>
  route('POST', path, 'hook', operation, noteRefusal, web.limitBody(web.usualLimit), answer);

export const link = (path: string, operation: Operation, answer: Plain) =>
  route('GET', path, 'link', operation, forbidCaching, answer);

/** A form behind a link, which only our own page may post. */
export const createLinkFormRoute = (path: string, operation: Operation, answer: Plain, limit = surveyAnswerLimit) =>
  route('POST', path, 'link', operation, ...ownForm, web.limitBody(limit), answer);

/** A form behind a link that mail programs post as well, for the one click of RFC 8058. */
export const createOneClickRoute = (path: string, operation: Operation, answer: Plain) =>
  route('POST', path, 'link', operation, forbidCaching, web.limitBody(surveyAnswerLimit), answer);

const pages = new Map<string, web.PageHandler>();

export function page(path: string, operation: Operation, answer: web.PageHandler): Route {
  pages.set(path, answer);
  return route('GET', path, 'page', operation, forbidCaching, requireSession(operation, answer));
}

const forms = new Set<string>();

function findPageOfForm(path: string): { path: string; answer: web.PageHandler } | null {
  const answer = pages.get(path);
  if (answer) return { path, answer };
  const parent = path.slice(0, path.lastIndexOf('/'));
  return parent === '' ? null : findPageOfForm(parent);
}

export function form(path: string, operation: Operation, answer: web.FormHandler, limit = web.usualLimit): Route {
  forms.add(path);
  const answerPerson = requireSession(operation, passFormFields(path, answer, web.limitBody(limit)));
  return route('POST', path, 'form', operation, ...ownForm, answerPerson);
}

/** Answers an address of a workspace where no page is. That of a form, or with a slash too much, leads to its page. */
export const answerUnknownPage: web.PageHandler = (c) => {
  const { pathname, search } = new URL(c.req.url);
  if (pathname.endsWith('/')) return c.redirect(pathname.replace(/(?<!\/)\/+$/, '') + search, 303);
  const isAt = (path: string) => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`).test(pathname);
  const [page] = [...forms].filter(isAt).map(findPageOfForm);
  if (!page) throw new web.AppError('not-found', 'There is no page at this address.');
  return c.redirect(pathname.split('/').slice(0, page.path.split('/').length).join('/'), 303);
};

/** @param address method and path below a workspace, as `GET cases/:id` */
export function api(address: string, endpoint: Endpoint): Route {
  const [method, path = ''] = address.split(' ') as [Route['method'], string];
  const { operation, answer } = endpoint;
  const limit = web.limitBody(endpoint.limit ?? web.usualLimit);
  const guards = [forbidCaching, requireApiToken(operation), limit] as const;
  return { ...route(method, buildApiPath(path), 'api', operation, ...guards, answer), endpoint };
}

/** An address of the API that leads nowhere, and says so to programs with a token only. */
export const createApiDeadEndRoute = (method: Route['method'], path: string, answer: Plain) =>
  route(method, buildApiPath(path), 'api', null, forbidCaching, requireApiToken(null), answer);

const buildApiPath = (path: string) => `/api/v1/workspaces/:workspace/${path}`;

function requireSession(operation: Operation, answer: web.PageHandler): Plain {
  return async (c) => {
    const name = c.req.param('workspace') ?? '';
    const session = web.readSessionCookie(c);
    const asked =
      session?.workspace === name ? await web.findWorkspace(c, name, { kind: 'session', id: session.id }) : null;
    const about = asked && (await web.askAbout(asked, operation));
    const workspace = about?.person && (await web.findWorkspace(c, name, { kind: 'person', person: about.person }));
    if (!about?.person || !workspace) return answerWithoutSession(c, name);
    const { access, person, ...rest } = about;
    const visit = {
      ...rest,
      workspace: name,
      person,
      access: access[person] ?? 'member',
      now: Date.now(),
      query: c.req.query(),
    };
    try {
      return await answer(c, visit, workspace);
    } catch (error) {
      if (!(error instanceof web.AppError)) throw error;
      return c.html(<views.FailurePage visit={visit} text={error.message} />, statuses[error.code]);
    }
  };
}

const lostSession =
  'Nothing was changed, because you are not signed in any more. Sign in, then go back in this tab: what you wrote is still there to send again.';

function answerWithoutSession(c: web.HonoContext, workspace: string): Response | Promise<Response> {
  const { pathname, search } = new URL(c.req.url);
  if (c.req.method === 'GET') return web.answerWithSignIn(c, 401, { workspace, path: pathname + search });
  return web.answerWithSignIn(c, 401, { why: lostSession, workspace, path: `/w/${workspace}` });
}

/** A refused form leads back to its page with its message; `limit` applies to people who are let in alone. */
function passFormFields(path: string, answer: web.FormHandler, limit: MiddlewareHandler): web.PageHandler {
  return async (c, visit, workspace) => {
    await limit(c, async () => {});
    const form = await web.readForm(c);
    const texts = [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value.trim()]] : []));
    const fields: Record<string, string> = Object.fromEntries(texts);
    try {
      return await answer(c, visit, workspace, (name) => fields[name] ?? '');
    } catch (error) {
      if (!(error instanceof web.AppError) || !correctable.has(error.code)) throw error;
      const problem = { path: c.req.path, fields, ...describeProblem(error, fields) };
      c.status(statuses[error.code]);
      const shown = await findPageOfForm(path)?.answer(c, { ...visit, problem }, workspace);
      if (!shown) throw error;
      return shown;
    }
  };
}

const correctable = new Set<web.AppError['code']>(['invalid-input', 'conflict', 'forbidden']);

/** A value goes by the name of its action in errors, and by `value` in forms. */
function describeProblem(error: web.AppError, fields: Record<string, string>) {
  const [problem] = error instanceof web.InvalidInputError ? error.problems : [];
  if (!problem) return { field: null, message: error.message };
  const field = [problem.field, 'value', 'text'].find((name) => Object.hasOwn(fields, name)) ?? null;
  return { field, message: `This ${problem.message}`.replace(/^This (?=[A-Z])/, '').replace(/^This are/, 'These are') };
}
