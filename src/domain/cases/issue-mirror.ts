import type * as port from '#domain/integrations/index.ts';
import type { SharedFields, WrittenIssueFields } from './ownership.ts';

export interface IssueMirror {
  tracker: string;
  issue: MirroredIssue | null;
  formerIssues: FormerIssue[];
  editHistory: IssueEditHistory | null;
  unconfirmedWrites: WrittenIssueFields[] | null;
  missedIssueReads: port.MissedIssueReads | null;
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
  sharedFields: SharedFields | null;
  comments: number;
  trouble: port.Trouble | null;
}

/** Limits that keep Caselite and people from undoing each other's edits without end. */
export interface IssueEditHistory {
  closingsReversedByPolicy: { who: string; at: number; closing: ObservedClosing }[];
  restorationTimes: number[];
  hasStoppedRestoring: boolean;
  accountsWarnedOfCommands: string[];
  keepsPersonTitle: boolean;
  /** A person made the issue: its title and text stay theirs, and Caselite adds its marker only. */
  isAdopted?: boolean;
  fieldsDroppedByTracker: string[];
}

export const emptyIssueEditHistory: IssueEditHistory = {
  closingsReversedByPolicy: [],
  restorationTimes: [],
  hasStoppedRestoring: false,
  accountsWarnedOfCommands: [],
  keepsPersonTitle: false,
  fieldsDroppedByTracker: [],
};

export type ObservedClosing = Pick<port.IssueSnapshot, 'closure' | 'key' | 'status' | 'updatedAt'>;
