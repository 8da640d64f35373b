import { Hono } from 'hono';
import type { Env } from './issue-routes.ts';
import { demandIssue, issueTypesOf, Refusal, type Site } from './state.ts';
import type { Views } from './views.ts';

/** The project, its permissions, and links to other sites. */
export function placeRoutes(site: Site, view: Views): Hono<Env> {
  const { state, seed } = site;
  const app = new Hono<Env>();

  app.get('/project/search', (c) =>
    c.json({ isLast: true, maxResults: 50, startAt: 0, total: 1, values: [view.project()] }),
  );

  app.get('/project/:key', (c) => {
    if (c.req.param('key') !== seed.project) throw new Refusal(404, 'No such project.');
    return c.json(view.project());
  });

  app.get('/project/:key/statuses', (c) => {
    if (c.req.param('key') !== seed.project) throw new Refusal(404, 'No such project.');
    const statuses = state.setUp.statuses.map(view.status);
    const types = issueTypesOf(seed).map(view.issueType);
    return c.json(types.map(({ self, id, name, subtask }) => ({ self, id, name, subtask, statuses })));
  });

  app.get('/mypermissions', (c) => {
    if (c.req.query('projectKey') !== seed.project) throw new Refusal(404, 'No such project.');
    const asked = (c.req.query('permissions') ?? '').split(',').filter(Boolean);
    if (!asked.length) throw new Refusal(400, 'The permissions query parameter is required.');
    const permissions = asked.map((key, index) => [
      key,
      {
        id: String(index),
        key,
        name: key,
        type: 'PROJECT',
        description: '',
        havePermission: !state.lacks.includes(key),
      },
    ]);
    return c.json({ permissions: Object.fromEntries(permissions) });
  });

  app.get('/user/assignable/search', (c) => {
    const wanted = c.req.query('accountId');
    const people = seed.people.filter(({ account }) => account === wanted);
    return c.json(people.map(({ account }) => view.user(account)));
  });

  app.get('/issue/:id/remotelink', (c) => {
    const { remoteLinks } = demandIssue(state, c.req.param('id'));
    return c.json(remoteLinks.map(({ id, globalId, url, title }) => ({ id, globalId, object: { url, title } })));
  });

  app.post('/issue/:id/remotelink', async (c) => {
    const issue = demandIssue(state, c.req.param('id'));
    const { globalId = '', object } = await c.req.json<{
      globalId?: string;
      object?: { url?: string; title?: string };
    }>();
    if (!object?.url || !object.title) throw new Refusal(400, '', { object: 'A link needs url and title.' });
    const { url, title } = object;
    const same = issue.remoteLinks.find((link) => globalId && link.globalId === globalId);
    const link = same ?? { id: 10_000 + issue.remoteLinks.length, globalId, url, title };
    if (same) Object.assign(same, { url, title });
    else issue.remoteLinks.push(link);
    return c.json({ id: link.id, self: `${view.api}/issue/${issue.id}/remotelink/${link.id}` }, same ? 200 : 201);
  });

  return app;
}
