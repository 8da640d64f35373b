import * as z from 'zod';
import { each } from '#domain/base/api-object.ts';

/* The parts of GitHub's answers that the adapter reads. */

const login = z.object({ login: z.string(), type: z.string().nullish() });
const label = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);

export const userSchema = login;
export const labelsSchema = z.array(z.object({ name: z.string() }));
export const anySchema = z.unknown();
export const redirectSchema = z.string().nullable();

const fieldValueSchema = z.object({
  issue_field_id: z.int(),
  value: z.unknown().optional(),
  single_select_option: z.object({ name: z.string() }).nullish(),
});

export const issueSchema = z.object({
  ...each(['id', 'number', 'comments'], z.int()),
  ...each(['title', 'html_url', 'repository_url', 'created_at', 'updated_at'], z.string()),
  ...each(['body', 'state_reason', 'closed_at'], z.string().nullish()),
  ...each(['user', 'assignee', 'closed_by'], login.nullish()),
  state: z.enum(['open', 'closed']),
  labels: z.array(label.catch('')).transform((names) => names.filter(Boolean)),
  assignees: z.array(login).nullish(),
  locked: z.boolean().nullish(),
  issue_field_values: z.array(fieldValueSchema).nullish(),
  pull_request: z.unknown().optional(),
});
export const issuesSchema = z.array(issueSchema);
/** A list of changes has strangers' issues too, whose other fields do not matter. */
export const changesSchema = z.array(
  issueSchema.pick({ number: true, updated_at: true, repository_url: true, pull_request: true }),
);
export type Issue = z.infer<typeof issueSchema>;

export const commentSchema = z.object({
  id: z.int(),
  author_association: z.string().nullish(),
  body: z.string().nullish(),
  user: login.nullish(),
  created_at: z.string(),
});
export const commentsSchema = z.array(commentSchema);

export const issueFieldsSchema = z.array(
  z.object({
    id: z.int(),
    name: z.string(),
    data_type: z.string(),
    options: z.array(z.object({ name: z.string() })).nullish(),
  }),
);

export const repositoryNameSchema = z.object({ full_name: z.string() });

export const repositorySchema = z.object({
  private: z.boolean(),
  visibility: z.string().nullish(),
  archived: z.boolean(),
  has_issues: z.boolean(),
  permissions: z.object({ push: z.boolean(), triage: z.boolean().nullish() }).nullish(),
});

export const eventsSchema = z.array(z.object({ event: z.string().optional(), actor: login.nullish() }));
