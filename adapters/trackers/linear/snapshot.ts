import * as kit from '../../kit.ts';
import type { LinearIssue, WorkflowState } from './schema.ts';

const closedStateTypes = ['completed', 'canceled', 'duplicate'];

/** Whether a workflow state of this type closes an issue. Types form an open set; names are the team's own. */
export const isClosedStateType = (type: string): boolean => closedStateTypes.includes(type);

/** Snapshot of an issue of the settings' team; `original` is the issue that it is related to as a duplicate. */
export function toSnapshot(issue: LinearIssue, teamId: string, original: string | null = null): kit.IssueSnapshot {
  const closed = isClosedStateType(issue.state.type);
  return {
    id: issue.id,
    key: issue.identifier,
    url: issue.url,
    title: issue.title,
    state: closed ? 'closed' : 'open',
    status: { name: issue.state.name, class: closed ? 'closed' : issue.state.type === 'started' ? 'pending' : 'open' },
    closure: closed ? readClosure(issue, original) : null,
    labels: kit.readLabelNames(issue.labels.nodes.map((label) => label.name)),
    assignee: issue.assignee?.email ?? null,
    dueDate: issue.dueDate,
    severity: kit.toRank(issue.priority),
    // At most 100.
    commentCount: issue.comments.nodes.length,
    ownershipMarks: {
      markers: findMarkers(issue.description ?? ''),
      links: kit.findLinkedUrls(issue.description ?? ''),
    },
    // Linear archives old closed issues automatically.
    condition: issue.archivedAt !== null && !closed ? 'archived' : issue.team.id === teamId ? null : 'moved',
    updatedAt: issue.updatedAt,
  };
}

/** Whether a relation to an original may explain the closing; a completed issue was worked on. */
export const mayBeDuplicate = ({ state: { type } }: LinearIssue): boolean =>
  isClosedStateType(type) && type !== 'completed';

function readClosure(issue: LinearIssue, original: string | null): kit.IssueClosure {
  const last = issue.history.nodes
    .filter((entry) => entry.toState !== null)
    .toSorted((a, b) => b.createdAt - a.createdAt)[0];
  // The history omits the first three minutes, so its last entry may belong to an earlier closing.
  const closing = last?.toState?.type === issue.state.type ? last : null;
  const at = issue.completedAt ?? issue.canceledAt ?? closing?.createdAt ?? null;
  const by = closing?.actor?.email ?? null;
  const facts = { native: issue.state.name, at, by };
  const kind = kindOf(issue, at);
  if (original === null || kind === 'stale') return { kind, ...facts };
  return { kind: 'duplicate', ...facts, repeats: original };
}

function kindOf(issue: LinearIssue, at: number | null): kit.IssueClosure['kind'] {
  // An issue that was once closed for its age keeps that time after somebody reopens and completes it.
  const automatic = issue.autoClosedAt !== null && issue.autoClosedAt >= (at ?? 0) - kit.minuteMs;
  if (automatic) return 'stale';
  if (issue.state.type === 'completed') return 'completed';
  return issue.state.type === 'duplicate' ? 'duplicate' : 'not-planned';
}

/** The team's first state of the first matching type; among several of that type, the named one. */
export function findStateOfType(
  states: WorkflowState[],
  types: string[],
  isNamed: (name: string) => boolean = () => true,
): WorkflowState | null {
  const sortedStates = states.toSorted((a, b) => a.position - b.position);
  for (const type of types) {
    const ofType = sortedStates.filter((state) => state.type === type);
    const result = ofType.find(({ name }) => isNamed(name)) ?? ofType[0];
    if (result) return result;
  }
  return null;
}

/** The description with the marker in the fragment of the case link, because Linear drops HTML comments. */
export function describe({ link, marker, ...draft }: Pick<kit.IssueDraft, 'body' | 'link' | 'marker'>): string {
  const body = draft.body.replace(kit.foldedText, '+++ $1\n\n$2\n\n+++');
  const plain = `](${link.url})`;
  return body.includes(plain)
    ? body.replace(plain, () => `](${link.url}#${marker})`)
    : addMarkedLink(body, { link, marker });
}

export const addMarkedLink = (text: string, { link, marker }: Pick<kit.IssueDraft, 'link' | 'marker'>): string =>
  `${text}\n\n[${link.title.replace(/[[\]\\]/g, '\\$&')}](${link.url}#${marker})`.trimStart();

const findMarkers = (text: string): string[] =>
  [...text.matchAll(/#([^\s#)]+)\)/g)].flatMap(([, marker]) => marker ?? []);
