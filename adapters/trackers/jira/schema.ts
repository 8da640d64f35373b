import * as z from 'zod';

/*
 * The used parts of Jira's answers. The library's own models turn some times into dates and leave others, so they are
 * not used.
 */

/** ISO text, or milliseconds in the bulk changelog. */
const instant = z.union([
  z.number(),
  z
    .string()
    .transform((text) => Date.parse(text))
    .pipe(z.number()),
]);
const named = z.object({ name: z.string() });
const account = z.object({ accountId: z.string() });

export const nothing = z.undefined();
export const createdComment = z.object({ id: z.string() });
export const createdIssue = z.object({ id: z.string().regex(/^\d+$/), key: z.string() });
export const ownAccount = account;
export const siteInfo = z.object({ baseUrl: z.string() });

export const remoteLink = z.object({ id: z.number() });
export const permissionsSchema = z.object({
  permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })),
});
export const assignableUsers = z.array(account);

export const issueTypePage = z.object({
  issueTypes: z.array(z.object({ id: z.string(), name: z.string(), subtask: z.boolean().default(false) })),
  total: z.number().default(0),
});

export const fieldPage = z.object({
  fields: z.array(
    z.object({
      fieldId: z.string(),
      allowedValues: z.array(z.object({ name: z.string().optional() })).optional(),
    }),
  ),
  total: z.number().default(0),
});

/** Issue property with the marker. */
export const caseProperty = 'caselite.case';
/** Comment property with an operation's `ref`. */
export const operationProperty = 'caselite.op';

export const issueFields = [
  'summary',
  'priority',
  'status',
  'resolution',
  'resolutiondate',
  'updated',
  'labels',
  'assignee',
  'duedate',
  'creator',
  'issuetype',
  'description',
];

export const jiraIssue = z.object({
  id: z.string(),
  key: z.string(),
  fields: z.object({
    summary: z.string(),
    priority: named.nullish(),
    status: z.object({ id: z.string(), name: z.string(), statusCategory: z.object({ key: z.string() }) }),
    resolution: named.nullish(),
    resolutiondate: instant.nullish(),
    updated: instant,
    labels: z.array(z.string()).default([]),
    assignee: account.nullish(),
    duedate: z.string().nullish(),
    creator: account.nullish(),
    description: z.unknown(),
    issuetype: z.object({ subtask: z.boolean().default(false) }).nullish(),
  }),
  properties: z.object({ [caseProperty]: z.object({ marker: z.string() }).optional().catch(undefined) }).default({}),
});
export type JiraIssue = z.infer<typeof jiraIssue>;

/* The lists below are required: an answer without its list is no empty list, or a poll would skip changes. */

export const issueBatch = z.object({ issues: z.array(jiraIssue) });

export const seenBatch = z.object({
  issues: z.array(z.object({ id: z.string(), fields: z.object({ updated: instant }) })),
});

export const searchPage = z.object({
  issues: z.array(z.object({ id: z.string(), key: z.string(), fields: z.object({ updated: instant }) })),
  nextPageToken: z.string().nullish(),
});

export const changePage = z.object({
  issueChangeLogs: z.array(
    z.object({
      changeHistories: z.array(
        z.object({
          author: account.nullish(),
          created: instant,
          items: z.array(z.object({ fieldId: z.string().nullish(), to: z.string().nullish() })),
        }),
      ),
    }),
  ),
  nextPageToken: z.string().nullish(),
});
export type Change = z.infer<typeof changePage>['issueChangeLogs'][number]['changeHistories'][number];

export const commentPage = z.object({
  comments: z.array(z.object({ id: z.string(), author: account.nullish(), body: z.unknown(), created: instant })),
  total: z.number(),
});

export const commentBatch = z.object({
  values: z.array(
    z.object({
      id: z.string(),
      properties: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
    }),
  ),
});

export const transitionList = z.object({
  transitions: z.array(
    z.object({
      id: z.string(),
      to: z.object({ name: z.string(), statusCategory: z.object({ key: z.string() }) }),
      fields: z.object({ resolution: z.object({ allowedValues: z.array(named).default([]) }).optional() }).default({}),
    }),
  ),
});
export type Transition = z.infer<typeof transitionList>['transitions'][number];

export const commentTotal = z.object({ total: z.number() });

export const issueLinks = z.object({
  fields: z.object({
    issuelinks: z
      .array(
        z.object({
          type: named,
          inwardIssue: z.object({ id: z.string() }).optional(),
          outwardIssue: z.object({ id: z.string() }).optional(),
        }),
      )
      .default([]),
  }),
});

export type IssueLink = z.infer<typeof issueLinks>['fields']['issuelinks'][number];
