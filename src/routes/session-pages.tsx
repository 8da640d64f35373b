import type { Context } from 'hono';
import { deleteCookie } from 'hono/cookie';
import { icon } from '../views/icon.ts';
import { HomePage, MessagePage, SignInAdvicePage } from '../views/message-page.tsx';
import css from '../views/styles.css';
import {
  findWorkspaceStub,
  type HonoEnvironment,
  startSession,
  verifySignInOrSessionToken,
} from './workspace-access.ts';

type Show = (c: Context<HonoEnvironment>) => Response | Promise<Response>;

export const showHome: Show = (c) => c.html(<HomePage />);

export const showStyles: Show = (c) => asset(c, css, 'text/css; charset=utf-8');

export const showIcon: Show = (c) => asset(c, icon, 'image/svg+xml');

export const signIn: Show = async (c) => {
  const link = verifySignInOrSessionToken(c, 'sign-in', c.req.param('token') ?? '');
  const workspace = link && (await findWorkspaceStub(c, link.workspace));
  if (!link || !workspace) return c.html(<SignInAdvicePage title="This sign-in link does not work any more" />, 401);
  startSession(c, link.workspace, link.person);
  return c.redirect(`/w/${link.workspace}`, 303);
};

export const signOut: Show = (c) => {
  deleteCookie(c, '__Host-caselite', { path: '/', secure: true });
  deleteCookie(c, 'caselite', { path: '/' });
  return c.html(
    <MessagePage title="You are signed out">
      <p>To come back, open a sign-in link again.</p>
    </MessagePage>,
  );
};

function asset(c: Context<HonoEnvironment>, text: string, type: string): Response {
  return c.body(text, 200, { 'content-type': type, 'cache-control': 'public, max-age=300' });
}
