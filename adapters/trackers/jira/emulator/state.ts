import { type JiraSetUp, type Status, usualSetUp } from './set-up.ts';

/** A Jira site's state as plain JSON, which a launcher can write to a file and restore. */
export interface JiraState {
  nextId: number;
  /** The next issue number of each project. */
  nextNumber: Record<string, number>;
  issues: JiraIssue[];
  setUp: JiraSetUp;
  /** Delay until search shows a change, in milliseconds. */
  indexLagMs: number;
  /** Rows of a page at most, whatever a request asks for. */
  largestPage?: number;
  /** Optional fields that are missing on the create screen. */
  offScreen: string[];
  /** Whether the closing transition asks for a resolution. */
  resolutionOnScreen: boolean;
  /** Whether a closed issue can be reopened. */
  canReopen: boolean;
  /** Permissions that the bot lacks in the project. */
  lacks: string[];
  /** Whether the project is readable without signing in. */
  isPublic: boolean;
  /** Number of next transitions that conflict with a simultaneous one. */
  conflicts: number;
}

export interface JiraIssue {
  id: string;
  key: string;
  formerKeys: string[];
  project: string;
  /** A security level hides it from every account here. */
  isHidden?: boolean;
  issueType: string;
  summary: string;
  description: AdfNode | null;
  labels: string[];
  duedate: string | null;
  priority: string;
  assignee: string | null;
  creator: string;
  status: string;
  resolution: string | null;
  resolvedAt: number | null;
  createdAt: number;
  updatedAt: number;
  /** Values of custom fields, components and versions, by the field's id. */
  custom?: Record<string, unknown>;
  properties: Record<string, unknown>;
  comments: JiraComment[];
  history: JiraHistory[];
  /** States in the search index, with their times. */
  indexed: IndexEntry[];
  parent: string | null;
  links: { type: string; other: string; outward: boolean }[];
  remoteLinks: { id: number; globalId: string; url: string; title: string }[];
}

export interface IndexEntry {
  at: number;
  key: string;
  project: string;
  labels: string[];
  updatedAt: number;
}

export interface JiraComment {
  id: string;
  author: string;
  body: AdfNode;
  createdAt: number;
  properties: { key: string; value: unknown }[];
}

export interface JiraHistory {
  id: string;
  author: string;
  createdAt: number;
  items: {
    field: string;
    from: string | null;
    fromString: string | null;
    to: string | null;
    toString: string | null;
  }[];
}

export interface AdfNode {
  type: string;
  version?: number;
  text?: string;
  attrs?: Record<string, unknown>;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
  content?: AdfNode[];
}

export interface JiraSeed {
  project: string;
  issueTypes?: string[];
  people: { account: string; name: string; email?: string }[];
  bot: { account: string; email: string; token: string };
}

/** The site as shared by all parts of the emulator. */
export interface Site {
  now(): number;
  baseUrl: string;
  seed: JiraSeed;
  state: JiraState;
}

export function emptyState(project: string): JiraState {
  return {
    nextId: 10_001,
    nextNumber: { [project]: 1 },
    issues: [],
    setUp: usualSetUp(),
    indexLagMs: 0,
    offScreen: [],
    resolutionOnScreen: true,
    canReopen: true,
    lacks: [],
    isPublic: false,
    conflicts: 0,
  };
}

export function statusOf({ setUp }: JiraState, issue: JiraIssue): Status {
  const status = setUp.statuses.find(({ name }) => name === issue.status);
  if (!status) throw new Error(`no status ${issue.status}`);
  return status;
}

export const issueTypesOf = (seed: JiraSeed): string[] => [...(seed.issueTypes ?? ['Task', 'Bug']), 'Sub-task'];

export const issueTypeId = (seed: JiraSeed, name: string): string => String(10_000 + issueTypesOf(seed).indexOf(name));

export function takeId(state: JiraState): string {
  return String(state.nextId++);
}

/** By id or key, in any case, or by an earlier key of a moved issue. */
export function findIssue(state: JiraState, idOrKey: string): JiraIssue | undefined {
  const wanted = idOrKey.toUpperCase();
  return state.issues.find(
    ({ id, key, formerKeys, isHidden }) =>
      !isHidden && (id === idOrKey || key === wanted || formerKeys.includes(wanted)),
  );
}

/** Marks an issue as changed now, and updates the search index. */
export function touch(site: Site, issue: JiraIssue): void {
  issue.updatedAt = site.now();
  const { key, project, labels, updatedAt } = issue;
  issue.indexed = [...issue.indexed.slice(-19), { at: updatedAt, key, project, labels: [...labels], updatedAt }];
}

/** An error answer in Jira's two-part format. */
export class Refusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409;
  readonly errors: Record<string, string>;

  constructor(status: 400 | 401 | 403 | 404 | 409, message: string, errors: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export function demandIssue(state: JiraState, idOrKey: string): JiraIssue {
  const issue = findIssue(state, idOrKey);
  if (!issue) throw new Refusal(404, 'No such issue, or none that you may see.');
  return issue;
}
