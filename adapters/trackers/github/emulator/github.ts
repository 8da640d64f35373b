import { type Context, Hono } from 'hono';
import type { TrackerUser } from '../../../emulators/tracker-user.ts';
import { guardDoor } from './door.ts';
import { type Env, findLabel, invalid, page, placeRoutes, refuse } from './place.ts';
import {
  emptyState,
  faultIn,
  faultInPlan,
  findRefusedField,
  type GitHubIssue,
  type GitHubSeed,
  type GitHubState,
  type IssueInput,
  seconds,
  strings,
} from './state.ts';
import { githubUser } from './tracker-user.ts';
import { githubViews, issueId } from './views.ts';

export type { GitHubIssue, GitHubState };

export interface GitHubOptions {
  now(): number;
  baseUrl: string;
  seed: GitHubSeed;
  state?: GitHubState;
}

/** One GitHub repository with the endpoints that the adapter uses, over JSON state and a given clock. */
export function createGitHub(options: GitHubOptions): {
  app: Pick<Hono, 'fetch' | 'request'>;
  state: GitHubState;
  trackerUser: TrackerUser;
} {
  const { now, baseUrl } = options;
  const state: GitHubState = options.state ?? emptyState(options.seed);
  const root = '/repos/:owner/:repo';
  const views = githubViews(state, baseUrl);
  const app = new Hono<Env>();
  const nextId = () => (state.lastId += 1);

  guardDoor(app, root, options.baseUrl, state, now);
  app.route('/', placeRoutes(state, views, now));

  app.use(`${root}/issues/*`, async (c, next) =>
    state.hasIssues ? next() : refuse(c, 410, 'Issues are disabled for this repo'),
  );

  app.get(`${root}/issues`, (c) => {
    const wanted = c.req.query('state') ?? 'open';
    const since = Date.parse(c.req.query('since') ?? '1970-01-01');
    const by = c.req.query('sort') === 'updated' ? 'updated' : 'created';
    const sign = c.req.query('direction') === 'asc' ? 1 : -1;
    const rows = state.issues
      .flatMap((issue) => listed(issue) ?? [])
      .filter((issue) => issue.gone === null && (wanted === 'all' || issue.state === wanted))
      .filter((issue) => seconds(issue.updated) >= since)
      .sort((a, b) => sign * (seconds(a[by]) - seconds(b[by]) || a.number - b.number));
    return c.json(page(c, rows, state).map(views.issue));
  });

  app.post(`${root}/issues`, async (c) => {
    const input: IssueInput = await c.req.json();
    if (state.archived) return refuse(c, 403, 'Repository was archived so is read-only.');
    const problem = faultIn(input);
    if (problem || typeof input.title !== 'string') return invalid(c, 'Issue', problem ?? 'missing_field');
    const refused = findRefusedField(state, input);
    if (refused) return invalid(c, 'Issue', 'custom', refused.field, refused.why);
    const { type, milestone } = input;
    const fault = faultInPlan(state, input);
    if (fault) return invalid(c, 'Issue', 'invalid', fault);
    const number = Math.max(0, ...state.issues.map((issue) => issue.number)) + 1;
    shadow(number, null);
    const issue: GitHubIssue = {
      number,
      title: input.title,
      body: typeof input.body === 'string' ? input.body : null,
      author: c.get('login'),
      state: 'open',
      reason: null,
      labels: state.canPush ? useLabels(input.labels) : [],
      assignees: state.canPush ? knownPeople(input.assignees) : [],
      created: now(),
      updated: now(),
      closed: null,
      closedBy: null,
      isPullRequest: false,
      gone: null,
      locked: false,
      parent: null,
      ...(typeof type === 'string' && { type }),
      ...(typeof milestone === 'number' && { milestone }),
      duplicateOf: null,
      fields: state.canPush ? fieldValues(input.issue_field_values) : {},
    };
    state.issues.push(issue);
    return c.json(views.issue(issue), 201);
  });

  const onIssue = (work: (c: IssueContext, issue: GitHubIssue) => Response | Promise<Response>) => {
    return (c: IssueContext) => {
      const issue = state.issues.find((entry) => String(entry.number) === c.req.param('number'));
      if (!issue || issue.gone === 404) return refuse(c, 404, 'Not Found');
      if (issue.gone === 410) return refuse(c, 410, 'This issue was deleted');
      // GitHub's description has a redirect for the issue itself only.
      if (issue.gone === 301 && !/\/issues\/\d+$/.test(c.req.path)) return refuse(c, 404, 'Not Found');
      if (issue.gone === 301) {
        const location = `${baseUrl}/repositories/1/issues/${issue.number}`;
        c.header('location', location);
        return c.json({ message: 'Moved Permanently', url: location }, 301);
      }
      if (c.req.method !== 'GET' && state.archived) return refuse(c, 403, 'Repository was archived so is read-only.');
      return work(c, issue);
    };
  };
  const entry = `${root}/issues/:number`;

  app.get('/repositories/:id', (c) => c.json(views.repository()));
  app.get('/repositories/:id/issues/:number', (c) => {
    const issue = state.issues.find(({ number }) => String(number) === c.req.param('number'));
    if (!issue) return refuse(c, 404, 'Not Found');
    const repository = `${state.repository.split('/')[0]}/elsewhere`;
    return c.json({
      ...views.issue(issue),
      repository_url: `${baseUrl}/repos/${repository}`,
      html_url: `${baseUrl}/${repository}/issues/${issue.number}`,
    });
  });

  app.get(
    entry,
    onIssue((c, issue) => c.json(views.issue(issue))),
  );
  app.patch(
    entry,
    onIssue(async (c, issue) => {
      const input: IssueInput = await c.req.json();
      const problem = faultIn(input);
      if (problem) return invalid(c, 'Issue', problem);
      const refused = c.get('login') === state.bot.login ? findRefusedField(state, input) : null;
      if (refused) return invalid(c, 'Issue', 'custom', refused.field, refused.why);
      const stranger = strings(input.assignees).find((login) => knownPeople([login]).length === 0);
      if (stranger !== undefined && state.refusesUnknownAssignees) return invalid(c, 'Issue', 'invalid', 'assignees');
      const fault = faultInPlan(state, input);
      if (fault) return invalid(c, 'Issue', 'invalid', fault);
      touch(issue);
      if (typeof input.type === 'string') issue.type = input.type;
      if (typeof input.milestone === 'number') issue.milestone = input.milestone;
      if (typeof input.title === 'string') issue.title = input.title;
      if (typeof input.body === 'string') issue.body = input.body;
      if (input.labels !== undefined) issue.labels = useLabels(input.labels);
      if (input.assignees !== undefined) issue.assignees = knownPeople(input.assignees);
      issue.fields = { ...issue.fields, ...fieldValues(input.issue_field_values) };
      if (input.state === 'closed' && issue.state === 'open') {
        const reason = typeof input.state_reason === 'string' ? input.state_reason : 'completed';
        Object.assign(issue, { state: 'closed', reason, closed: now(), closedBy: c.get('login') });
        issue.duplicateOf =
          state.issues.find((other) => issueId(other.number) === input.duplicate_issue_id)?.number ?? null;
        note(issue, 'closed', c.get('login'));
      } else if (input.state === 'open' && issue.state === 'closed') {
        Object.assign(issue, { state: 'open', reason: 'reopened', closed: null, closedBy: null });
        issue.duplicateOf = null;
        note(issue, 'reopened', c.get('login'));
      }
      return c.json(views.issue(issue));
    }),
  );
  app.get(
    `${entry}/events`,
    onIssue((c, issue) => {
      const events = state.events.filter((event) => event.issue === issue.number);
      return c.json(page(c, events, state).map(views.event));
    }),
  );
  app.get(
    `${entry}/comments`,
    onIssue((c, issue) => {
      const since = Date.parse(c.req.query('since') ?? '1970-01-01');
      const comments = state.comments.filter(
        (comment) => comment.issue === issue.number && seconds(comment.at) >= since,
      );
      return c.json(page(c, comments, state).map(views.comment));
    }),
  );
  app.post(
    `${entry}/comments`,
    onIssue(async (c, issue) => {
      const { body } = await c.req.json();
      if (issue.locked && c.get('login') === state.bot.login)
        return refuse(c, 403, 'Unable to create comment because issue is locked.');
      if (typeof body !== 'string' || !body.trim() || body.length > 65_536) {
        return invalid(c, 'IssueComment', 'missing_field');
      }
      touch(issue);
      const comment = { id: nextId(), issue: issue.number, author: c.get('login'), body, at: now() };
      state.comments.push(comment);
      return c.json(views.comment(comment), 201);
    }),
  );
  app.get(
    `${entry}/sub_issues`,
    onIssue((c, issue) =>
      c.json(
        page(
          c,
          state.issues.filter((child) => child.parent === issue.number),
          state,
        ).map(views.issue),
      ),
    ),
  );
  app.post(
    `${entry}/sub_issues`,
    onIssue(async (c, issue) => {
      const { sub_issue_id } = await c.req.json();
      const child = state.issues.find((other) => issueId(other.number) === sub_issue_id);
      if (!child || child.number === issue.number) return invalid(c, 'Issue', 'invalid');
      if (child.parent !== null && child.parent !== issue.number) return invalid(c, 'Issue', 'custom');
      touch(issue);
      child.parent = issue.number;
      return c.json(views.issue(issue), 201);
    }),
  );
  app.post(
    `${entry}/labels`,
    onIssue(async (c, issue) => {
      const { labels } = await c.req.json();
      if (strings(labels).some((name) => name.length > 50)) return invalid(c, 'Label', 'invalid', 'name');
      touch(issue);
      issue.labels = [...new Set([...issue.labels, ...useLabels(labels)])];
      return c.json(issue.labels.map(views.label));
    }),
  );
  app.delete(
    `${entry}/labels/:name`,
    onIssue((c, issue) => {
      const name = findLabel(state, c.req.param('name') ?? '')?.name;
      if (!name || !issue.labels.includes(name)) return refuse(c, 404, 'Label does not exist');
      touch(issue);
      issue.labels = issue.labels.filter((label) => label !== name);
      return c.json(issue.labels.map(views.label));
    }),
  );

  /** Called before a change: during the lag the list shows the issue's present state. */
  function shadow(number: number, issue: GitHubIssue | null): void {
    state.shadows = state.shadows.filter(({ until }) => until > now());
    if (state.listLagMs > 0) {
      state.shadows.push({ number, until: now() + state.listLagMs, issue: structuredClone(issue) });
    }
  }

  function listed(issue: GitHubIssue): GitHubIssue | null {
    const past = state.shadows.find(({ number, until }) => number === issue.number && until > now());
    return past ? past.issue : issue;
  }

  function touch(issue: GitHubIssue): void {
    shadow(issue.number, issue);
    issue.updated = now();
  }

  function note(issue: GitHubIssue, event: string, actor: string): void {
    state.events.push({ id: nextId(), issue: issue.number, event, actor, at: now() });
  }

  /** A label is created by its first use. */
  function useLabels(names: unknown): string[] {
    return strings(names).map((name) => {
      const result = findLabel(state, name);
      if (!result) state.labels.push({ name, color: 'ededed', description: null });
      return result?.name ?? name;
    });
  }

  function knownPeople(logins: unknown): string[] {
    return strings(logins).filter((login) => state.people.includes(login) || login === state.bot.login);
  }

  function fieldValues(given: unknown): Record<string, string> {
    const values = Array.isArray(given) ? (given as { field_id: number; value: string }[]) : [];
    return Object.fromEntries(
      values
        .filter(({ field_id }) => state.fields.some((field) => field.id === field_id))
        .map(({ field_id, value }) => [String(field_id), value]),
    );
  }

  const fetch = async (input: string | URL | Request, init?: RequestInit) => app.fetch(new Request(input, init));
  return {
    app,
    state,
    trackerUser: githubUser({ fetch, baseUrl, repository: () => state.repository, people: state.people }),
  };
}

type IssueContext = Context<Env>;
