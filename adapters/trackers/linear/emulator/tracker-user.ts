import type { Hono } from 'hono';
import type { SeenIssue, TrackerUser } from '../../../emulators/tracker-user.ts';

interface TrackerUserIssue {
  id: string;
  identifier: string;
  url: string;
  title: string;
  creator: { email: string } | null;
  trashed: boolean | null;
  description: string | null;
  dueDate: string | null;
  priorityLabel: string;
  state: { name: string; type: string };
  assignee: { email: string } | null;
  labels: { nodes: { name: string }[] };
  comments: { nodes: { body: string; createdAt: string; user: { email: string } | null }[] };
}

interface TrackerUserContext {
  id: string;
  team: { states: { nodes: { id: string; type: string }[] } };
}

const subIssueCalls = `fragment Seen on Issue {
  id identifier url title creator { email } trashed description dueDate priorityLabel state { name type } assignee { email }
  labels(first: 25) { nodes { name } }
  comments(first: 100) { nodes { body createdAt user { email } } }
}`;

const typeOf = { completed: 'completed', 'not-planned': 'canceled', duplicate: 'duplicate' } as const;

/** People who work in the emulated Linear, through its own API and under their own names. */
export function createTrackerUser(app: Hono, people: string[]): TrackerUser {
  async function call<Data>(as: string, query: string, variables: Record<string, unknown>): Promise<Data> {
    const response = await app.request('/graphql', {
      method: 'POST',
      headers: { authorization: `as-${as}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as { data?: Data; errors?: { message: string }[] };
    if (body.data && !body.errors) return body.data;
    throw new Error(body.errors?.[0]?.message ?? `Linear answered ${response.status}`);
  }

  async function read(as: string, key: string): Promise<TrackerUserContext> {
    const query = `query ($id: String!) {
      issue(id: $id) { id team { states(first: 50) { nodes { id type } } } }
    }`;
    return (await call<{ issue: TrackerUserContext }>(as, query, { id: key })).issue;
  }

  async function move(as: string, key: string, type: string): Promise<void> {
    const issue = await read(as, key);
    const stateId = issue.team.states.nodes.find((state) => state.type === type)?.id;
    const query = `mutation ($id: String!, $stateId: String!) {
      issueUpdate(id: $id, input: { stateId: $stateId }) { success }
    }`;
    await call(as, query, { id: issue.id, stateId });
  }

  return {
    kind: 'linear',
    people,

    async list() {
      const query = `query ($after: String) {
        issues(first: 25, after: $after, includeArchived: true) { nodes { ...Seen } pageInfo { hasNextPage endCursor } }
      } ${subIssueCalls}`;
      const seen: SeenIssue[] = [];
      let after: string | null = null;
      do {
        const { issues }: { issues: TrackerUserPage } = await call(people[0] ?? '', query, { after });
        seen.push(...issues.nodes.filter(({ trashed }) => !trashed).map(seenOf));
        after = issues.pageInfo.hasNextPage ? issues.pageInfo.endCursor : null;
      } while (after);
      return seen;
    },

    async close(key, as, kind = 'completed', original) {
      if (original) {
        const [{ id }, related] = [await read(as, key), await read(as, original)];
        const query = `mutation ($input: IssueRelationCreateInput!) {
          issueRelationCreate(input: $input) { success }
        }`;
        await call(as, query, { input: { issueId: id, relatedIssueId: related.id, type: 'duplicate' } });
      }
      await move(as, key, typeOf[kind]);
    },
    reopen: (key, as) => move(as, key, 'unstarted'),

    async edit(key, as, { title, addLabels = [], removeLabels = [], severity, dueDate, assignee, body }) {
      const { id } = await read(as, key);
      const known = `query ($id: String!) {
        issue(id: $id) { team { id } labels(first: 50) { nodes { id name } } }
        issueLabels(first: 100) { nodes { id name team { id } } }
        users(first: 50) { nodes { id email } }
      }`;
      const { issue, issueLabels, users } = await call<KnownIssues>(as, known, { id });
      // Linear offers the labels of the issue's team and of the whole workspace.
      const offered = issueLabels.nodes.filter(({ team }) => team === null || team.id === issue.team.id);
      const ids = (among: { id: string; name: string }[], names: string[]) =>
        among.filter(({ name }) => names.includes(name)).map((label) => label.id);
      const input = {
        ...(title === undefined ? {} : { title }),
        ...(body === undefined ? {} : { description: body }),
        ...(severity === undefined ? {} : { priority: severity }),
        ...(dueDate === undefined ? {} : { dueDate }),
        ...(assignee === undefined
          ? {}
          : { assigneeId: users.nodes.find(({ email }) => email === assignee)?.id ?? null }),
        ...(addLabels.length > 0 ? { addedLabelIds: ids(offered, addLabels) } : {}),
        ...(removeLabels.length > 0 ? { removedLabelIds: ids(issue.labels.nodes, removeLabels) } : {}),
      };
      const query = `mutation ($id: String!, $input: IssueUpdateInput!) {
        issueUpdate(id: $id, input: $input) { success }
      }`;
      await call(as, query, { id, input });
    },

    // The team of the settings is the oldest.
    async open(as, title, description) {
      const { teams } = await call<{ teams: { nodes: { id: string }[] } }>(as, 'query { teams { nodes { id } } }', {});
      const create = 'mutation ($input: IssueCreateInput!) { issueCreate(input: $input) { issue { identifier } } }';
      const input = { title, description, teamId: teams.nodes.at(-1)?.id };
      return (await call<{ issueCreate: { issue: { identifier: string } } }>(as, create, { input })).issueCreate.issue
        .identifier;
    },

    async copy(key, as) {
      const query = 'query ($id: String!) { issue(id: $id) { title description team { id } } }';
      type Whole = { issue: { title: string; description: string; team: { id: string } } };
      const { title, description, team } = (await call<Whole>(as, query, { id: key })).issue;
      const create = 'mutation ($input: IssueCreateInput!) { issueCreate(input: $input) { success } }';
      await call(as, create, { input: { title, description, teamId: team.id } });
    },

    async comment(key, as, text) {
      const query = `mutation ($input: CommentCreateInput!) { commentCreate(input: $input) { success } }`;
      await call(as, query, { input: { issueId: (await read(as, key)).id, body: text } });
    },
  };
}

interface KnownIssues {
  issue: { team: { id: string }; labels: { nodes: { id: string; name: string }[] } };
  issueLabels: { nodes: { id: string; name: string; team: { id: string } | null }[] };
  users: { nodes: { id: string; email: string }[] };
}

interface TrackerUserPage {
  nodes: TrackerUserIssue[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

function seenOf(issue: TrackerUserIssue): SeenIssue {
  const closed = Object.values<string>(typeOf).includes(issue.state.type);
  return {
    id: issue.id,
    key: issue.identifier,
    url: issue.url,
    title: issue.title,
    author: issue.creator?.email ?? '',
    body: issue.description ?? '',
    state: closed ? 'closed' : 'open',
    reason: closed ? issue.state.name : null,
    labels: issue.labels.nodes.map((label) => label.name),
    assignee: issue.assignee?.email ?? null,
    dueDate: issue.dueDate,
    priority: issue.priorityLabel,
    comments: issue.comments.nodes
      .map(({ body, createdAt, user }) => ({ author: user?.email ?? '', text: body, at: createdAt }))
      .toReversed(),
  };
}
