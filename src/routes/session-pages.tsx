import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { minuteMs, secondMs } from '#domain/time/units.ts';
import { createConsoleLog } from '../log.ts';
import { beginSignIn, finishSignIn, listIssuers } from '../open-id.ts';
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

const signInTimeMs = 10 * minuteMs;

type Read = (name: string) => string;

/** Leads to the issuer, for known and unknown workspaces alike. A cookie keeps what the way back is checked with. */
export const leadToIssuer: Show = async (c) => {
  const issuer = demandIssuer(c);
  const fields = await web.readForm(c);
  const read: Read = (name) => String(fields.get(name) ?? '').slice(0, 600);
  try {
    const { url, checks } = await beginSignIn(issuer, issuer.returnUrl);
    const { name, options } = web.chooseCookie(c, 'caselite-sign-in');
    const kept = { ...checks, issuer: issuer.name, workspace: read('workspace').trim(), path: read('path') };
    setCookie(c, name, String(new URLSearchParams(kept)), { ...options, maxAge: signInTimeMs / secondMs });
    // The security policy lets no form lead there by a redirect.
    const page = (
      <views.Frame title={`Sign in with ${issuer.title}`}>
        <a href={url}>Continue to {issuer.title}</a>
      </views.Frame>
    );
    return await c.html(page, 200, { refresh: `0; url=${url}` });
  } catch (error) {
    return answerFailure(c, read, error);
  }
};

/** Signs the person in whom the issuer sent back, in the browser that began. */
export const signInByIssuer: Show = async (c) => {
  const issuer = demandIssuer(c);
  const { name, options } = web.chooseCookie(c, 'caselite-sign-in');
  const kept = new URLSearchParams(getCookie(c, name));
  const read: Read = (field) => kept.get(field) ?? '';
  deleteCookie(c, name, options);
  if (read('issuer') !== issuer.name)
    return showSignInAgain(c, read, 'This sign-in took too long, or began in another browser. Please try again.');
  try {
    const identity = await finishSignIn(issuer, new URL(issuer.returnUrl + new URL(c.req.url).search), read);
    const workspace = await web.findWorkspace(c, read('workspace').toLowerCase(), { kind: 'program' });
    const asked = { device: describeDevice(c), path: read('path') };
    const session = workspace && (await workspace.signInByIdentity(identity, asked));
    if (session) return web.enterSession(c, session);
    const why = `Nobody in this workspace has the confirmed e-mail address of this ${issuer.title} account.`;
    return await showSignInAgain(c, read, `${why} Take a link by mail.`);
  } catch (error) {
    return answerFailure(c, read, error);
  }
};

function demandIssuer(c: web.HonoContext) {
  const issuer = listIssuers(c.env).find(({ name }) => name === c.req.param('issuer'));
  if (issuer) return { ...issuer, returnUrl: `${web.readDeployment(c.env).publicUrl}/sign-in/with/${issuer.name}` };
  throw new web.AppError('not-found', 'There is no such sign-in.');
}

function answerFailure(c: web.HonoContext, read: Read, error: unknown): Response | Promise<Response> {
  const { name, code, error: answer } = error as { name?: string; code?: string; error?: string };
  if (answer === 'access_denied') return showSignInAgain(c, read, 'The sign-in was cancelled.');
  const reason = answer ?? code ?? name ?? 'unknown';
  createConsoleLog('sign-in').error('sign-in-failed', { issuer: c.req.param('issuer') ?? '', reason });
  const isSetUp = !(error instanceof web.AppError && error.code === 'config');
  return showSignInAgain(c, read, isSetUp ? 'That did not work. Try again, or take a link by mail.' : error.message);
}

const showSignInAgain = (c: web.HonoContext, read: Read, why: string): Response | Promise<Response> =>
  web.answerWithSignIn(c, 400, { why, workspace: read('workspace'), path: read('path') });

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
function describeDevice(c: web.HonoContext): string {
  const userAgent = c.req.header('user-agent') ?? '';
  const pick = (names: Record<string, string>) => Object.entries(names).find(([mark]) => userAgent.includes(mark))?.[1];
  return `${pick(browsers) ?? 'Unknown browser'} on ${pick(systems) ?? 'an unknown system'}`;
}
