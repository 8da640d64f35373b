import { Hono } from 'hono';
import { html } from 'hono/html';
import type { TrackerUser } from '#adapters/emulators/tracker-user.ts';
import { activityRoutes } from './activity-routes.ts';
import { plain } from './adf.ts';
import { type Env, issueRoutes } from './issue-routes.ts';
import { placeRoutes } from './place-routes.ts';
import { emptyState, findIssue, type JiraSeed, type JiraState, Refusal, type Site } from './state.ts';
import { jiraUser } from './tracker-user.ts';
import { views } from './views.ts';

export type { JiraSeed, JiraState };

/**
 * A Jira Cloud site with one project. People sign in as `<account>:as-person`, the bot with its address and token.
 *
 * @param options.state state of an earlier site, which this one continues
 */
export function createJira(options: { now(): number; baseUrl: string; seed: JiraSeed; state?: JiraState }): {
  app: Hono<Env>;
  state: JiraState;
  trackerUser: TrackerUser;
} {
  const { seed } = options;
  const state = { ...emptyState(seed.project), ...options.state };
  const site: Site = { now: options.now, baseUrl: options.baseUrl.replace(/\/+$/, ''), seed, state };
  const view = views(site);
  const app = new Hono<Env>();

  app.onError((error, c) => {
    if (!(error instanceof Refusal) && !(error instanceof SyntaxError)) throw error;
    const [status, errors] = error instanceof Refusal ? [error.status, error.errors] : [400 as const, {}];
    return c.json({ errorMessages: error.message ? [error.message] : [], errors }, status);
  });

  // A scoped token comes through Atlassian's gateway, which puts the site before the path.
  app.all('/ex/jira/:cloud/*', (c) => {
    const address = new URL(c.req.url);
    address.pathname = address.pathname.replace(/^\/ex\/jira\/[^/]+/, '');
    return app.fetch(new Request(address, c.req.raw));
  });

  app.get(`/rest/api/3/project/:key`, async (c, next) => {
    if (c.req.header('authorization') || !state.isPublic) return next();
    return c.json(view.project());
  });

  app.use('*', async (c, next) => {
    await next();
    c.res.headers.set('date', new Date(site.now()).toUTCString());
  });
  app.use('/rest/*', async (c, next) => {
    const account = accountOf(seed, c.req.header('authorization') ?? '');
    if (!account) throw new Refusal(401, 'Sign in with an API token.');
    c.set('account', account);
    await next();
  });

  // Without permission to browse the project, the answer is that it does not exist.
  app.use('/rest/api/3/*', async (c, next) => {
    const isBlind = c.var.account === seed.bot.account && state.lacks.includes('BROWSE_PROJECTS');
    const path = c.req.path.replace('/rest/api/3', '');
    if (!isBlind || !/^\/(issue|project|search|mypermissions)\b/.test(path)) return next();
    if (path === '/issue/bulkfetch') return c.json({ issues: [], issueErrors: [] });
    if (path === '/search/jql' || path === '/issue') throw new Refusal(400, '', { project: 'No such project.' });
    throw new Refusal(404, 'No such thing, or none that you may see.');
  });

  app.use('/rest/api/3/*', async (c, next) => {
    const request = `${c.req.method} ${c.req.path.replace('/rest/api/3', '')}`;
    const isForbidden =
      c.var.account === seed.bot.account && state.setUp.forbidden.some((start) => request.startsWith(start));
    if (isForbidden) throw new Refusal(403, 'You do not have permission to do this.');
    await next();
  });

  app.get('/rest/api/3/myself', (c) => {
    const { account } = c.var;
    const email = [seed.bot, ...seed.people].find((someone) => someone.account === account)?.email;
    return c.json({ ...view.user(account), ...(email ? { emailAddress: email } : {}), locale: 'en_GB' });
  });

  app.get('/rest/api/3/serverInfo', (c) =>
    c.json({ baseUrl: site.baseUrl, deploymentType: 'Cloud', version: '1001.0.0', serverTitle: 'Jira' }),
  );

  app.route('/rest/api/3', placeRoutes(site, view));
  app.route('/rest/api/3', issueRoutes(site, view));
  app.route('/rest/api/3', activityRoutes(site, view));

  app.get('/browse/:key', (c) => {
    const issue = findIssue(state, c.req.param('key'));
    if (!issue) return c.text('No such issue.', 404);
    return c.html(html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${issue.key} ${issue.summary}</title>
<h1>${issue.key} ${issue.summary}</h1>
<p>${issue.status} · ${issue.resolution ?? 'Unresolved'} · due ${issue.duedate ?? 'never'} · ${issue.labels.join(' ')}</p>
<pre>${plain(issue.description)}</pre>
${issue.comments.map(({ author, body }) => html`<h2>${view.user(author).displayName}</h2><pre>${plain(body)}</pre>`)}
</html>`);
  });

  return { app, state, trackerUser: jiraUser(site, app) };
}

function accountOf({ bot, people }: JiraSeed, header: string): string | undefined {
  const [, encoded] = /^Basic ([\w+/=]+)$/.exec(header) ?? [];
  const credentials = Buffer.from(encoded ?? '', 'base64').toString();
  if (credentials === `${bot.email}:${bot.token}`) return bot.account;
  return people.find(({ account }) => credentials === `${account}:as-person`)?.account;
}
