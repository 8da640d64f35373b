import { type Context, Hono } from 'hono';
import { addLinks, setFields, updatedLabels } from './fields.ts';
import { parseJql } from './jql.ts';
import { listScreenFields } from './screen-fields.ts';
import { demandIssue, findIssue, issueTypesOf, type JiraIssue, Refusal, type Site, takeId, touch } from './state.ts';
import type { Views } from './views.ts';

/** `account` is the account that signed the request. */
export type Env = { Variables: { account: string } };

const names = (values: string[] | undefined): string[] => (values ?? []).flatMap((value) => value.split(','));
const page = <Item>(items: Item[], startAt: number, size: number): Item[] => items.slice(startAt, startAt + size);

const offScreenMessage = (field: string): string =>
  `Field '${field}' cannot be set. It is not on the appropriate screen, or unknown.`;

/** Writes a history entry for the changes, if any. */
export function record(site: Site, issue: JiraIssue, author: string, items: JiraIssue['history'][number]['items']) {
  if (!items.length) return;
  issue.history.push({ id: takeId(site.state), author, createdAt: site.now(), items });
  touch(site, issue);
}

export function issueRoutes(site: Site, view: Views): Hono<Env> {
  const { state, seed } = site;
  const types = issueTypesOf(seed);
  const app = new Hono<Env>();

  function demandProject(key: string): void {
    if (key !== seed.project) throw new Refusal(404, `No project ${key}.`);
  }

  /** Whether the bot lacks a permission in the project. */
  const lacks = (c: Context<Env>, permission: string): boolean =>
    c.var.account === seed.bot.account && state.lacks.includes(permission);

  const isEditable = (c: Context<Env>, field: string): boolean =>
    !lacks(c, 'EDIT_ISSUES') && !state.setUp.offEditScreen.includes(field);

  const screenFields = () => listScreenFields(state, view).filter(({ fieldId }) => !state.offScreen.includes(fieldId));

  app.get('/issue/createmeta/:project/issuetypes', (c) => {
    demandProject(c.req.param('project'));
    const startAt = Number(c.req.query('startAt') ?? 0);
    const maxResults = Math.min(Number(c.req.query('maxResults') ?? 50), 200);
    const creatable = lacks(c, 'CREATE_ISSUES') ? [] : types;
    const issueTypes = page(creatable, startAt, maxResults).map(view.issueType);
    return c.json({ startAt, maxResults, total: creatable.length, issueTypes });
  });

  app.get('/issue/createmeta/:project/issuetypes/:type', (c) => {
    demandProject(c.req.param('project'));
    if (!types.some((type) => view.issueType(type).id === c.req.param('type'))) {
      throw new Refusal(404, 'No such issue type.');
    }
    const startAt = Number(c.req.query('startAt') ?? 0);
    const maxResults = Math.min(Number(c.req.query('maxResults') ?? 50), 200);
    const fields = screenFields();
    return c.json({ startAt, maxResults, total: fields.length, fields: page(fields, startAt, maxResults) });
  });

  app.post('/issue', async (c) => {
    const body = await c.req.json<{
      fields?: Record<string, unknown>;
      properties?: { key: string; value: unknown }[];
    }>();
    const { project, issuetype, parent, ...fields } = body.fields ?? {};
    const key = (project as { key?: string } | undefined)?.key ?? '';
    if (key !== seed.project) throw new Refusal(400, '', { project: 'A project that exists is required.' });
    if (lacks(c, 'CREATE_ISSUES')) throw new Refusal(400, 'You do not have permission to create issues here.');
    const wanted = issuetype as { id?: string; name?: string } | undefined;
    const issueType = types.find((type) => type === wanted?.name || view.issueType(type).id === wanted?.id);
    if (!issueType) throw new Refusal(400, '', { issuetype: 'An issue type of the project is required.' });

    // As in Jira, a refused issue still uses up its number.
    const number = state.nextNumber[key] ?? 1;
    state.nextNumber[key] = number + 1;
    const onScreen = screenFields().map(({ fieldId }) => fieldId);
    const refused = Object.keys(fields).filter((field) => !onScreen.includes(field));
    const missing = state.setUp.customFields.filter((field) => field.required && fields[field.id] === undefined);
    const errors = [
      ...refused.map((field) => [field, offScreenMessage(field)]),
      ...missing.map((field) => [field.id, `${field.name} is required.`]),
    ];
    if (errors.length) throw new Refusal(400, '', Object.fromEntries(errors));
    const issue: JiraIssue = {
      id: '',
      key: `${key}-${number}`,
      formerKeys: [],
      project: key,
      issueType,
      summary: '',
      description: null,
      labels: [],
      duedate: null,
      priority: 'Medium',
      assignee: null,
      creator: c.var.account,
      status: 'To Do',
      resolution: null,
      resolvedAt: null,
      createdAt: site.now(),
      updatedAt: site.now(),
      properties: Object.fromEntries((body.properties ?? []).map(({ key: name, value }) => [name, value])),
      comments: [],
      history: [],
      indexed: [],
      parent: null,
      links: [],
      remoteLinks: [],
    };
    const isSubtask = issueType === 'Sub-task';
    const above = findIssue(state, (parent as { key?: string } | undefined)?.key ?? '');
    if (isSubtask !== Boolean(above)) throw new Refusal(400, '', { parent: 'Sub-tasks, and only they, have one.' });
    issue.parent = above?.id ?? null;
    setFields(site, issue, { summary: undefined, ...fields });
    issue.id = takeId(state);
    state.issues.push(issue);
    touch(site, issue);
    return c.json({ id: issue.id, key: issue.key, self: `${view.api}/issue/${issue.id}` }, 201);
  });

  app.post('/issue/bulkfetch', async (c) => {
    const body = await c.req.json<{ issueIdsOrKeys?: string[]; fields?: string[]; properties?: string[] }>();
    const wanted = body.issueIdsOrKeys ?? [];
    if (!wanted.length || wanted.length > 100) throw new Refusal(400, 'Between 1 and 100 issues, please.');
    const result = new Set(wanted.flatMap((each) => findIssue(state, each) ?? []));
    const fields = body.fields ? names(body.fields) : ['*all'];
    return c.json({
      issues: [...result]
        .sort((a, b) => Number(a.id) - Number(b.id))
        .map((issue) => view.issue(issue, fields, names(body.properties))),
      issueErrors: wanted
        .filter((each) => !findIssue(state, each))
        .map((id) => ({ id, errorMessage: 'No such issue, or none that you may see.' })),
    });
  });

  app.get('/issue/:id/editmeta', (c) => {
    demandIssue(state, c.req.param('id'));
    const fields = listScreenFields(state, view).filter(
      ({ fieldId }) => isEditable(c, fieldId) && fieldId !== 'project',
    );
    return c.json({ fields: Object.fromEntries(fields.map(({ fieldId, ...field }) => [fieldId, field])) });
  });

  app.get('/issue/:id', (c) => {
    const issue = demandIssue(state, c.req.param('id'));
    const fields = names(c.req.queries('fields'));
    return c.json(view.issue(issue, fields.length ? fields : ['*all'], names(c.req.queries('properties'))));
  });

  app.put('/issue/:id', async (c) => {
    const issue = demandIssue(state, c.req.param('id'));
    const { fields = {}, update = {} } = await c.req.json<Record<'fields' | 'update', Record<string, unknown>>>();
    const twice = Object.keys(update).find((field) => field in fields);
    if (twice) throw new Refusal(400, '', { [twice]: 'Set it in one place only.' });
    // Without the permission to edit, no field is on the edit screen.
    const off = [...Object.keys(fields), ...Object.keys(update)].filter((field) => !isEditable(c, field));
    if (off.length)
      throw new Refusal(400, '', Object.fromEntries(off.map((field) => [field, offScreenMessage(field)])));
    const { issuelinks, ...updates } = update;
    const all = { ...fields, ...updatedLabels(issue, updates) };
    addLinks(state, issue, issuelinks);
    const items = setFields(site, issue, all);
    if (items.length) record(site, issue, c.var.account, items);
    else touch(site, issue);
    return c.body(null, 204);
  });

  app.delete('/issue/:id', (c) => {
    const { id } = demandIssue(state, c.req.param('id'));
    state.issues = state.issues.filter((issue) => issue.id !== id);
    return c.body(null, 204);
  });

  app.put('/issue/:id/properties/:key', async (c) => {
    const issue = demandIssue(state, c.req.param('id'));
    const created = !(c.req.param('key') in issue.properties);
    issue.properties[c.req.param('key')] = await c.req.json();
    return c.json({}, created ? 201 : 200);
  });

  app.get('/issue/:id/properties/:key', (c) => {
    const value = demandIssue(state, c.req.param('id')).properties[c.req.param('key')];
    if (value === undefined) throw new Refusal(404, 'No such property.');
    return c.json({ key: c.req.param('key'), value });
  });

  app.post('/search/jql', async (c) => {
    const body = await c.req.json<{
      jql?: string;
      fields?: string[];
      properties?: string[];
      maxResults?: number;
      nextPageToken?: string;
    }>();
    const query = parseJql(body.jql ?? '');
    const known = site.now() - state.indexLagMs;
    const hits = state.issues
      .filter(({ isHidden }) => !isHidden)
      .flatMap((issue) => {
        const entry = issue.indexed.findLast(({ at }) => at <= known);
        return entry && query.matches(entry, site.now()) ? [{ issue, entry }] : [];
      })
      .sort((a, b) => query.compare(a.entry, b.entry));
    const startAt = startOf(body.nextPageToken, body.jql ?? '');
    const size = Math.min(Math.max(body.maxResults ?? 50, 1), 100);
    const last = startAt + size >= hits.length;
    const fields = names(body.fields);
    return c.json({
      issues: page(hits, startAt, size).map(({ issue, entry }) =>
        fields.length && !(fields.length === 1 && fields[0] === 'id')
          ? view.issue(issue, fields, names(body.properties), {
              updated: view.iso(entry.updatedAt),
              labels: entry.labels,
            })
          : { id: issue.id },
      ),
      isLast: last,
      ...(last ? {} : { nextPageToken: tokenOf(startAt + size, body.jql ?? '') }),
    });
  });

  return app;
}

/** A page token is valid only for its own query. */
const tokenOf = (startAt: number, jql: string): string => Buffer.from(`${startAt} ${jql}`).toString('base64url');

function startOf(token: string | undefined, jql: string): number {
  if (!token) return 0;
  const [, startAt, of] = /^(\d+) (.*)$/s.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (startAt === undefined || of !== jql) throw new Refusal(400, 'This page token belongs to another query.');
  return Number(startAt);
}
