import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { AppError, type ErrorCode, InvalidInputError } from '#domain/base/errors.ts';
import { acknowledgePages } from './routes/acknowledge-pages.tsx';
import { actionPages } from './routes/action-pages.tsx';
import { api } from './routes/api.ts';
import { contactPages } from './routes/contact-pages.tsx';
import type { AppContext } from './routes/context.ts';
import { contributorPages } from './routes/contributor-pages.tsx';
import { customerPages } from './routes/customer-pages.tsx';
import { hooks } from './routes/hooks.ts';
import { intakePages } from './routes/intake-pages.tsx';
import { loopPages } from './routes/loop-pages.tsx';
import { pages } from './routes/pages.tsx';
import { peoplePages } from './routes/people-pages.tsx';
import { reportPages } from './routes/report-pages.tsx';
import { settingsPages } from './routes/settings-pages.tsx';
import { strategicPages } from './routes/strategic-pages.tsx';
import { surveyPages } from './routes/survey-pages.tsx';
import { templatePages } from './routes/template-pages.tsx';
import { errorPage } from './views/error-page.tsx';

const statuses: Record<ErrorCode, ContentfulStatusCode> = {
  'invalid-input': 422,
  'invalid-signature': 401,
  'not-found': 404,
  conflict: 409,
  config: 500,
  auth: 401,
  forbidden: 403,
  rejected: 502,
  'rate-limited': 503,
  unavailable: 503,
  unknown: 502,
};

export const app = new Hono<AppContext>();

app.use(
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      objectSrc: ["'none'"],
    },
    referrerPolicy: 'no-referrer',
  }),
);

app.get('/healthz', (c) => c.json({ ok: true }));
app.route('/hooks', hooks);
app.route('/api/v1/workspaces', api);
app.route('/', surveyPages);
app.route('/', contactPages);
app.route('/', loopPages);
app.route('/', acknowledgePages);
app.route('/', contributorPages);
app.route('/', peoplePages);
app.route('/', actionPages);
app.route('/', customerPages);
app.route('/', intakePages);
app.route('/', templatePages);
app.route('/', reportPages);
app.route('/', settingsPages);
app.route('/', strategicPages);
app.route('/', pages);

app.notFound((c) => {
  if (isForPrograms(c.req.path))
    return problem(new AppError('not-found', 'There is nothing at this address.'));
  return c.html(errorPage('Nothing here', 'There is no page at this address.'), 404);
});

app.onError((error, c) => {
  const known =
    error instanceof AppError ? error : new AppError('config', 'Something went wrong here; it was logged.');
  if (!(error instanceof AppError))
    console.error(JSON.stringify({ level: 'error', event: 'request-failed', error: error.name }));
  if (isForPrograms(c.req.path)) return problem(known);
  return c.html(errorPage('That did not work', known.message), statuses[known.code]);
});

const isForPrograms = (path: string) => path.startsWith('/api/') || path.startsWith('/hooks/');

/** RFC 9457. */
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
