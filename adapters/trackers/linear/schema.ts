import * as z from 'zod';

/* Documents for reading with bounded lists, because Linear charges the bound, not the result. */

export type Question<Answer> = { document: string; answer: z.ZodType<Answer> };

const instant = z.string().transform(Date.parse).pipe(z.number());
const nodes = <Item extends z.ZodType>(item: Item) => z.object({ nodes: z.array(item) });
const page = <Item extends z.ZodType>(item: Item) =>
  nodes(item).extend({ pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }) });

const workflowStateSchema = z.object({ id: z.string(), name: z.string(), type: z.string(), position: z.number() });
export type WorkflowState = z.infer<typeof workflowStateSchema>;

const teamSchema = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  triageEnabled: z.boolean(),
  states: nodes(workflowStateSchema),
});
export type LinearTeam = z.infer<typeof teamSchema>;

export const placesQuery = {
  document: 'query teams { viewer { email } teams(first: 100) { nodes { key name } } }',
  answer: z.object({
    viewer: z.object({ email: z.string() }),
    teams: nodes(z.object({ key: z.string(), name: z.string() })),
  }),
};

const teamFragment = `fragment TeamParts on Team {
  id key name triageEnabled states(first: 50) { nodes { id name type position } }
}`;

export const teamQuery = {
  document: `query team($filter: TeamFilter!) {
    teams(first: 1, filter: $filter) { nodes { ...TeamParts } }
  } ${teamFragment}`,
  answer: z.object({ teams: nodes(teamSchema) }),
};

export const visibleTeamsQuery = {
  document: 'query visibleTeams { teams(first: 50) { nodes { key name } } }',
  answer: z.object({ teams: nodes(z.object({ key: z.string(), name: z.string() })) }),
};

export const projectsQuery = {
  document: `query projects($team: String!) {
    team(id: $team) { projects(first: 100) { nodes { id name } } }
  }`,
  answer: z.object({ team: z.object({ projects: nodes(z.object({ id: z.string(), name: z.string() })) }) }),
};

/** A group is a label for its labels; `multiSelect` lets several of them stand on an issue. */
const labelSchema = z.object({
  id: z.string(),
  name: z.string(),
  isGroup: z.boolean(),
  team: z.object({ id: z.string() }).nullable(),
  parent: z.object({ id: z.string(), name: z.string(), groupType: z.string().nullish() }).nullable(),
});
export type LinearLabel = z.infer<typeof labelSchema>;

const labelFragment = 'fragment LabelParts on IssueLabel { id name isGroup team { id } parent { id name groupType } }';

const issueSchema = z.object({
  id: z.string(),
  identifier: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  priority: z.number(),
  url: z.string(),
  updatedAt: instant,
  completedAt: instant.nullable(),
  canceledAt: instant.nullable(),
  autoClosedAt: instant.nullable(),
  archivedAt: instant.nullable(),
  trashed: z.boolean().nullable(),
  dueDate: z.string().nullable(),
  state: z.object({ type: z.string(), name: z.string() }),
  team: z.object({ id: z.string() }),
  comments: nodes(z.object({ id: z.string() })),
  labels: nodes(z.object({ name: z.string() })),
  assignee: z.object({ email: z.string() }).nullable(),
  history: nodes(
    z.object({
      createdAt: instant,
      actor: z.object({ email: z.string() }).nullable(),
      toState: z.object({ type: z.string() }).nullable(),
    }),
  ),
});
export type LinearIssue = z.infer<typeof issueSchema>;

const issueFragment = `fragment IssueParts on Issue {
  id identifier title description priority url updatedAt completedAt canceledAt autoClosedAt archivedAt trashed dueDate
  team { id } comments(first: 100) { nodes { id } }
  state { type name }
  labels(first: 100) { nodes { name } }
  assignee { email }
  history(first: 20) { nodes { createdAt actor { email } toState { type } } }
}`;

export const issueByIdQuery = {
  document: `query issueById($id: String!) { issue(id: $id) { ...IssueParts } } ${issueFragment}`,
  answer: z.object({ issue: issueSchema }),
};

export const issueMarkersQuery = {
  document: `query issueProof($id: String!) {
    issue(id: $id) { ...IssueParts attachments(first: 50) { nodes { metadata } } }
  } ${issueFragment}`,
  answer: z.object({ issue: issueSchema.extend({ attachments: nodes(z.object({ metadata: z.looseObject({}) })) }) }),
};

