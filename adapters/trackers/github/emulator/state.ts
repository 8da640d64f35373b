import { isoText } from '#domain/time/units.ts';
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
  /** The status that a read by number answers instead: deleted, hidden, moved. */
  gone: 301 | 404 | 410 | null;
  locked: boolean;
  /** Number of the issue that this one is a part of. */
  parent: number | null;
  /** Number of the issue that this one duplicates. */
  duplicateOf: number | null;
  /** Values of the organisation's issue fields, by the field's id. */
  fields: Record<string, string>;
}

/** Everything the emulator knows, as plain JSON. Tests may change it at any time. */
export interface GitHubState {
  repository: string;
  people: string[];
  bot: { login: string; token: string };
  issues: GitHubIssue[];
  comments: { id: number; issue: number; author: string; body: string; at: number }[];
  events: { id: number; issue: number; event: string; actor: string; at: number }[];
  labels: { name: string; color: string; description: string | null }[];
  lastId: number;
  /** How far the list of issues is behind the truth; reads by number never are. */
  listLagMs: number;
  /** What the list still shows: an issue as it was (null: not yet there) until a moment. */
  shadows: { number: number; until: number; issue: GitHubIssue | null }[];
  visibility: 'public' | 'private' | 'internal';
  ownerType: 'Organization' | 'User';
  /** The bot may no longer see the repository. */
  isHidden?: boolean;
  archived: boolean;
  hasIssues: boolean;
  /** Without it GitHub drops labels, assignees and field values silently. */
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

/** What a client may send for an issue; nothing of it is checked yet. */
export interface IssueInput {
  title?: unknown;
  body?: unknown;
  labels?: unknown;
  assignees?: unknown;
  state?: unknown;
  state_reason?: unknown;
  duplicate_issue_id?: unknown;
  issue_field_values?: unknown;
}

/** Why GitHub would refuse an issue. */
export function faultIn({ title, body, labels }: IssueInput): string | null {
  if (typeof title === 'string' && (title.trim() === '' || title.length > 256)) return 'invalid';
  if (typeof body === 'string' && body.length > 65_536) return 'invalid';
  return strings(labels).some((name) => name.length > 50) ? 'invalid' : null;
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function seconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

export function iso(ms: number): string {
  return isoText(seconds(ms)).replace('.000Z', 'Z');
}
