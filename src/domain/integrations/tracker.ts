import type * as z from 'zod';
import type { Fetch } from '../base/ports.ts';
import type { IssueCondition } from './issue-trouble.ts';
import type { RateLimit } from './rate-limit.ts';

/** A label as it should exist in the tracker. Names are slugs such as `severity:urgent`. */
export interface LabelDraft {
  name: string;
  /** Six hex digits without `#`. */
  color: string;
  description: string;
}

/** Everything a new issue holds, so that one call can make it whole. */
export interface IssueDraft {
  /** `version.handle.mac`, see `marker.ts`. It alone proves that an issue is ours. */
  marker: string;
  /** A v4-shaped UUID derived from the case: the issue's own id where the tracker takes one. */
  uuid: string;
  title: string;
  /** Markdown of our own making; respondent text never stands in it unneutralised. */
  body: string;
  labels: LabelDraft[];
  /** The workspace's severity and its rank: 1 urgent, 2 high, 3 normal, 4 low. */
  severity: { name: string; rank: 1 | 2 | 3 | 4 };
  /** `YYYY-MM-DD` in the workspace's time zone. */
  dueDate: string | null;
  /** The assignee's account in this tracker. */
  assignee: string | null;
  /** The case page. */
  link: { url: string; title: string };
}

export interface IssueClosure {
  /**
   * What the tracker means by it: `completed`, `not-planned`, `duplicate`, `stale`, or `other` with the
   * tracker's own word in `native` for the workspace to map.
   */
  kind: 'completed' | 'not-planned' | 'duplicate' | 'stale' | 'other';
  /** The tracker's own word: a GitHub `state_reason`, a Jira resolution, a Linear state. */
  native: string | null;
  at: number | null;
  /** Account of the person who closed, where the tracker tells. */
  by: string | null;
  /** Id of the issue that a duplicate repeats, where the tracker tells. */
  repeats?: string | null;
}

/** An issue as the tracker shows it. `id` never changes; `key` is what people read. */
export interface IssueSnapshot {
  id: string;
  key: string;
  url: string;
  title: string;
  state: 'open' | 'closed';
  /** The tracker's own name of the state, and whether work on it has begun. */
  status: { name: string; class: 'open' | 'pending' | 'closed' };
  closure: IssueClosure | null;
  labels: string[];
  assignee: string | null;
  dueDate: string | null;
  /** Rank of the tracker's own priority: 1 urgent to 4 low. Null where it has none: then labels tell. */
  severity: 1 | 2 | 3 | 4 | null;
  commentCount: number;
  /** What it still shows of whose it is: the markers that it carries, and the addresses that its text leads to. */
  ownershipMarks: { markers: string[]; links: string[] };
  /** It could not be read after it was made: it stands here as it was sent. */
  isAsSent?: true;
  /** What is out of the ordinary about it although it is there. */
  condition: IssueCondition | null;
  updatedAt: number;
}

/**
 * Where an issue is that `readIssue` does not show. `deleted` is said where the tracker is sure, `missing` where it may
 * as well be hidden from us; `hidden` is the whole place. `url` is its new place where the tracker tells it.
 */
export interface Whereabouts {
  kind: 'here' | 'deleted' | 'missing' | 'moved' | 'hidden';
  url: string | null;
}

export interface CheckRequest {
  /** Accounts of this tracker that the workspace maps people to. */
  accounts: string[];
  /** Labels that issues will carry. */
  labels: LabelDraft[];
  /** Our own clock, milliseconds UTC. */
  now: number;
}

/** One thing that is wrong with a tracker's set-up, in one line each. */
export interface CheckFinding {
  about: 'credentials' | 'permissions' | 'place' | 'labels' | 'fields' | 'people' | 'clock';
  /** Whether issues cannot be made or followed until it is mended. */
  blocking: boolean;
  message: string;
  remedy: string;
}

/** A comment that a person wrote in the tracker. `author` is an account of that tracker. */
export interface IssueComment {
  id: string;
  author: string | null;
  text: string;
  at: number;
}

/** An outgoing comment. `ref` identifies the operation, so that an unknown outcome can be looked up. */
export interface CommentDraft {
  ref: string;
  uuid: string;
  body: string;
  /** Accounts to mention. */
  mention: string[];
}

export interface IssueSearch {
  marker: string;
  uuid: string;
  /** What `floor()` gave before the create. */
  floor: string;
  /** When the create was started, milliseconds UTC. */
  startedAt: number;
}

/** What may be changed on an issue that exists. What is left out stays as it is. */
export interface IssueEdit {
  title?: string;
  /** The whole body anew; it keeps, or gets back, the marker and the link of the draft. */
  body?: string;
  marker?: string;
  link?: IssueDraft['link'];
  addLabels?: LabelDraft[];
  removeLabels?: string[];
  severity?: IssueDraft['severity'];
  dueDate?: string | null;
  assignee?: string | null;
  /** Where an open issue should be; nothing else of it ends or reopens an issue. */
  status?: StatusEdit;
}

