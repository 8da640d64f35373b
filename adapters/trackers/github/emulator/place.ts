import { type Context, Hono } from 'hono';
import { hourMs } from '#domain/time/units.ts';
import type { GitHubState } from './state.ts';
import { iso } from './state.ts';
import type { githubViews } from './views.ts';

export type Env = { Variables: { login: string } };

/**
 * Routes around issues: the signed-in account, the repository, its labels and people, the organisation's fields, an
 * App.
 */
export function placeRoutes(state: GitHubState, views: ReturnType<typeof githubViews>, now: () => number) {
  const app = new Hono<Env>();
  const root = '/repos/:owner/:repo';

  app.get('/user', (c) =>
    c.get('login').endsWith('[bot]')
      ? refuse(c, 403, 'Resource not accessible by integration')
      : c.json(views.ownUser(c.get('login'))),
  );

  app.get(`${root}/installation`, (c) => {
    if (!state.app) return refuse(c, 404, 'Not Found');
    const { id, installation } = state.app;
    const account = { ...views.user(c.req.param('owner')), type: state.ownerType };
    const address = new URL(c.req.url).origin;
    return c.json({
      id: installation,
      account,
      app_id: id,
      app_slug: 'caselite',
      target_id: account.id,
      target_type: state.ownerType,
      repository_selection: 'selected',
      access_tokens_url: `${address}/app/installations/${installation}/access_tokens`,
      repositories_url: `${address}/installation/repositories`,
      html_url: `${address}/settings/installations/${installation}`,
      permissions: { issues: 'write', metadata: 'read' },
      events: ['issues'],
      single_file_name: null,
      suspended_by: null,
      suspended_at: null,
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
    });
  });

  app.post('/app/installations/:installation/access_tokens', (c) => {
    if (String(state.app?.installation) !== c.req.param('installation')) return refuse(c, 404, 'Not Found');
    const token = `ghs_${now()}`;
    const until = now() + hourMs;
    state.app?.tokens.push({ token, until });
    return c.json({ token, expires_at: iso(until), permissions: { issues: 'write' } }, 201);
  });

  app.get('/orgs/:org/issue-fields', (c) =>
    state.ownerType === 'Organization' ? c.json(state.fields.map(views.field)) : refuse(c, 404, 'Not Found'),
  );

  app.get('/orgs/:org/issue-types', (c) =>
    state.ownerType === 'Organization'
      ? c.json((state.issueTypes ?? []).map((name, id) => ({ id, node_id: `IT_${id}`, name, description: null })))
      : refuse(c, 404, 'Not Found'),
  );

  app.get(`${root}/milestones/:number`, (c) => {
    const number = Number(c.req.param('number'));
    return state.milestones?.includes(number) === false ? refuse(c, 404, 'Not Found') : c.json(views.milestone(number));
  });

  app.get('/user/repos', (c) => c.json([views.repository()]));
  app.get(root, (c) => c.json(views.repository()));
  app.get(`${root}/assignees/:login`, (c) =>
    state.people.includes(c.req.param('login')) ? c.body(null, 204) : refuse(c, 404, 'Not Found'),
  );

  app.get(`${root}/labels`, (c) => c.json(page(c, state.labels, state).map(({ name }) => views.label(name))));
  app.post(`${root}/labels`, async (c) => {
    const { name, color, description } = await c.req.json();
    if (state.archived) return refuse(c, 403, 'Repository was archived so is read-only.');
    if (!state.canPush) return refuse(c, 403, 'Resource not accessible by personal access token');
    if (typeof name !== 'string' || name.length > 50) return invalid(c, 'Label', 'invalid');
    if (findLabel(state, name)) return invalid(c, 'Label', 'already_exists');
    state.labels.push({ name, color: color ?? 'ededed', description: description ?? null });
    return c.json(views.label(name), 201);
  });

  const hooks = () => (state.hooks ??= []);
  app.get(`${root}/hooks`, (c) => c.json(page(c, hooks(), state).map(views.hook)));
  app.post(`${root}/hooks`, async (c) => {
    const { events, config } = await c.req.json();
    if (hooks().some((hook) => hook.config.url === config.url)) return invalid(c, 'Hook', 'custom');
    const hook = { id: hooks().length + 1, active: true, events, config };
    hooks().push(hook);
    return c.json(views.hook(hook), 201);
  });
  app.patch(`${root}/hooks/:hook`, async (c) => {
    const hook = hooks().find(({ id }) => String(id) === c.req.param('hook'));
    if (!hook) return refuse(c, 404, 'Not Found');
    const { active, events, config } = await c.req.json();
    Object.assign(hook, { active, events, config });
    return c.json(views.hook(hook));
  });

  return app;
}

export function findLabel(state: GitHubState, name: string) {
  return state.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

export function refuse(c: Context<Env>, status: 403 | 404 | 410 | 422, message: string): Response {
  return c.json({ message, documentation_url: 'https://docs.github.com/rest', status: String(status) }, status);
}

export function invalid(c: Context<Env>, resource: string, code: string, field?: string, message?: string): Response {
  const documentation_url = 'https://docs.github.com/rest';
  const error = { resource, code, ...(field && { field }), ...(message && { message }) };
  return c.json({ message: 'Validation Failed', documentation_url, errors: [error] }, 422);
}

export function page<Row>(c: Context<Env>, rows: Row[], { largestPage = 100 }: GitHubState): Row[] {
  const size = Math.min(Number(c.req.query('per_page') ?? 30), largestPage);
  const number = Number(c.req.query('page') ?? 1);
  const next = new URL(c.req.url);
  next.searchParams.set('page', String(number + 1));
  if (number * size < rows.length) c.header('link', `<${next}>; rel="next"`);
  return rows.slice((number - 1) * size, number * size);
}
