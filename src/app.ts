import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { TrieRouter } from 'hono/router/trie-router';
import { secureHeaders } from 'hono/secure-headers';
import { AppError, InvalidInputError } from '#domain/base/errors.ts';
import { toShownText } from '#domain/text/safe-text.ts';
import { readDeployment } from './deployment.ts';
import { explainFailure } from './routes/health.ts';
import { routes } from './routes/routes.ts';
import { statuses } from './routes/statuses.ts';
import type { HonoEnvironment } from './routes/workspace-access.ts';
import { renderErrorPage } from './views/message-page.tsx';

// Hono's default router would first try another one, which refuses these addresses; that delays the first answer.
export const app = new Hono<HonoEnvironment>({ router: new TrieRouter() });
/** The addresses to which tools deliver, apart from all others because they take most requests and no browser reads them. */
export const hooks = new Hono<HonoEnvironment>({ router: new TrieRouter() });

/** Answers a request of any kind. */
export const answer: typeof app.fetch = (request, ...rest) =>
  (/^[^/]*\/\/[^/]*\/hooks\//.test(request.url) ? hooks : app).fetch(request, ...rest);

const secured = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    scriptSrc: ["'self'"],
    imgSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
    objectSrc: ["'none'"],
  },
  // Addresses with tokens stay with us, and forms of ours carry their Origin.
  referrerPolicy: 'same-origin',
});

app.use(async (c, next) => {
  await secured(c, next);
  if (!c.req.path.startsWith('/f/')) return;
  c.header('referrer-policy', 'no-referrer');
  c.header('x-robots-tag', 'noindex');
});

// Whatever a page shows of a respondent, nothing in it is invisible or draws over other text.
app.use(async (c, next) => {
  await next();
  if (!c.res.headers.get('content-type')?.startsWith('text/html')) return;
  const html = await c.res.text();
  c.res = new Response(toShownText(html), c.res);
});

for (const { method, path, handlers } of routes)
  (path.startsWith('/hooks/') ? hooks : app).on(method, path, ...handlers);

app.notFound((c) => {
  if (isApiOrHookPath(c.req.path)) return problem(new AppError('not-found', 'There is nothing at this address.'));
  return c.html(renderErrorPage('Nothing here', 'There is no page at this address.'), 404);
});

for (const part of [app, hooks]) part.onError(answerError);

async function answerError(error: Error, c: Context<HonoEnvironment>): Promise<Response> {
  if (error instanceof HTTPException) return refused(error, c);
  const known = error instanceof AppError ? error : await explainFailure(c);
  if (!(error instanceof AppError))
    console.error(JSON.stringify({ level: 'error', event: 'request-failed', error: error.name }));
  if (isApiOrHookPath(c.req.path)) return problem(known);
  return c.html(renderErrorPage('That did not work', known.message), statuses[known.code]);
}

function refused(error: HTTPException, c: Context<HonoEnvironment>): Response | Promise<Response> {
  if (isApiOrHookPath(c.req.path)) {
    const need = 'This address needs a bearer token of the workspace: one of its API tokens that is in force.';
    const response = problem(new AppError('auth', need));
    response.headers.set('www-authenticate', error.res?.headers.get('www-authenticate') ?? 'Bearer');
    return response;
  }
  const { publicUrl } = readDeployment(c.env);
  const why = `That came from another site. Open ${publicUrl} and do it there.`;
  return c.html(renderErrorPage('Nothing was done', why), 403);
}

const isApiOrHookPath = (path: string) => /^\/(api\/|hooks\/|metrics$)/.test(path);

function problem(error: AppError): Response {
  const status = statuses[error.code];
  const body = {
    type: 'about:blank',
    title: error.code,
    status,
    detail: error.message,
    ...(error instanceof InvalidInputError && error.problems.length > 0 ? { problems: error.problems } : {}),
  };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
}