export interface StatusEdit {
  /** The tracker's own states that mean it, best first. Names are compared as slugs. */
  names: string[];
  /** It is the plain open one: where none of the names exists, the state in which issues begin will do. */
  isPlain: boolean;
  /** What tells it where the tracker has no such state; null for what needs no label. */
  label: LabelDraft | null;
}

export interface ChangedIssue {
  id: string;
  updatedAt: number;
}

/**
 * One place in a tracker where issues are made: a repository, a project, a team.
 *
 * Every method throws only `IntegrationError`. `id` is `IssueSnapshot.id`. All methods but `createIssue` and
 * `addComment` may be repeated without harm.
 */
export interface Tracker {
  /** Where a read-back would start: the newest issue known now, in the adapter's own notation. */
  floor(): Promise<string>;
  createIssue(draft: IssueDraft): Promise<IssueSnapshot>;
  /** The read-back after an unknown create. Null means: not to be seen now, which is not yet absence. */
  findIssue(search: IssueSearch): Promise<IssueSnapshot | null>;
  /**
   * Every issue here that carries the marker and was made by our account, oldest first; `floor` says nothing here.
   * Whoever copies the text of an issue copies the marker, so what others made is left out.
   */
  findDuplicateIssues(search: IssueSearch): Promise<IssueSnapshot[]>;
  /** Read through, never from a search index. Null when deleted, moved out of sight, or hidden. */
  readIssue(id: string): Promise<IssueSnapshot | null>;
  /**
   * Issues changed since the cursor (null: from `now` on), at a cost that grows with changes only. Overlaps:
   * the same issue may come again.
   */
  listChanges(cursor: string | null, now: number): Promise<{ changed: ChangedIssue[]; cursor: string }>;
  /**
   * Reads issues through to see whether they are there and when they changed last; 100 ids at most. What is missing
   * from the answer is deleted, moved out of sight, or hidden.
   */
  readBatch(ids: string[]): Promise<ChangedIssue[]>;
  /** Comments that people made at or after `since`, oldest first; our own are left out. */
  listComments(id: string, since: number): Promise<IssueComment[]>;
  addComment(id: string, draft: CommentDraft): Promise<void>;
  /** Whether `addComment` with this draft took effect. */
  findComment(id: string, draft: CommentDraft): Promise<boolean>;
  editIssue(id: string, edit: IssueEdit): Promise<IssueSnapshot>;
  reopenIssue(id: string): Promise<IssueSnapshot>;
  /** @param canonical id of the issue that a duplicate repeats */
  closeIssue(id: string, kind: IssueClosure['kind'], canonical?: string): Promise<IssueSnapshot>;
  /**
   * Makes each of two issues point to the other.
   *
   * @param other id of the other issue, or its key
   */
  linkIssues(id: string, other: string): Promise<void>;
  /** A new issue under another. As with `createIssue`, an unknown outcome is looked up, never repeated. */
  addSubIssue(parent: string, draft: IssueDraft): Promise<IssueSnapshot>;
  /** Why `readIssue` shows nothing. */
  findWhereabouts(id: string): Promise<Whereabouts>;
  /** Who may read issues here, read anew. Unknown counts as public. */
  visibility(): Promise<'public' | 'private' | 'unknown'>;
  /** What is wrong with credentials, permissions, labels, fields, people and clocks. Changes nothing. */
  check(request: CheckRequest): Promise<CheckFinding[]>;
}

/** What an adapter is given. It reaches the world through nothing else. */
export interface TrackerDeps {
  fetch: Fetch;
  /** The vendor's base address from the deployment's settings. */
  baseUrl: string;
  /** Milliseconds before the first retry of a read inside one call; 0 in a simulation. */
  retryMs: number;
}

/** How one vendor signs its webhooks. Nothing in them is believed: they only say that a poll is worth it now. */
export interface TrackerHook<Settings = unknown> {
  /** Name of the secret that they are signed with; null where the settings name none. */
  secret(settings: Settings): string | null;
  /**
   * The delivery's own id, which stays the same when it is sent again; null when it is not genuine, or too old.
   *
   * @param now our own clock, milliseconds UTC
   */
  verify(
    hook: { body: Uint8Array; headers: Record<string, string> },
    secrets: string[],
    now: number,
  ): Promise<string | null>;
}

/** One vendor. `secrets` names the settings that hold names of secrets. */
export interface TrackerDefinition<Settings = unknown> {
  kind: string;
  title: string;
  settings: z.ZodType<Settings>;
  /** The deployment setting with the vendor's base address, and its default. */
  baseUrl: { variable: string; fallback: string };
  /** How fast it may be called. */
  rateLimit: RateLimit;
  webhook: TrackerHook<Settings>;
  /** What cannot exist there, or cannot be promised, in one sentence each, for whoever sets it up. */
  cannot: string[];
  /** How many issues `lookAt` is asked for after each poll. */
  rechecksPerPoll: number;
  /** Which account field of a person belongs to this tracker is its `kind`. */
  secrets(settings: Settings): string[];
  /** The SDK is loaded here, not before. `secret` gives the value of a named secret. */
  create(settings: Settings, deps: TrackerDeps & { secret(name: string): string }): Promise<Tracker>;
}
