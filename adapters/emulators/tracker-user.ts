/** A person in an emulated tracker: possible actions, and the issues as shown there. */

export interface SeenIssue {
  id: string;
  key: string;
  url: string;
  title: string;
  /** Account of the creator. */
  author: string;
  /** Plain text or Markdown, as shown to a person. */
  body: string;
  state: 'open' | 'closed';
  /** The tracker's own name of the closing reason. */
  reason: string | null;
  labels: string[];
  assignee: string | null;
  dueDate: string | null;
  priority: string | null;
  comments: { author: string; text: string; at: string }[];
}

/** A person's changes to an issue; fields left out stay as they are. */
export interface TrackerUserEdit {
  title?: string;
  addLabels?: string[];
  removeLabels?: string[];
  /** Rank of the tracker's own priority, 1 to 4; GitHub repositories have none. */
  severity?: 1 | 2 | 3 | 4;
  dueDate?: string;
  /** The whole new text. */
  body?: string;
  /** An account; null removes all assignees. */
  assignee?: string | null;
}

export interface TrackerUser {
  kind: string;
  /** Accounts that a person may use. */
  people: string[];
  list(): Promise<SeenIssue[]>;
  /** @param original key of the issue that a duplicate repeats */
  close(key: string, as: string, kind?: 'completed' | 'not-planned' | 'duplicate', original?: string): Promise<void>;
  reopen(key: string, as: string): Promise<void>;
  comment(key: string, as: string, text: string): Promise<void>;
  /** Changes the oldest comment of people, or deletes it; only trackers in memory can. */
  rewrite?(key: string, text: string | null): Promise<void>;
  edit(key: string, as: string, change: TrackerUserEdit): Promise<void>;
  /** Creates an issue of their own. @returns its key */
  open(as: string, title: string, body: string): Promise<string>;
  /** Creates a new issue with everything that can be copied from another, including its hidden parts. */
  copy(key: string, as: string): Promise<void>;
}