/** Facts before a change: the issue's team may be another one by now. */
export const issueBeforeWriteQuery = {
  document: `query issueContext($id: String!) {
    issue(id: $id) {
      id archivedAt trashed description state { type } labels(first: 100) { nodes { ...LabelParts } } team { ...TeamParts }
    }
  } ${teamFragment} ${labelFragment}`,
  answer: z.object({
    issue: z.object({
      id: z.string(),
      archivedAt: instant.nullable(),
      trashed: z.boolean().nullable(),
      description: z.string().nullish(),
      state: z.object({ type: z.string() }),
      labels: nodes(labelSchema),
      team: teamSchema,
    }),
  }),
};
export type IssueReadBeforeWrite = z.infer<typeof issueBeforeWriteQuery.answer>['issue'];

export const issueRelationsQuery = {
  document: `query issueRelations($id: String!) {
    issue(id: $id) { relations(first: 50) { nodes { type createdAt relatedIssue { id } } } }
  }`,
  answer: z.object({
    issue: z.object({
      relations: nodes(z.object({ type: z.string(), createdAt: instant, relatedIssue: z.object({ id: z.string() }) })),
    }),
  }),
};

export const changedIssuesQuery = {
  document: `query issueChanges($team: ID!, $place: String!, $since: DateTimeOrDuration!, $after: String) {
    team(id: $place) { id }
    issues(
      first: 100, after: $after, orderBy: updatedAt, includeArchived: true,
      filter: { team: { id: { eq: $team } }, updatedAt: { gte: $since } }
    ) { nodes { id updatedAt } pageInfo { hasNextPage endCursor } }
  }`,
  answer: z.object({ issues: page(z.object({ id: z.string(), updatedAt: instant })) }),
};

export const issueUpdateTimesQuery = {
  document: `query issuesById($ids: [ID!]!) {
    issues(first: 100, includeArchived: true, filter: { id: { in: $ids } }) { nodes { id updatedAt trashed } }
  }`,
  answer: z.object({
    issues: nodes(z.object({ id: z.string(), updatedAt: instant, trashed: z.boolean().nullable() })),
  }),
};

export const issuesWithMarkerQuery = {
  document: `query issuesMarked($marker: String!) {
    viewer { id }
    issues(first: 50, includeArchived: true, filter: { description: { contains: $marker } }) {
      nodes { id createdAt trashed creator { id } }
    }
  }`,
  answer: z.object({
    viewer: z.object({ id: z.string() }),
    issues: nodes(
      z.object({
        id: z.string(),
        createdAt: instant,
        trashed: z.boolean().nullable(),
        creator: z.object({ id: z.string() }).nullable(),
      }),
    ),
  }),
};

export const issueCommentsQuery = {
  document: `query issueComments($id: String!, $since: DateTimeOrDuration!, $after: String) {
    viewer { email }
    issue(id: $id) {
      comments(first: 100, after: $after, orderBy: createdAt, filter: { createdAt: { gte: $since } }) {
        nodes { id body createdAt user { email } botActor { type } } pageInfo { hasNextPage endCursor }
      }
    }
  }`,
  answer: z.object({
    viewer: z.object({ email: z.string() }),
    issue: z.object({
      comments: page(
        z.object({
          id: z.string(),
          body: z.string(),
          createdAt: instant,
          user: z.object({ email: z.string() }).nullable(),
          botActor: z.object({ type: z.string() }).nullable(),
        }),
      ),
    }),
  }),
};

export const commentByIdQuery = {
  document: 'query commentById($id: String!) { comment(id: $id) { id issue { id } } }',
  answer: z.object({ comment: z.object({ id: z.string(), issue: z.object({ id: z.string() }).nullable() }) }),
};

export const people = {
  document: `query people($filter: UserFilter!) {
    users(first: 50, filter: $filter) { nodes { id email displayName url } }
  }`,
  answer: z.object({
    users: nodes(z.object({ id: z.string(), email: z.string(), displayName: z.string(), url: z.string() })),
  }),
};
export type LinearPerson = z.infer<typeof people.answer>['users']['nodes'][number];

export const labelsByFilterQuery = {
  document: `query labelsByFilter($filter: IssueLabelFilter!) {
    issueLabels(first: 100, filter: $filter) { nodes { ...LabelParts } }
  } ${labelFragment}`,
  answer: z.object({ issueLabels: nodes(labelSchema) }),
};
