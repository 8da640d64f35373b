import * as z from 'zod';
import type { HookRegistrar } from './hook-registrar.ts';
import type * as issues from './issue.ts';

/* Port to a repository, a project or a team; each `id` is an `IssueSnapshot.id`, each error an `IntegrationError`. */

interface IssueWriter {
  /** Start of a read-back: the newest issue known now, in the adapter's own notation. Safe to repeat. */
  floor(): Promise<string>;
  /** Never repeated after an unknown outcome, before `findIssue` has looked for the issue. */
  createIssue(draft: issues.IssueDraft): Promise<issues.IssueSnapshot>;
  /** The read-back after an unknown create. Null means not visible yet, which proves no absence. Safe to repeat. */
  findCreatedIssue(search: issues.ReadBackSearch): Promise<issues.IssueSnapshot | null>;
  /** Safe to repeat. A repeat overwrites changes that people made in between. */
  editIssue(id: string, edit: issues.IssueEdit): Promise<issues.IssueSnapshot>;
  /** Closes an issue, safe to repeat; `canonical` is the issue that a duplicate repeats. */
  closeIssue(id: string, kind: issues.IssueClosure['kind'], canonical?: string): Promise<issues.IssueSnapshot>;
  /** Safe to repeat: an open issue stays as it is. */
  reopenIssue(id: string): Promise<issues.IssueSnapshot>;
  /** An issue under another one; where the place has none, a refusal turns the steps of a plan into check boxes. As `createIssue`. */
  addSubIssue(parent: string, draft: issues.IssueDraft): Promise<issues.IssueSnapshot>;
  /** Makes two issues point to each other, safe to repeat; `other` is an id or a key. After a refusal, a comment names it. */
  linkIssues(id: string, other: string): Promise<void>;
  /** Deletes an issue, safe to repeat. Without it, closing must do. */
  deleteIssue?(id: string): Promise<void>;
}

/** Reads issues. Every method is safe to repeat. */
export interface IssueReader {
  /** Reads from the issue itself, never from a search index. Null for deleted, moved and hidden issues. */
  readIssue(id: string): Promise<issues.IssueSnapshot | null>;
  /** Existence and last change of at most 100 issues, read from themselves; deleted and hidden ones are missing. */
  readUpdateTimes(ids: string[]): Promise<issues.ChangedIssue[]>;
  /** Issues changed since the cursor, null for `now`; answers overlap, so that an issue may come again. */
  listChanges(cursor: string | null, now: number): Promise<{ changed: issues.ChangedIssue[]; cursor: string }>;
  /** Issues with the marker that our account made, oldest first: a copied text contains the marker too. */
  listOwnIssuesWithMarker(search: issues.ReadBackSearch): Promise<issues.IssueSnapshot[]>;
  /** Reason why `readIssue` shows nothing. */
  findWhyUnreadable(id: string): Promise<issues.Whereabouts>;
}

export interface IssueCommenter {
  /** Comments of people at or after `since`, oldest first, without our own. Safe to repeat. */
  listComments(id: string, since: number): Promise<issues.IssueComment[]>;
  /** Never repeated after an unknown outcome, before `findComment` has looked for the comment. */
  addComment(id: string, draft: issues.CommentDraft): Promise<void>;
  /** Whether `addComment` with this draft took effect. Safe to repeat. */
  hasComment(id: string, draft: issues.CommentDraft): Promise<boolean>;
}

/** Tests of the set-up. Every method is safe to repeat. */
export interface SetUpCheck {
  /** Who may read issues, read anew. Unknown counts as public, and so does a refusal. */
  visibility(): Promise<'public' | 'private' | 'unknown'>;
  /** Problems of credentials, permissions, labels, fields, people and clocks. Changes nothing. */
  check(request: SetUpCheckRequest): Promise<SetUpFinding[]>;
}

export interface Tracker extends IssueWriter, IssueReader, IssueCommenter, SetUpCheck {
  hooks?: HookRegistrar;
}

interface SetUpCheckRequest {
  accounts: string[];
  labels: issues.LabelDraft[];
  options?: Record<string, unknown>[];
  /** Our own clock, milliseconds UTC. */
  now: number;
}

export const SetUpFinding = z.object({
  about: z.enum(['credentials', 'permissions', 'place', 'labels', 'fields', 'workflow', 'people', 'clock']),
  blocking: z.boolean(),
  message: z.string(),
  remedy: z.string(),
});
export type SetUpFinding = z.output<typeof SetUpFinding>;
