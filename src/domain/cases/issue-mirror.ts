import type * as port from '#domain/integrations/index.ts';
import type { SharedFields, WrittenIssueFields } from './ownership.ts';

export interface IssueMirror {
  tracker: string;
  /** `null` until the issue is made. */
  issue: MirroredIssue | null;
  formerIssues: FormerIssue[];
  editHistory: IssueEditHistory | null;
  unconfirmedWrites: WrittenIssueFields[] | null;
  /** Reads in a row without the issue; `null` while it is readable. */
  missedIssueReads: port.MissedIssueReads | null;
  /** Time of the next search for duplicate issues; `null` while none is needed. */
  duplicateSearchDueAt: number | null;
  commentsSeenUntil: number;
}

export type FormerIssue = { tracker: string; id: string; key: string; url: string; isAdopted?: boolean };

export interface MirroredIssue {
  id: string;
  key: string;
  url: string;
  state: 'open' | 'closed';
  labels: string[];
  updatedAt: number;
  readAt: number;
  /** Fields that people and Caselite both write, as last read; `null` before the first full read. */
  sharedFields: SharedFields | null;
  comments: number;
  /** Condition that needs a person; `null` while the issue is in its place. */
  trouble: port.Trouble | null;
}

/** Limits that keep Caselite and people from undoing each other's edits without end. */
export type IssueEditHistory = Partial<{
  closingsReversedByPolicy: { who: string; at: number; closing: ObservedClosing }[];
  restorationTimes: number[];
  hasStoppedRestoring: boolean;
  keepsPersonTitle: boolean;
  /** A person made the issue: its title and text stay theirs, and Caselite adds its marker only. */
  isAdopted: boolean;
  fieldsDroppedByTracker: string[];
}>;

export type ObservedClosing = Pick<port.IssueSnapshot, 'closure' | 'key' | 'status' | 'updatedAt'>;
