import * as kit from '../../kit.ts';
import { type Change, type JiraIssue, markerPropertyKey } from './schema.ts';

/** Label for searching a case's issue. It proves nothing. */
export const toSearchLabel = (marker: string): string => `case-${marker.split('.')[1] ?? ''}`;

/** Whether an issue bears a marker. A host that tells no properties shows the label, which proves less. */
export const isMarked = ({ properties, fields }: JiraIssue, marker: string): boolean =>
  properties ? properties[markerPropertyKey]?.marker === marker : !!fields.labels?.includes(toSearchLabel(marker));

export const resolutionsByClosureKind: Record<kit.IssueClosure['kind'], string[]> = {
  completed: ['Done', 'Fixed'],
  'not-planned': ["Won't Do", "Won't Fix", 'Declined'],
  duplicate: ['Duplicate'],
  stale: ["Won't Do", "Won't Fix", 'Declined'],
  other: [],
};

const classes: Record<string, kit.IssueSnapshot['status']['class']> = { new: 'open', done: 'closed' };

export const isDone = (issue: JiraIssue): boolean => issue.fields.status.statusCategory.key === 'done';

const findClosingChange = (issue: JiraIssue, changes: Change[]): Change | undefined =>
  changes.findLast(({ items }) =>
    items.some(
      ({ fieldId, to }) =>
        (fieldId === 'status' && to === issue.fields.status.id) || (fieldId === 'resolution' && Boolean(to)),
    ),
  );

/** Whether a resolution or a type of links says duplicate, as in Duplikat or Duplicado. */
export const isDuplicateName = (name: string): boolean => /^dupl/i.test(name);

/** Whether a link to an original may explain the closing: the resolution says duplicate, or nothing. */
export const mayBeDuplicate = ({ fields: { resolution } }: JiraIssue): boolean =>
  !resolution || isDuplicateName(resolution.name);

function readClosure(issue: JiraIssue, changes: Change[], original: string | null): kit.IssueClosure {
  const native = issue.fields.resolution?.name ?? null;
  const change = findClosingChange(issue, changes);
  const word = native?.toLowerCase() ?? (original ? 'duplicate' : 'done');
  return {
    kind: word === 'done' || word === 'fixed' ? 'completed' : isDuplicateName(word) ? 'duplicate' : 'other',
    native,
    at: issue.fields.resolutiondate ?? change?.created ?? null,
    by: change?.author?.accountId ?? null,
    ...(original && { repeats: original }),
  };
}

/** A moved issue keeps its id, and answers with its new key. */
function readSpecialState({ key, fields }: JiraIssue, project: string): kit.IssueSnapshot['condition'] {
  if (!key.startsWith(`${project}-`)) return 'moved';
  return fields.issuetype?.subtask ? 'converted' : null;
}

/** Snapshot of an issue; `changes` are those of status and resolution, `original` the issue that it duplicates. */
export function toSnapshot(
  issue: JiraIssue,
  { site, project }: { site: string; project: string },
  changes: Change[],
  commentCount: number,
  { original, severity }: { original: string | null; severity: kit.IssueSnapshot['severity'] },
): kit.IssueSnapshot {
  const { fields } = issue;
  return {
    id: issue.id,
    key: issue.key,
    url: `${site}/browse/${issue.key}`,
    title: fields.summary,
    state: isDone(issue) ? 'closed' : 'open',
    status: { name: fields.status.name, class: classes[fields.status.statusCategory.key] ?? 'pending' },
    closure: isDone(issue) ? readClosure(issue, changes, original) : null,
    labels: fields.labels ?? [],
    assignee: fields.assignee?.accountId ?? null,
    dueDate: fields.duedate ?? null,
    severity,
    commentCount,
    ownershipMarks: {
      markers: [issue.properties?.[markerPropertyKey]?.marker ?? []].flat(),
      links: kit.findLinkedUrls(JSON.stringify(fields.description ?? null)),
    },
    condition: readSpecialState(issue, project),
    updatedAt: fields.updated,
  };
}
