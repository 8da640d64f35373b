import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import { type Env, refuse } from './place.ts';
import type { GitHubState } from './state.ts';

/** What stands before every call: sign-in, the caller's permissions, entity tags, and redirects of former names. */
export function guardDoor(app: Hono<Env>, root: string, baseUrl: string, state: GitHubState, now: () => number): void {
  app.use(async (c, next) => {
    c.header('date', new Date(now()).toUTCString());
    const login = callerOf(state, now(), c.req.header('authorization') ?? '');
    if (!login) return c.json({ message: 'Bad credentials', status: '401' }, 401);
    c.set('login', login);
    await next();
    if (c.req.method !== 'GET' || c.res.status !== 200) return;
    const body = await c.res.clone().text();
    const etag = `W/"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
    if (c.req.header('if-none-match') === etag) {
      const { headers } = c.res;
      c.res = new Response(null, { status: 304, headers });
    }
    c.res.headers.set('etag', etag);
  });
  app.use(`${root}/*`, async (c, next) => {
    const asked = `${c.req.param('owner')}/${c.req.param('repo')}`;
    if (state.formerNames?.some((name) => name.toLowerCase() === asked.toLowerCase())) {
      const path = new URL(c.req.url).pathname.split('/').slice(4).join('/');
      const location = `${baseUrl}/repositories/1${path && `/${path}`}`;
      c.header('location', location);
      // A redirected write keeps its method.
      return c.json({ message: 'Moved Permanently', url: location }, c.req.method === 'GET' ? 301 : 307);
    }
    const request = `${c.req.method} ${c.req.path.replace(/^\/repos\/[^/]+\/[^/]+/, '').replace(/\/\d+/g, '')}`;
    if (c.get('login') === state.bot.login && state.forbidden?.includes(request))
      return refuse(c, 403, 'Resource not accessible by personal access token');
    const isHidden = state.isHidden === true && c.get('login') === state.bot.login;
    if (isHidden || asked.toLowerCase() !== state.repository.toLowerCase()) return refuse(c, 404, 'Not Found');
    await next();
  });
}

function callerOf(state: GitHubState, now: number, authorization: string): string | null {
  const token = /^(?:token|bearer)\s+(.+)$/i.exec(authorization)?.[1] ?? '';
  if (token === state.bot.token) return state.bot.login;
  const isLive = state.app?.tokens.some((entry) => entry.token === token && entry.until > now) ?? false;
  // An App signs in with its own JWT; the library is responsible for the signature.
  if (state.app && (token.split('.').length === 3 || isLive)) return `${state.bot.login}[bot]`;
  return state.people.find((login) => token === `as-${login}`) ?? null;
}
