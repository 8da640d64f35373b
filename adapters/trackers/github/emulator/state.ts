import { toIsoText } from '#domain/time/units.ts';
export interface GitHubIssue {
  number: number;
  title: string;
  body: string | null;
  author: string;
  state: 'open' | 'closed';
  reason: string | null;
  labels: string[];
  assignees: string[];
  created: number;
  updated: number;
  closed: number | null;
  closedBy: string | null;
  isPullRequest: boolean;
  /** Status of a read by number instead of the issue: deleted, hidden or moved. */
  gone: 301 | 404 | 410 | null;
  locked: boolean;
  /** Number of the parent issue. */
  parent: number | null;
  type?: string;
  milestone?: number;
  /** Number of the original issue. */
  duplicateOf: number | null;
  /** Values of the organisation's issue fields, by the field's id. */
  fields: Record<string, string>;
}

/** A webhook as GitHub keeps it. */
export interface GitHubHook {
  id: number;
  active: boolean;
  events: string[];
  config: { url: string; content_type: string; insecure_ssl: string; secret: string };
}

/** The emulator's whole state as plain JSON. Tests may change it at any time. */
export interface GitHubState {
  repository: string;
  people: string[];
  bot: { login: string; token: string };
  issues: GitHubIssue[];
  comments: { id: number; issue: number; author: string; body: string; at: number }[];
  events: { id: number; issue: number; event: string; actor: string; at: number }[];
  labels: { name: string; color: string; description: string | null }[];
  lastId: number;
  hooks?: GitHubHook[];
  /** Rows of a page at most, whatever a request asks for. */
  largestPage?: number;
  /** Delay of the issue list, in milliseconds; reads by number have none. */
  listLagMs: number;
  /** Earlier states that the list still shows until an instant; null for an issue that did not exist yet. */
  shadows: { number: number; until: number; issue: GitHubIssue | null }[];
  visibility: 'public' | 'private' | 'internal';
  ownerType: 'Organization' | 'User';
  /** Earlier names of the repository, which redirect. */
  formerNames?: string[];
  /** Requests that the bot may not make, such as `POST /labels`: method, and end of the path without numbers. */
  forbidden?: string[];
  /** Fields of issues whose values are refused, with the value in the message. */
  refusedFields?: string[];
  /** Types of issues of the organisation. */
  issueTypes?: string[];
  /** Numbers of the repository's milestones; all numbers exist without it. */
  milestones?: number[];
  /** Whether an unknown assignee is refused and not ignored. */
  refusesUnknownAssignees?: boolean;
  /** Association of everybody's comments with the repository. */
  association?: string;
  /** Whether the repository is hidden from the bot. */
  isHidden?: boolean;
  archived: boolean;
  hasIssues: boolean;
  /** Without push permission GitHub drops labels, assignees and field values silently. */
  canPush: boolean;
  /** The organisation's issue fields. */
  fields: {
    id: number;
    name: string;
    type: 'text' | 'date' | 'single_select' | 'number';
    options: string[];
  }[];
  /** An installed GitHub App, whose tokens live for an hour. */
  app: { id: number; installation: number; tokens: { token: string; until: number }[] } | null;
}

export interface GitHubSeed {
  repository: string;
  people: string[];
  bot: { login: string; token: string };
}

export function emptyState(seed: GitHubSeed): GitHubState {
  return {
    ...structuredClone(seed),
    issues: [],
    comments: [],
    events: [],
    labels: [],
    lastId: 0,
    listLagMs: 0,
    shadows: [],
    visibility: 'private',
    ownerType: 'Organization',
    archived: false,
    hasIssues: true,
    canPush: true,
    fields: [],
    app: null,
  };
}

/** A client's fields for an issue, not yet checked. */
export interface IssueInput {
  title?: unknown;
  body?: unknown;
  labels?: unknown;
  assignees?: unknown;
  state?: unknown;
  state_reason?: unknown;
  duplicate_issue_id?: unknown;
  issue_field_values?: unknown;
  type?: unknown;
  milestone?: unknown;
}

/** GitHub's reason to refuse an issue. */
export function faultIn({ title, body, labels }: IssueInput): string | null {
  if (typeof title === 'string' && (title.trim() === '' || title.length > 256)) return 'invalid';
  if (typeof body === 'string' && body.length > 65_536) return 'invalid';
  return strings(labels).some((name) => name.length > 50) ? 'invalid' : null;
}

/** The first of an issue's fields that the repository refuses, with GitHub's words about it. */
export function findRefusedField(
  { refusedFields = [] }: GitHubState,
  input: IssueInput,
): { field: string; why: string } | null {
  const given: Record<string, unknown> = { ...input };
  const field = refusedFields.find((name) => [given[name]].flat().some(Boolean));
  return field === undefined ? null : { field, why: `${String(given[field])} is not accepted` };
}

/** The field of an issue's place in plans that names nothing. */
export function faultInPlan(
  { issueTypes, milestones, fields }: GitHubState,
  { type, milestone, issue_field_values: values }: IssueInput,
): string | null {
  const isUnknown = (value: { field_id: number }) => fields.every(({ id }) => id !== value.field_id);
  if (Array.isArray(values) && values.some(isUnknown)) return 'issue_field_values';
  if (typeof type === 'string' && !issueTypes?.includes(type)) return 'type';
  return typeof milestone === 'number' && milestones?.includes(milestone) === false ? 'milestone' : null;
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function seconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

export function iso(ms: number): string {
  return toIsoText(seconds(ms)).replace('.000Z', 'Z');
}
