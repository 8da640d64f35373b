import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { minuteMs, secondMs } from '#domain/time/units.ts';
import { createConsoleLog } from '../log.ts';
import { beginSignIn, finishSignIn, listIssuers } from '../open-id.ts';
import * as views from '../views/index.ts';
import * as web from './kit.ts';
import { describeDevice } from './session-pages.tsx';

const signInTimeMs = 10 * minuteMs;

type Read = (name: string) => string;

/** Leads to the issuer, for known and unknown workspaces alike. A cookie keeps what the way back is checked with. */
export async function leadToIssuer(c: web.HonoContext): Promise<Response> {
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
}

/** Signs the person in whom the issuer sent back, in the browser that began. */
export async function signInByIssuer(c: web.HonoContext): Promise<Response> {
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
}

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
