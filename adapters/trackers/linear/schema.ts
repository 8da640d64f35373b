import * as z from 'zod';

/* What is asked of Linear, as the answer that is expected. Lists are bounded, because Linear charges the bound. */

export type Question<Answer> = { document: string; answer: z.ZodType<Answer> };

const at = <Schema extends z.ZodType>(args: string, schema: Schema): Schema => schema.meta({ args });
const list = <Shape extends z.ZodRawShape>(args: string, shape: Shape) =>
  at(args, z.object({ nodes: z.array(z.object(shape)) }));
const page = <Shape extends z.ZodRawShape>(args: string, shape: Shape) => {
  const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });
  return at(args, z.object({ nodes: z.array(z.object(shape)), pageInfo }));
};

/** Selection of the fields of a schema; an object without any is a scalar of GraphQL. */
function select(schema: unknown): string {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) return select(schema.unwrap());
  if (schema instanceof z.ZodArray) return select(schema.element);
  if (!(schema instanceof z.ZodObject)) return '';
  const fields = Object.entries<z.ZodType>(schema.shape).map(([name, field]) => {
    const args = field.meta()?.args;
    return `${name}${args ? `(${args})` : ''}${select(field)}`;
  });
  return fields.length > 0 ? ` { ${fields.join(' ')} }` : '';
}

function query<Shape extends z.ZodRawShape>(head: string, shape: Shape) {
  const answer = z.object(shape);
  return { document: `query ${head}${select(answer)}`, answer };
}

const text = z.string();
const instant = text.transform(Date.parse).pipe(z.number());
/* Defaults stand for fields that an older or newer Linear does not have. */
const trashed = z.boolean().nullable().default(null);
const withId = z.object({ id: text });
const withEmail = z.object({ email: text });

const workflowState = { id: text, name: text, type: text, position: z.number() };
export type WorkflowState = z.infer<z.ZodObject<typeof workflowState>>;

const team = {
  id: text,
  key: text,
  name: text,
  retiredAt: text.nullish(),
  triageEnabled: z.boolean().default(true),
  states: list('first: 50', workflowState),
};
export type LinearTeam = z.infer<z.ZodObject<typeof team>>;

export const placesQuery = query('teams', { viewer: withEmail, teams: list('first: 100', { key: text, name: text }) });

export const teamQuery = query('team($filter: TeamFilter!)', { teams: list('first: 1, filter: $filter', team) });

export const projectsQuery = query('projects($team: String!)', {
  team: at('id: $team', z.object({ projects: list('first: 100', { id: text, name: text }) })),
});

/** A group is a label for its labels; `multiSelect` lets several of them stand on an issue. */
const label = {
  id: text,
  name: text,
  isGroup: z.boolean().default(false),
  team: withId.nullable(),
  parent: z.object({ id: text, name: text, groupType: text.nullish() }).nullable(),
};
export type LinearLabel = z.infer<z.ZodObject<typeof label>>;

const issue = z.object({
  id: text,
  identifier: text,
  title: text,
  description: text.nullable(),
  priority: z.number(),
  url: text,
  updatedAt: instant,
  completedAt: instant.nullable(),
  canceledAt: instant.nullable(),
  autoClosedAt: instant.nullable().default(null),
  archivedAt: instant.nullable(),
  trashed,
  dueDate: text.nullable(),
  state: z.object({ type: text, name: text }),
  team: withId,
  comments: list('first: 100', { id: text }),
  labels: list('first: 100', { name: text }),
  assignee: withEmail.nullable(),
  history: list('first: 20', {
    createdAt: instant,
    actor: withEmail.nullable(),
    toState: z.object({ type: text }).nullable(),
  }),
});
export type LinearIssue = z.infer<typeof issue>;

export const issueByIdQuery = query('issueById($id: String!)', { issue: at('id: $id', issue) });

export const issueMarkersQuery = query('issueProof($id: String!)', {
  issue: at('id: $id', issue.extend({ attachments: list('first: 50', { metadata: z.looseObject({}) }) })),
});

/** Facts before a change: the issue's team may be another one by now. */
const issueBeforeWrite = z.object({
  id: text,
  archivedAt: instant.nullable(),
  trashed,
  description: text.nullish(),
  state: z.object({ type: text }),
  labels: list('first: 100', label),
  team: z.object(team),
});
export type IssueReadBeforeWrite = z.infer<typeof issueBeforeWrite>;

export const issueBeforeWriteQuery = query('issueContext($id: String!)', { issue: at('id: $id', issueBeforeWrite) });

const relation = { type: text, createdAt: instant, relatedIssue: withId };
export const issueRelationsQuery = query('issueRelations($id: String!)', {
  issue: at('id: $id', z.object({ relations: list('first: 50', relation) })),
});

const changed =
  'first: 100, after: $after, orderBy: updatedAt, includeArchived: true, filter: { team: { id: { eq: $team } }, updatedAt: { gte: $since } }';
export const changedIssuesQuery = query(
  'issueChanges($team: ID!, $place: String!, $since: DateTimeOrDuration!, $after: String)',
  { team: at('id: $place', withId), issues: page(changed, { id: text, updatedAt: instant }) },
);

export const issueUpdateTimesQuery = query('issuesById($ids: [ID!]!)', {
  issues: list('first: 100, includeArchived: true, filter: { id: { in: $ids } }', {
    id: text,
    updatedAt: instant,
    trashed,
  }),
});

export const issuesWithMarkerQuery = query('issuesMarked($marker: String!)', {
  viewer: withId,
  issues: list('first: 50, includeArchived: true, filter: { description: { contains: $marker } }', {
    id: text,
    createdAt: instant,
    trashed,
    creator: withId.nullable(),
  }),
});

const comments = page('first: 100, after: $after, orderBy: createdAt, filter: { createdAt: { gte: $since } }', {
  id: text,
  body: text,
  createdAt: instant,
  user: withEmail.nullable(),
  botActor: z.object({ type: text }).nullable(),
});
export const issueCommentsQuery = query('issueComments($id: String!, $since: DateTimeOrDuration!, $after: String)', {
  viewer: withEmail,
  issue: at('id: $id', z.object({ comments })),
});

export const commentByIdQuery = query('commentById($id: String!)', {
  comment: at('id: $id', z.object({ id: text, issue: withId.nullable() })),
});

const person = { id: text, email: text, displayName: text, url: text };

export const people = query('people($filter: UserFilter!)', { users: list('first: 50, filter: $filter', person) });

export const labelsByFilterQuery = query('labelsByFilter($filter: IssueLabelFilter!)', {
  issueLabels: list('first: 100, filter: $filter', label),
});
