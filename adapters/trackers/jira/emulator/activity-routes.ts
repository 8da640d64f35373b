import { type Context, Hono } from 'hono';
import { document } from './adf.ts';
import { setFields } from './fields.ts';
import { type Env, record } from './issue-routes.ts';
import type { Status } from './set-up.ts';
import { demandIssue, findIssue, type JiraIssue, Refusal, type Site, statusOf, takeId, touch } from './state.ts';
import type { Views } from './views.ts';

/** Transitions, changelogs and comments. */
export function activityRoutes(site: Site, view: Views): Hono<Env> {
  const { state } = site;
  const app = new Hono<Env>();

  const isDone = ({ category }: Status): boolean => category.key === 'done';

  /** Whether the bot lacks a permission in the project. */
  const lacks = (c: Context<Env>, permission: string): boolean =>
    c.var.account === site.seed.bot.account && state.lacks.includes(permission);

  function targets(c: Context<Env>, issue: JiraIssue): { id: string; to: Status }[] {
    if (lacks(c, 'TRANSITION_ISSUES')) return [];
    const now = statusOf(state, issue);
    const reachable = state.setUp.moves[now.name];
    if (isDone(now) && !state.canReopen) return [];
    return state.setUp.statuses
      .filter(({ id, name }) => id !== now.id && (reachable?.includes(name) ?? true))
      .map((to) => ({ id: `${to.id}1`, to }));
  }

  function viewDemandedField(id: string) {
    const known = state.setUp.customFields.find((field) => field.id === id);
    return {
      required: true,
      name: known?.name ?? id,
      key: id,
      operations: ['set'],
      schema: { type: known?.type ?? 'string' },
    };
  }

  app.get('/issue/:id/transitions', (c) => {
    const issue = demandIssue(state, c.req.param('id'));
    const withFields = c.req.query('expand')?.includes('transitions.fields');
    const resolution = {
      required: false,
      name: 'Resolution',
      key: 'resolution',
      operations: ['set'],
      schema: { type: 'resolution', system: 'resolution' },
      allowedValues: state.setUp.resolutions.map(view.resolution),
    };
    const transitions = targets(c, issue).map(({ id, to }) => {
      const demanded = state.setUp.demands[to.name] ?? [];
      const hasResolution = isDone(to) && (state.resolutionOnScreen || demanded.includes('resolution'));
      const hasScreen = hasResolution || demanded.length > 0;
      const fields = {
        ...(hasResolution && { resolution: { ...resolution, required: demanded.includes('resolution') } }),
        ...Object.fromEntries(
          demanded.filter((field) => field !== 'resolution').map((field) => [field, viewDemandedField(field)]),
        ),
      };
      return {
        id,
        name: to.name,
        to: view.status(to),
        hasScreen,
        isGlobal: true,
        isAvailable: true,
        ...(withFields ? { fields } : {}),
      };
    });
    return c.json({ expand: 'transitions', transitions });
  });

  app.post('/issue/:id/transitions', async (c) => {
    const issue = demandIssue(state, c.req.param('id'));
    const { transition, fields = {} } = await c.req.json<{
      transition?: { id: string };
      fields?: Record<string, unknown>;
    }>();
    if (state.conflicts > 0) {
      state.conflicts -= 1;
      throw new Refusal(409, 'The issue was changed at the same moment.');
    }
    const target = targets(c, issue).find(({ id }) => id === transition?.id)?.to;
    if (!target) throw new Refusal(400, 'This transition is not possible now.');
    const demanded = state.setUp.demands[target.name] ?? [];
    const allowed = [...(isDone(target) && state.resolutionOnScreen ? ['resolution'] : []), ...demanded];
    const missing = demanded.filter((field) => fields[field] === undefined);
    if (missing.length)
      throw new Refusal(400, '', Object.fromEntries(missing.map((field) => [field, `${field} is required.`])));
    const other = Object.keys(fields).find((field) => !allowed.includes(field));
    if (other) throw new Refusal(400, '', { [other]: `Field '${other}' cannot be set.` });

    const from = statusOf(state, issue);
    const { closingResolution } = state.setUp;
    const preset = closingResolution === null ? null : { name: closingResolution };
    const { resolution: given = preset, ...others } = fields;
    const items = setFields(site, issue, { ...others, resolution: isDone(target) ? given : null });
    issue.status = target.name;
    record(site, issue, c.var.account, [
      { field: 'status', from: from.id, fromString: from.name, to: target.id, toString: target.name },
      ...items,
    ]);
    return c.body(null, 204);
  });

  app.get('/issue/:id/changelog', (c) => {
    const { history } = demandIssue(state, c.req.param('id'));
    const startAt = Number(c.req.query('startAt') ?? 0);
    const maxResults = Math.min(Number(c.req.query('maxResults') ?? 100), 100);
    const values = history.slice(startAt, startAt + maxResults).map((each) => view.change(each, view.iso));
    return c.json({
      startAt,
      maxResults,
      total: history.length,
      isLast: startAt + maxResults >= history.length,
      values,
    });
  });

  app.post('/changelog/bulkfetch', async (c) => {
    const { issueIdsOrKeys = [], fieldIds } = await c.req.json<{
      issueIdsOrKeys?: string[];
      fieldIds?: string[];
    }>();
    if (!issueIdsOrKeys.length || issueIdsOrKeys.length > 1000) throw new Refusal(400, 'Between 1 and 1000 issues.');
    if ((fieldIds?.length ?? 0) > 10) throw new Refusal(400, 'At most 10 fields.');
    const issueChangeLogs = issueIdsOrKeys
      .flatMap((each) => findIssue(state, each) ?? [])
      .map(({ id, history }) => ({
        issueId: id,
        changeHistories: history
          .filter(({ items }) => !fieldIds || items.some(({ field }) => fieldIds.includes(field)))
          .map((each) => view.change(each, (at) => at)),
      }));
    return c.json({ issueChangeLogs });
  });

  app.get('/issue/:id/comment', (c) => {
    const issue = demandIssue(state, c.req.param('id'));
    const orderBy = c.req.query('orderBy') ?? 'created';
    if (!/^[+-]?created$/.test(orderBy)) throw new Refusal(400, 'Comments are ordered by created.');
    const startAt = Number(c.req.query('startAt') ?? 0);
    const maxResults = Math.min(Number(c.req.query('maxResults') ?? 100), state.largestPage ?? 100);
    const ordered = orderBy.startsWith('-') ? issue.comments.toReversed() : issue.comments;
    const comments = ordered.slice(startAt, startAt + maxResults).map((each) => view.comment(issue, each));
    return c.json({ startAt, maxResults, total: ordered.length, comments });
  });

  app.post('/issue/:id/comment', async (c) => {
    const issue = demandIssue(state, c.req.param('id'));
    const { body, properties = [] } = await c.req.json<{
      body?: unknown;
      properties?: { key: string; value: unknown }[];
    }>();
    if (lacks(c, 'ADD_COMMENTS'))
      throw new Refusal(400, '', { comment: 'You do not have the permission to comment on this issue.' });
    const comment = {
      id: takeId(state),
      author: c.var.account,
      body: document(body, 'comment'),
      createdAt: site.now(),
      properties,
    };
    issue.comments.push(comment);
    touch(site, issue);
    return c.json(view.comment(issue, comment), 201);
  });

  app.post('/comment/list', async (c) => {
    const { ids = [] } = await c.req.json<{ ids?: number[] }>();
    if (!ids.length || ids.length > 1000) throw new Refusal(400, 'Between 1 and 1000 comments.');
    const expand = c.req.query('expand');
    const values = state.issues.flatMap((issue) =>
      issue.comments.filter(({ id }) => ids.includes(Number(id))).map((each) => view.comment(issue, each, expand)),
    );
    return c.json({ startAt: 0, maxResults: 1000, total: values.length, isLast: true, values });
  });

  return app;
}
