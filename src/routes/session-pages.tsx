import { deleteCookie } from 'hono/cookie';
import { listIssuers } from '../open-id.ts';
import * as views from '../views/index.ts';
import css from '../views/styles.css';
import * as web from './kit.ts';

type Show = (c: web.HonoContext) => Response | Promise<Response>;

export const showHome: Show = async (c) =>
  (await web.isSetUpOpen(c)) ? c.redirect('/set-up') : c.html(<views.HomePage issuers={listIssuers(c.env)} />);

const show = (text: string, type: string): Show => {
  const headers = { 'content-type': type, 'cache-control': 'public, max-age=300' };
  return (c) => c.body(text, 200, headers);
};
export const showStyles = show(css, 'text/css; charset=utf-8');
export const showKeysScript = show(views.keysScript, 'text/javascript; charset=utf-8');
export const showIcon = show(views.icon, 'image/svg+xml');

/** Mails a link to a known address. Unknown addresses and workspaces get the same answer. */
export const requestSignInLink: Show = async (c) => {
  const fields = await web.readForm(c);
  const textOf = (name: string) => String(fields.get(name) ?? '').trim();
  const workspace = await web.findWorkspace(c, textOf('workspace').toLowerCase(), { kind: 'program' });
  if (workspace) await workspace.requestSignInLink(textOf('email').slice(0, 254), textOf('path'));
  return c.html(<views.LinkRequestedPage />);
};

export const showSignInLink: Show = async (c) => {
  const link = await web.findWorkspaceOfLink(c, 'sign-in');
  const page = link && (await web.attempt(link.workspace.signInPage(link.subject)));
  return page?.ok ? c.html(<views.ConfirmSignInPage {...page.value} />) : answerDeadSignInLink(c);
};

export const signIn: Show = async (c) => {
  const link = await web.findWorkspaceOfLink(c, 'sign-in');
  const session = link && (await web.attempt(link.workspace.signIn(link.subject, describeDevice(c))));
  return session?.ok ? web.enterSession(c, session.value) : answerDeadSignInLink(c);
};

/** Used, expired and forged links get the same answer, with a form for a new one. */
function answerDeadSignInLink(c: web.HonoContext): Response | Promise<Response> {
  const [workspace] = (c.req.param('token') ?? '').split('.');
  return web.answerWithSignIn(c, 404, { title: 'This sign-in link does not work any more', workspace });
}

export const signOut: Show = async (c) => {
  const session = web.readSessionCookie(c);
  const workspace = session && (await web.findWorkspace(c, session.workspace, { kind: 'session', id: session.id }));
  if (session && workspace) await web.attempt(workspace.endSession(session.id, {}));
  const { name, options } = web.chooseCookie(c);
  deleteCookie(c, name, options);
  return web.answerWithSignIn(c, 200, { title: 'You are signed out', workspace: session?.workspace });
};

export const showAccount: web.PageHandler = (c, visit, workspace) => showTokensAndSessions(null, c, visit, workspace);

async function showTokensAndSessions(made: string | null, ...[c, visit, workspace]: Parameters<web.PageHandler>) {
  const [sessions, tokens] = [await workspace.sessions(), await workspace.tokens()];
  return c.html(
    <views.AccountPage {...{ visit, sessions, tokens, made, current: web.readSessionCookie(c)?.id ?? '' }} />,
  );
}

export const createToken: web.FormHandler = async (c, visit, workspace, field) => {
  const made = await workspace.createToken({
    name: field('name'),
    scopes: views.TokenScope.options.filter((scope) => field(scope) === 'yes'),
    days: Number(field('days')),
    program: field('for') === 'program',
  });
  return showTokensAndSessions(made.token, c, visit, workspace);
};

const browsers = { Edg: 'Edge', OPR: 'Opera', Firefox: 'Firefox', Chrome: 'Chrome', Safari: 'Safari' };
const systems = {
  ...{ iPhone: 'iPhone', iPad: 'iPad', Android: 'Android', Windows: 'Windows' },
  ...{ Macintosh: 'macOS', CrOS: 'ChromeOS', Linux: 'Linux' },
};

/** Browser and system of a request, such as "Firefox on Linux". */
export function describeDevice(c: web.HonoContext): string {
  const userAgent = c.req.header('user-agent') ?? '';
  const pick = (names: Record<string, string>) => Object.entries(names).find(([mark]) => userAgent.includes(mark))?.[1];
  return `${pick(browsers) ?? 'Unknown browser'} on ${pick(systems) ?? 'an unknown system'}`;
}
