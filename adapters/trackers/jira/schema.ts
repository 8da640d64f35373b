import * as z from 'zod';
import { linksIn } from '#adapters/ownership-marks.ts';
import type { IssueClosure, IssueDraft, IssueSnapshot } from '#domain/integrations/issue.ts';

/*
 * What we need of Jira's answers and no more. The library's own models are not used: they turn some times into
 * dates and leave others as they came.
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

/** The property that carries the marker. */
export const caseProperty = 'caselite.case';
/** The comment property that carries an operation's `ref`. */
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
  properties: z
    .object({ [caseProperty]: z.object({ marker: z.string() }).optional().catch(undefined) })
    .default({}),
});
export type JiraIssue = z.infer<typeof jiraIssue>;

/*
 * The lists below are not optional. An answer without its list is not an empty list, or a poll would pass over
 * changes that it never saw.
 */

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
  comments: z.array(
    z.object({ id: z.string(), author: account.nullish(), body: z.unknown(), created: instant }),
  ),
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
      fields: z
        .object({ resolution: z.object({ allowedValues: z.array(named).default([]) }).optional() })
        .default({}),
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

const priorities = { 1: 'Highest', 2: 'High', 3: 'Medium', 4: 'Low' };

/** Jira's own name for a severity. */
export const priorityOf = (severity: IssueDraft['severity']): string => priorities[severity.rank];

/** The label that a search finds a case by. It proves nothing. */
export const searchLabel = (marker: string): string => `case-${marker.split('.')[1] ?? ''}`;

/** Resolutions to close with, best first. */
export const resolutionsFor: Record<IssueClosure['kind'], string[]> = {
  completed: ['Done', 'Fixed'],
  'not-planned': ["Won't Do", "Won't Fix", 'Declined'],
  duplicate: ['Duplicate'],
  stale: ["Won't Do", "Won't Fix", 'Declined'],
  other: [],
};

const ranks: Record<string, 1 | 2 | 3 | 4> = { highest: 1, high: 2, medium: 3, low: 4, lowest: 4 };
const classes: Record<string, IssueSnapshot['status']['class']> = { new: 'open', done: 'closed' };

export const isDone = (issue: JiraIssue): boolean => issue.fields.status.statusCategory.key === 'done';

/** Who brought the issue where it is and when, from its changes, oldest first. */
function closingChange(issue: JiraIssue, changes: Change[]): Change | undefined {
  return changes.findLast(({ items }) =>
    items.some(
      ({ fieldId, to }) =>
        (fieldId === 'status' && to === issue.fields.status.id) || (fieldId === 'resolution' && Boolean(to)),
    ),
  );
}

/** Whether its link to an original may tell why it was closed: its resolution says so, or nothing. */
export const mayRepeat = ({ fields: { resolution } }: JiraIssue): boolean =>
  !resolution || resolution.name.toLowerCase() === 'duplicate';

function closureOf(issue: JiraIssue, changes: Change[], original: string | null): IssueClosure {
  const native = issue.fields.resolution?.name ?? null;
  const change = closingChange(issue, changes);
  const word = native?.toLowerCase() ?? (original ? 'duplicate' : 'done');
  return {
    kind: word === 'done' || word === 'fixed' ? 'completed' : word === 'duplicate' ? 'duplicate' : 'other',
    native,
    at: issue.fields.resolutiondate ?? change?.created ?? null,
    by: change?.author?.accountId ?? null,
    ...(original && { repeats: original }),
  };
}

/** A moved issue keeps its id, and answers under it with its new key. */
function conditionOf({ key, fields }: JiraIssue, project: string): IssueSnapshot['condition'] {
  if (!key.startsWith(`${project}-`)) return 'moved';
  return fields.issuetype?.subtask ? 'converted' : null;
}

/**
 * @param changes the status and resolution changes of a closed issue
 * @param original id of the issue that it is linked to as a duplicate
 */
export function snapshotOf(
  issue: JiraIssue,
  { site, project }: { site: string; project: string },
  changes: Change[],
  commentCount: number,
  original: string | null = null,
): IssueSnapshot {
  const { fields } = issue;
  return {
    id: issue.id,
    key: issue.key,
    url: `${site}/browse/${issue.key}`,
    title: fields.summary,
    state: isDone(issue) ? 'closed' : 'open',
    status: { name: fields.status.name, class: classes[fields.status.statusCategory.key] ?? 'pending' },
    closure: isDone(issue) ? closureOf(issue, changes, original) : null,
    labels: fields.labels,
    assignee: fields.assignee?.accountId ?? null,
    dueDate: fields.duedate ?? null,
    severity: ranks[fields.priority?.name.toLowerCase() ?? ''] ?? null,
    commentCount,
    ownershipMarks: {
      markers: issue.properties[caseProperty] ? [issue.properties[caseProperty].marker] : [],
      links: linksIn(JSON.stringify(fields.description ?? null)),
    },
    condition: conditionOf(issue, project),
    updatedAt: fields.updated,
  };
}
