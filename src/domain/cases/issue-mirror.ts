import type { IssueSnapshot } from '../integrations/issue.ts';
import type { MissingSince, Trouble } from '../integrations/issue-trouble.ts';
import type { IssueWrite, SharedFields } from './ownership.ts';

/** The issue of a case as its tracker showed it, and the calls about it that are under way. */
export interface IssueMirror {
  tracker: string;
  /** `null` until the issue is made. */
  issue: MirroredIssue | null;
  issueEditLimits: IssueEditLimits | null;
  /** Own calls that wrote fields of the issue, and whose outcome is not certain. */
  unconfirmedWrites: IssueWrite[] | null;
  /** Reads in a row without the issue; `null` while it is readable. */
  issueMissing: MissingSince | null;
  /** Time of the next search for duplicate issues; `null` while none is needed. */
  duplicatesDueAt: number | null;
  commentsSeenAt: number;
}

/** One issue as its tracker showed it at the last read. */
export interface MirroredIssue {
  id: string;
  key: string;
  url: string;
  state: 'open' | 'closed';
  labels: string[];
  updatedAt: number;
  /** Time of the last read, by the clock of Caselite. */
  readAt: number;
  /** Fields that people and Caselite both write, as last read; `null` before the first full read. */
  sharedFields: SharedFields | null;
  /** Number of comments by all authors. */
  comments: number;
  /** Condition that needs a person; `null` while the issue is in its place. */
  trouble: Trouble | null;
}

/** Limits that keep Caselite and people from undoing each other's edits without end. */
export interface IssueEditLimits {
  /** Closings that the close policy reversed. */
  closingsReversedByPolicy: { who: string; at: number; closing: ClosingSeen }[];
  /** Times at which Caselite restored its own fields. */
  restoredAt: number[];
  /** Caselite leaves the labels alone that people keep removing. */
  hasStoppedRestoring: boolean;
  /** Accounts that already got the hint that their commands are not accepted. */
  notifiedAccounts: string[];
  keepsPersonTitle: boolean;
  /** Values that the tracker dropped from two calls in a row. */
  rejectedFields: string[];
}

export const noIssueEditLimits: IssueEditLimits = {
  closingsReversedByPolicy: [],
  restoredAt: [],
  hasStoppedRestoring: false,
  notifiedAccounts: [],
  keepsPersonTitle: false,
  rejectedFields: [],
};

export type ClosingSeen = Pick<IssueSnapshot, 'closure' | 'key' | 'status' | 'updatedAt'>;
