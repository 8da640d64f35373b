import * as z from 'zod';

/* The used parts of Jira's answers, because the library's own models turn only some times into dates. */

/** ISO text, or milliseconds in the bulk changelog. */
const instant = z.union([z.number(), z.string().transform(Date.parse).pipe(z.number())]);
const named = z.object({ name: z.string() });
const account = z.object({ accountId: z.string() });
const person = account.nullish().catch(null);
const withId = z.object({ id: z.string() });
const category = z.object({ key: z.string() });
const status = z.object({ name: z.string(), statusCategory: category });

export const nothing = z.unknown();
export const createdCommentSchema = withId;
export const createdIssueSchema = z.object({ id: z.string().regex(/^\d+$/), key: z.string() });
export const ownAccountSchema = account;
export const siteInfoSchema = z.object({ baseUrl: z.string() });

export const permissionsSchema = z.object({
  permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })),
});
export const assignableUsersSchema = z.array(account);

export const issueTypePageSchema = z.object({
  issueTypes: z.array(z.object({ id: z.string(), name: z.string(), subtask: z.boolean().catch(false) })),
  total: z.number().catch(0),
});

const fieldSchema = z
  .object({ type: z.string(), items: z.string().optional(), custom: z.string().optional() })
  .catch({ type: 'string' });
export type FieldSchema = z.infer<typeof fieldSchema>;
/** Apps add fields whose values are of any kind; one of them must not hide the others. */
const choice = z.object({ name: z.string().optional().catch(undefined) }).catch({});

const screenFieldSchema = z.object({
  fieldId: z.string(),
  name: z.string().catch(''),
  required: z.boolean().catch(false),
  hasDefaultValue: z.boolean().catch(false),
  schema: fieldSchema,
  allowedValues: z.array(choice).catch([]),
});
export type ScreenField = z.infer<typeof screenFieldSchema>;
export const screenFieldPageSchema = z.object({ fields: z.array(screenFieldSchema), total: z.number().catch(0) });

export const markerPropertyKey = 'caselite.case';
export const commentRefPropertyKey = 'caselite.op';

const issueFields = z.object({
  summary: z.string(),
  priority: named.nullish(),
  status: status.extend({ id: z.string() }),
  resolution: named.nullish(),
  resolutiondate: instant.nullish(),
  updated: instant,
  labels: z.array(z.string()).nullish(),
  assignee: person,
  duedate: z.string().nullish(),
  creator: person,
  description: z.unknown().optional(),
  issuetype: z.object({ subtask: z.boolean().catch(false) }).nullish(),
});
export const requestedIssueFields = Object.keys(issueFields.shape);

export const jiraIssueSchema = z.object({
  id: z.string(),
  key: z.string(),
  fields: issueFields,
  properties: z.object({ [markerPropertyKey]: z.object({ marker: z.string() }).optional().catch(undefined) }).nullish(),
});
export type JiraIssue = z.infer<typeof jiraIssueSchema>;

/* The lists below are required: an answer without its list is no empty list, or a poll would skip changes. */

export const issueBatchSchema = z.object({ issues: z.array(jiraIssueSchema) });

const changed = withId.extend({ fields: z.object({ updated: instant }) });
export const issueUpdateTimesSchema = z.object({ issues: z.array(changed) });

export const searchPageSchema = z.object({
  issues: z.array(changed.extend({ key: z.string() })),
  nextPageToken: z.string().nullish(),
});

const changes = z.array(
  z.object({
    author: person,
    created: instant,
    items: z.array(
      z
        .object({ field: z.string().nullish(), fieldId: z.string().nullish(), to: z.string().nullish() })
        .transform(({ field, fieldId, to }) => ({ fieldId: fieldId ?? field, to })),
    ),
  }),
);
export const issueChangesSchema = z.object({ values: changes });
export const changePageSchema = z.object({
  issueChangeLogs: z.array(z.object({ changeHistories: changes })),
  nextPageToken: z.string().nullish(),
});
export type Change = z.infer<typeof changes>[number];

const ownProperty = z.object({ key: z.string(), value: z.looseObject({ ref: z.unknown() }).catch({ ref: null }) });
const properties = z.array(ownProperty).default([]);

export const commentPageSchema = z.object({
  comments: z.array(withId.extend({ author: person, body: z.unknown().optional(), created: instant, properties })),
  total: z.number(),
});

export type CommentPage = z.infer<typeof commentPageSchema>;

export const commentsByIdSchema = z.object({ values: z.array(withId.extend({ properties })) });

export const transitionListSchema = z.object({
  transitions: z.array(
    z.object({
      id: z.string(),
      to: status,
      fields: z.record(z.string(), screenFieldSchema.omit({ fieldId: true })).catch({}),
    }),
  ),
});
export type Transition = z.infer<typeof transitionListSchema>['transitions'][number];

const typed = z.object({ id: z.string(), name: z.string() });
export const sampleIssuePageSchema = z.object({
  issues: z.array(z.object({ key: z.string(), fields: z.object({ status, issuetype: typed }) })),
});
export type SampleIssue = z.infer<typeof sampleIssuePageSchema>['issues'][number];
export const typeStatusesSchema = z.array(typed.extend({ statuses: z.array(status) }));
export const editScreenSchema = z.object({ fields: z.record(z.string(), z.unknown()) });

export const commentTotalSchema = z.object({ total: z.number() });

export const issueLinksSchema = z.object({
  fields: z.object({
    issuelinks: z
      .array(z.object({ type: named, inwardIssue: withId.nullish(), outwardIssue: withId.nullish() }))
      .default([]),
  }),
});

export type IssueLink = z.infer<typeof issueLinksSchema>['fields']['issuelinks'][number];
