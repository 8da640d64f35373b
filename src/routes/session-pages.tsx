import { deleteCookie } from 'hono/cookie';
import { TokenScope } from '#domain/json/settings-json.ts';
import { listIssuers } from '../open-id.ts';
import { AccountPage } from '../views/account-page.tsx';
import { icon, keysScript } from '../views/browser-files.ts';
import { ConfirmSignInPage, HomePage, LinkRequestedPage, SignedOutPage, SignInPage } from '../views/sign-in-pages.tsx';
import css from '../views/styles.css';
import type { FormHandler, PageHandler } from './page.tsx';
import { readForm } from './read-body.ts';
import {
  attempt,
  chooseCookie,
  enterSession,
  findWorkspace,
  findWorkspaceOfLink,
  type HonoContext,
  isSetUpOpen,
  readSessionCookie,
} from './workspace-access.ts';

type Show = (c: HonoContext) => Response | Promise<Response>;

export const showHome: Show = async (c) =>
  (await isSetUpOpen(c)) ? c.redirect('/set-up') : c.html(<HomePage issuers={listIssuers(c.env)} />);

const show = (text: string, type: string): Show => {
  const headers = { 'content-type': type, 'cache-control': 'public, max-age=300' };
  return (c) => c.body(text, 200, headers);
};
export const showStyles = show(css, 'text/css; charset=utf-8');
export const showKeysScript = show(keysScript, 'text/javascript; charset=utf-8');
export const showIcon = show(icon, 'image/svg+xml');

/** Mails a link to a known address. Unknown addresses and workspaces get the same answer. */
export const requestSignInLink: Show = async (c) => {
  const fields = await readForm(c);
  const textOf = (name: string) => String(fields.get(name) ?? '').trim();
  const workspace = await findWorkspace(c, textOf('workspace').toLowerCase(), { kind: 'program' });
  if (workspace) await workspace.requestSignInLink(textOf('email').slice(0, 254), textOf('path'));
  return c.html(<LinkRequestedPage />);
};

export const showSignInLink: Show = async (c) => {
  const link = await findWorkspaceOfLink(c, 'sign-in');
  const page = link && (await attempt(link.workspace.signInPage(link.subject)));
  return page?.ok ? c.html(<ConfirmSignInPage {...page.value} />) : answerDeadSignInLink(c);
};

export const signIn: Show = async (c) => {
  const link = await findWorkspaceOfLink(c, 'sign-in');
  const device = describeDevice(c.req.header('user-agent') ?? '');
  const session = link && (await attempt(link.workspace.signIn(link.subject, device)));
  return session?.ok ? enterSession(c, session.value) : answerDeadSignInLink(c);
};

/** Used, expired and forged links get the same answer, with a form for a new one. */
function answerDeadSignInLink(c: HonoContext): Response | Promise<Response> {
  const [workspace = ''] = (c.req.param('token') ?? '').split('.');
  const isName = /^[a-z0-9-]{1,63}$/.test(workspace);
  const title = 'This sign-in link does not work any more';
  const form = { workspace: isName ? workspace : null, path: '', issuers: listIssuers(c.env) };
  return c.html(<SignInPage title={title} {...form} />, 404);
}

export const signOut: Show = async (c) => {
  const session = readSessionCookie(c);
  const workspace = session && (await findWorkspace(c, session.workspace, { kind: 'session', id: session.id }));
  if (session && workspace) await attempt(workspace.endSession(session.id, {}));
  const { name, options } = chooseCookie(c);
  deleteCookie(c, name, options);
  return c.html(<SignedOutPage workspace={session?.workspace ?? null} issuers={listIssuers(c.env)} />);
};

export const showAccount: PageHandler = (c, visit, workspace) => showTokensAndSessions(null, c, visit, workspace);

async function showTokensAndSessions(made: string | null, ...[c, visit, workspace]: Parameters<PageHandler>) {
  const [sessions, tokens] = [await workspace.sessions(), await workspace.tokens()];
  return c.html(<AccountPage {...{ visit, sessions, tokens, made, current: readSessionCookie(c)?.id ?? '' }} />);
}

export const createToken: FormHandler = async (c, visit, workspace, field) => {
  const made = await workspace.createToken({
    name: field('name'),
    scopes: TokenScope.options.filter((scope) => field(scope) === 'yes'),
    days: Number(field('days')),
    program: field('for') === 'program',
  });
  return showTokensAndSessions(made.token, c, visit, workspace);
};

const browsers = { Edg: 'Edge', OPR: 'Opera', Firefox: 'Firefox', Chrome: 'Chrome', Safari: 'Safari' };
const systems = {
  iPhone: 'iPhone',
  iPad: 'iPad',
  Android: 'Android',
  Windows: 'Windows',
  Macintosh: 'macOS',
  CrOS: 'ChromeOS',
  Linux: 'Linux',
};

/** Browser and system of a user agent, such as "Firefox on Linux". */
export function describeDevice(userAgent: string): string {
  const pick = (names: Record<string, string>) => Object.entries(names).find(([mark]) => userAgent.includes(mark))?.[1];
  return `${pick(browsers) ?? 'Unknown browser'} on ${pick(systems) ?? 'an unknown system'}`;
}
