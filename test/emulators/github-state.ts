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
}

/** What a client may send for an issue; nothing of it is checked yet. */
export interface IssueInput {
  title?: unknown;
  body?: unknown;
  labels?: unknown;
  assignees?: unknown;
  state?: unknown;
  state_reason?: unknown;
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
  return new Date(seconds(ms)).toISOString().replace('.000Z', 'Z');
}
