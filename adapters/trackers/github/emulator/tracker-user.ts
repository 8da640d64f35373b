import * as z from 'zod';
import type { Fetch } from '#domain/base/ports.ts';
import type { SeenIssue, TrackerUser } from '../../../emulators/tracker-user.ts';

const person = z.object({ login: z.string() });
const issueJson = z.object({
  number: z.number(),
  html_url: z.string(),
  title: z.string(),
  user: person.nullish(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']),
  state_reason: z.string().nullish(),
  labels: z.array(z.object({ name: z.string() })),
  assignees: z.array(person),
});
const commentSchema = z.object({
  user: person.nullish(),
  body: z.string().nullish(),
  created_at: z.string(),
});

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, request: string) {
    super(`GitHub's emulator answered ${status} to ${request}`);
    this.status = status;
  }
}

/** A lagging list still contains issues that were deleted since. */
function unlessGone(error: unknown): null {
  if (error instanceof Refusal && [404, 410].includes(error.status)) return null;
  throw error;
}

/** A tracker user over GitHub's own API; each person has the token `as-<login>`. */
export function githubUser(options: {
  fetch: Fetch;
  baseUrl: string;
  repository(): string;
  people: string[];
}): TrackerUser {
  const root = () => `${options.baseUrl}/repos/${options.repository()}/issues`;
  const reader = options.people[0] ?? '';

  async function call(as: string, method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await options.fetch(`${root()}${path}`, {
      method,
      headers: { authorization: `token as-${as}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Refusal(answer.status, `${method} ${path}`);
    return answer.json();
  }

  async function all<Row>(schema: z.ZodType<Row>, path: string, query = ''): Promise<Row[]> {
    const rows: Row[] = [];
    for (let page = 1; ; page += 1) {
      const result = z.array(schema).parse(await call(reader, 'GET', `${path}?per_page=100&page=${page}${query}`));
      rows.push(...result);
      if (result.length < 100) return rows;
    }
  }

  async function see(issue: z.infer<typeof issueJson>): Promise<SeenIssue> {
    const labels = issue.labels.map((label) => label.name);
    const comments = await all(commentSchema, `/${issue.number}/comments`);
    return {
      id: String(issue.number),
      key: String(issue.number),
      url: issue.html_url,
      title: issue.title,
      author: issue.user?.login ?? 'ghost',
      body: issue.body ?? '',
      state: issue.state,
      reason: issue.state === 'closed' ? (issue.state_reason ?? null) : null,
      labels,
      assignee: issue.assignees[0]?.login ?? null,
      dueDate: labels.find((label) => label.startsWith('due:'))?.slice(4) ?? null,
      priority: labels.find((label) => label.startsWith('severity:'))?.slice(9) ?? null,
      comments: comments.map(({ user, body, created_at }) => ({
        author: user?.login ?? 'ghost',
        text: body ?? '',
        at: created_at,
      })),
    };
  }

  return {
    kind: 'github',
    people: options.people,
    async list() {
      const issues = await all(issueJson, '', '&state=all&sort=created&direction=asc');
      const seen = await Promise.all(issues.map((issue) => see(issue).catch(unlessGone)));
      return seen.filter((issue) => issue !== null);
    },
    async close(key, as, kind = 'completed', original) {
      if (original) await call(as, 'POST', `/${key}/comments`, { body: `Duplicate of #${original}` });
      await call(as, 'PATCH', `/${key}`, { state: 'closed', state_reason: kind.replace('-', '_') });
    },
    async reopen(key, as) {
      await call(as, 'PATCH', `/${key}`, { state: 'open', state_reason: 'reopened' });
    },
    async comment(key, as, text) {
      await call(as, 'POST', `/${key}/comments`, { body: text });
    },
    async edit(key, as, { title, addLabels = [], removeLabels = [], dueDate, assignee, body }) {
      const issue = issueJson.parse(await call(as, 'GET', `/${key}`));
      const gone = (name: string) => removeLabels.includes(name) || (dueDate !== undefined && name.startsWith('due:'));
      const labels = [
        ...issue.labels.map(({ name }) => name).filter((name) => !gone(name)),
        ...addLabels,
        ...(dueDate === undefined ? [] : [`due:${dueDate}`]),
      ];
      await call(as, 'PATCH', `/${key}`, {
        labels: [...new Set(labels)],
        ...(title === undefined ? {} : { title }),
        ...(body === undefined ? {} : { body }),
        ...(assignee === undefined ? {} : { assignees: assignee === null ? [] : [assignee] }),
      });
    },
    async open(as, title, body) {
      const made = (await call(as, 'POST', '', { title, body })) as { number: number };
      return String(made.number);
    },
    async copy(key, as) {
      const { title, body, labels } = issueJson.parse(await call(as, 'GET', `/${key}`));
      await call(as, 'POST', '', { title, body, labels: labels.map(({ name }) => name) });
    },
  };
}
