import { type Context, Hono } from 'hono';
import { githubHands } from './github-hands.ts';
import {
  faultIn,
  type GitHubIssue,
  type GitHubState,
  type IssueInput,
  iso,
  seconds,
  strings,
} from './github-state.ts';
import type { Hands } from './hands.ts';

export type { GitHubIssue, GitHubState };

export interface GitHubOptions {
  now(): number;
  baseUrl: string;
  seed: { repository: string; people: string[]; bot: { login: string; token: string } };
  state?: GitHubState;
}

/** One GitHub repository with the endpoints that the adapter uses, over JSON state and a given clock. */
export function createGitHub(options: GitHubOptions): { app: Hono; state: GitHubState; hands: Hands } {
  const { now, baseUrl, seed } = options;
  const state: GitHubState = options.state ?? {
    ...structuredClone(seed),
    issues: [],
    comments: [],
    events: [],
    labels: [],
    lastId: 0,
    listLagMs: 0,
    shadows: [],
  };
  const root = '/repos/:owner/:repo';
  const repositoryUrl = `${baseUrl}/repos/${state.repository}`;
  const app = new Hono<{ Variables: { login: string } }>();
  const nextId = () => (state.lastId += 1);

  app.use(async (c, next) => {
    c.header('date', new Date(now()).toUTCString());
    const token = /^(?:token|bearer)\s+(.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const person = state.people.find((login) => token === `as-${login}`);
    const login = token === state.bot.token ? state.bot.login : person;
    if (!login) return c.json({ message: 'Bad credentials', status: '401' }, 401);
    c.set('login', login);
    await next();
  });
  app.use(`${root}/*`, async (c, next) => {
    const asked = `${c.req.param('owner')}/${c.req.param('repo')}`;
    if (asked.toLowerCase() !== state.repository.toLowerCase()) return notFound(c);
    await next();
  });

  app.get('/user', (c) => c.json(user(c.get('login'))));

  app.get(`${root}/labels`, (c) => c.json(page(c, state.labels)));
  app.post(`${root}/labels`, async (c) => {
    const { name, color, description } = await c.req.json();
    if (typeof name !== 'string' || name.length > 50) return invalid(c, 'Label', 'invalid');
    if (findLabel(name)) return invalid(c, 'Label', 'already_exists');
    const label = { name, color: color ?? 'ededed', description: description ?? null };
    state.labels.push(label);
    return c.json(label, 201);
  });

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
    return c.json(page(c, rows).map(show));
  });

  app.post(`${root}/issues`, async (c) => {
    const input: IssueInput = await c.req.json();
    const problem = faultIn(input);
    if (problem || typeof input.title !== 'string') return invalid(c, 'Issue', problem ?? 'missing_field');
    const number = Math.max(0, ...state.issues.map((issue) => issue.number)) + 1;
    shadow(number, null);
    const issue: GitHubIssue = {
      number,
      title: input.title,
      body: typeof input.body === 'string' ? input.body : null,
      author: c.get('login'),
      state: 'open',
      reason: null,
      labels: useLabels(input.labels),
      assignees: knownPeople(input.assignees),
      created: now(),
      updated: now(),
      closed: null,
      closedBy: null,
      isPullRequest: false,
      gone: null,
    };
    state.issues.push(issue);
    return c.json(show(issue), 201);
  });

  const onIssue = (work: (c: IssueContext, issue: GitHubIssue) => Response | Promise<Response>) => {
    return (c: IssueContext) => {
      const issue = state.issues.find((one) => String(one.number) === c.req.param('number'));
      if (!issue || issue.gone === 404) return notFound(c);
      if (issue.gone === 410) return c.json({ message: 'This issue was deleted', status: '410' }, 410);
      if (issue.gone === 301) {
        c.header('location', `${baseUrl}/repositories/1/issues/${issue.number}`);
        return c.json({ message: 'Moved Permanently' }, 301);
      }
      return work(c, issue);
    };
  };
  const one = `${root}/issues/:number`;

  app.get(
    one,
    onIssue((c, issue) => c.json(show(issue))),
  );
  app.patch(
    one,
    onIssue(async (c, issue) => {
      const input: IssueInput = await c.req.json();
      const problem = faultIn(input);
      if (problem) return invalid(c, 'Issue', problem);
      touch(issue);
      if (typeof input.title === 'string') issue.title = input.title;
      if (typeof input.body === 'string') issue.body = input.body;
      if (input.labels !== undefined) issue.labels = useLabels(input.labels);
      if (input.assignees !== undefined) issue.assignees = knownPeople(input.assignees);
      if (input.state === 'closed' && issue.state === 'open') {
        const reason = typeof input.state_reason === 'string' ? input.state_reason : 'completed';
        Object.assign(issue, { state: 'closed', reason, closed: now(), closedBy: c.get('login') });
        note(issue, 'closed', c.get('login'));
      } else if (input.state === 'open' && issue.state === 'closed') {
        Object.assign(issue, { state: 'open', reason: 'reopened', closed: null, closedBy: null });
        note(issue, 'reopened', c.get('login'));
      }
      return c.json(show(issue));
    }),
  );
  app.get(
    `${one}/events`,
    onIssue((c, issue) => {
      const events = state.events.filter((event) => event.issue === issue.number);
      const rows = events.map(({ id, event, actor, at }) => {
        return { id, event, actor: user(actor), created_at: iso(at), commit_id: null };
      });
      return c.json(page(c, rows));
    }),
  );
  app.get(
    `${one}/comments`,
    onIssue((c, issue) => {
      const since = Date.parse(c.req.query('since') ?? '1970-01-01');
      const comments = state.comments.filter(
        (comment) => comment.issue === issue.number && seconds(comment.at) >= since,
      );
      return c.json(page(c, comments).map(showComment));
    }),
  );
  app.post(
    `${one}/comments`,
    onIssue(async (c, issue) => {
      const { body } = await c.req.json();
      if (typeof body !== 'string' || !body.trim()) return invalid(c, 'IssueComment', 'missing_field');
      touch(issue);
      const comment = { id: nextId(), issue: issue.number, author: c.get('login'), body, at: now() };
      state.comments.push(comment);
      return c.json(showComment(comment), 201);
    }),
  );
  app.post(
    `${one}/labels`,
    onIssue(async (c, issue) => {
      const { labels } = await c.req.json();
      touch(issue);
      issue.labels = [...new Set([...issue.labels, ...useLabels(labels)])];
      return c.json(issue.labels.map(showLabel));
    }),
  );
  app.delete(
    `${one}/labels/:name`,
    onIssue((c, issue) => {
      const name = findLabel(c.req.param('name') ?? '')?.name;
      if (!name || !issue.labels.includes(name)) return notFound(c);
      touch(issue);
      issue.labels = issue.labels.filter((label) => label !== name);
      return c.json(issue.labels.map(showLabel));
    }),
  );

  /** Before a change: from now on the list shows the issue as it is here, for as long as it lags. */
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

  function findLabel(name: string) {
    return state.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
  }

  /** Labels come into being by being used. */
  function useLabels(names: unknown): string[] {
    return strings(names).map((name) => {
      const found = findLabel(name);
      if (!found) state.labels.push({ name, color: 'ededed', description: null });
      return found?.name ?? name;
    });
  }

  function knownPeople(logins: unknown): string[] {
    return strings(logins).filter((login) => state.people.includes(login) || login === state.bot.login);
  }

  function user(login: string) {
    const type = login.endsWith('[bot]') ? 'Bot' : 'User';
    return { login, type, html_url: `${baseUrl}/${login}` };
  }

  function showLabel(name: string) {
    return findLabel(name) ?? { name, color: 'ededed', description: null };
  }

  function showComment(comment: GitHubState['comments'][number]) {
    const { id, author, body, at } = comment;
    return { id, user: user(author), body, created_at: iso(at), updated_at: iso(at) };
  }

  function show(issue: GitHubIssue) {
    const page = issue.isPullRequest ? 'pull' : 'issues';
    return {
      id: 1_000_000 + issue.number,
      number: issue.number,
      html_url: `${baseUrl}/${state.repository}/${page}/${issue.number}`,
      repository_url: repositoryUrl,
      title: issue.title,
      body: issue.body,
      user: user(issue.author),
      state: issue.state,
      state_reason: issue.reason,
      labels: issue.labels.map(showLabel),
      assignees: issue.assignees.map(user),
      created_at: iso(issue.created),
      updated_at: iso(issue.updated),
      closed_at: issue.closed === null ? null : iso(issue.closed),
      closed_by: issue.closedBy === null ? null : user(issue.closedBy),
      ...(issue.isPullRequest && { pull_request: { url: `${repositoryUrl}/pulls/${issue.number}` } }),
    };
  }

  const fetch = async (input: string | URL | Request, init?: RequestInit) =>
    app.fetch(new Request(input, init));
  const { repository, people } = state;
  return { app: app as unknown as Hono, state, hands: githubHands({ fetch, baseUrl, repository, people }) };
}

type IssueContext = Context<{ Variables: { login: string } }>;

function notFound(c: IssueContext): Response {
  return c.json({ message: 'Not Found', status: '404' }, 404);
}

function invalid(c: IssueContext, resource: string, code: string): Response {
  return c.json({ message: 'Validation Failed', errors: [{ resource, code }] }, 422);
}

function page<Row>(c: IssueContext, rows: Row[]): Row[] {
  const size = Math.min(Number(c.req.query('per_page') ?? 30), 100);
  const start = (Number(c.req.query('page') ?? 1) - 1) * size;
  return rows.slice(start, start + size);
}
