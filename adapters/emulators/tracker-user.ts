/** A person's hands in an emulated tracker: what somebody at the keyboard could see and do there. */

export interface SeenIssue {
  id: string;
  key: string;
  url: string;
  title: string;
  /** Account of whoever made it. */
  author: string;
  /** Plain text or Markdown, as a person would read it. */
  body: string;
  state: 'open' | 'closed';
  /** The tracker's own word for why it was closed. */
  reason: string | null;
  labels: string[];
  assignee: string | null;
  dueDate: string | null;
  priority: string | null;
  comments: { author: string; text: string; at: string }[];
}

/** What somebody changes on an issue; what is left out stays. */
export interface TrackerUserEdit {
  title?: string;
  addLabels?: string[];
  removeLabels?: string[];
  /** Rank of the tracker's own priority, 1 to 4; GitHub's repositories have none. */
  severity?: 1 | 2 | 3 | 4;
  dueDate?: string;
  /** The whole text anew. */
  body?: string;
  /** An account; null takes everybody off. */
  assignee?: string | null;
}

export interface TrackerUser {
  kind: string;
  /** Accounts a person may act as. */
  people: string[];
  list(): Promise<SeenIssue[]>;
  /** @param original key of the issue that a duplicate repeats */
  close(
    key: string,
    as: string,
    kind?: 'completed' | 'not-planned' | 'duplicate',
    original?: string,
  ): Promise<void>;
  reopen(key: string, as: string): Promise<void>;
  comment(key: string, as: string, text: string): Promise<void>;
  edit(key: string, as: string, change: TrackerUserEdit): Promise<void>;
  /** Makes a new issue of one's own with all that can be copied from another, whatever is hidden in it. */
  copy(key: string, as: string): Promise<void>;
}
