import type { SqlValue } from '#domain/base/ports.ts';
import type { ClosingReason, Loop } from '#domain/cases/case.ts';
import type { Seen, Written } from '#domain/cases/ownership.ts';
import type { MissingSince, Trouble } from '#domain/integrations/issue-trouble.ts';
import type { IssueSnapshot } from '#domain/integrations/tracker.ts';
import type { Gate } from '#domain/settings/gate.ts';
import type { CaseClock } from '#domain/time/clock.ts';
import { fieldsOf } from './fields.ts';
import type { Written as WrittenText } from './strategic.ts';

export interface Case {
  number: number;
  id: string;
  problemKey: string;
  template: string;
  settingsVersion: number;
  kind: 'tactical' | 'strategic';
  /** A task is one light issue: nobody is asked after it. */
  action: 'task' | 'case';
  /** Null for a strategic case, which stands for many customers. */
  customerKey: string | null;
  /** Address given by whoever opened the case by hand, empty for none; null for a case that a response opened. */
  handAddress: string | null;
  tier: string | null;
  revenue: number | null;
  category: string;
  severity: string;
  severityRank: 1 | 2 | 3 | 4;
  status: string;
  loop: Loop;
  generation: number;
  openedAt: number;
  dueAt: number;
  dueWhy: string[];
  /** What the due time is computed from; null for a case of before there were clocks. */
  clock: CaseClock | null;
  firstContactDueAt: number | null;
  /** Which conditions of the template held. */
  openedWhy: string[];
  firstContactAt: number | null;
  resolvedAt: number | null;
  closingReason: ClosingReason | null;
  /** Why it was closed so, as the team wrote it for itself; no customer reads it. */
  closingNote: string | null;
  /** Why it was declined, as a person wrote it for the customer. */
  explanation: string | null;
  /** What was done, as a person wrote it for the customers of one closing. */
  whatChanged: WrittenText | null;
  /** Id of the case that this one repeats. */
  duplicateOf: string | null;
  /** What asking the customers of this closing waits for; null where nothing has to be waited for. */
  gate: Gate | null;
  /** How often its customers disputed a closing. */
  disputes: number;
  team: string;
  assignee: string | null;
  loopOwner: string | null;
  /** The person who closed the issue in this generation, where known. */
  closer: string | null;
  overdue: boolean;
  /** Why a person has to look at it; null while all goes by itself. */
  needsPerson: string | null;
  /** Which run of the escalation ladder this is: a reopening, or a new goal after the old one was missed, starts the next. */
  ladder: number;
  /** Somebody said "I have it" since the last step of the ladder. */
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
  /** Until when the ladder rests by somebody's wish. */
  snoozedUntil: number | null;
  /** A closing that was asked for through Caselite and that the tracker has not shown yet. */
  closing: ClosingIntent | null;
  /** What is wrong with the way it was closed, by the close policy. */
  closingFlag: string | null;
  rootCause: string | null;
  guard: Guard | null;
  tracker: string;
  issue: {
    id: string;
    key: string;
    url: string;
    state: 'open' | 'closed';
    labels: string[];
    updatedAt: number;
    /** When it was last read from the tracker, by our clock. */
    readAt: number;
    /** What it showed then; null for one linked before this was kept. */
    seen: Seen | null;
    /** Comments in the tracker, whoever wrote them. */
    comments: number;
    /** What is wrong with it; null while it is in its place. */
    trouble: Trouble | null;
  } | null;
  /** Calls of ours that wrote fields of the issue, and whose end is not sure. */
  written: Written[] | null;
  /** Looks in a row that did not find the issue; null while it is there. */
  lost: MissingSince | null;
  /** When the tracker is next asked for duplicate issues of the issue; null while there is nothing to ask. */
  duplicatesDueAt: number | null;
  commentsSeenAt: number;
}

export interface ClosingIntent {
  who: string;
  kind: 'completed' | 'not-planned' | 'duplicate';
  note: string | null;
}

/** What keeps Caselite and people from undoing each other's work over and over. */
export interface Guard {
  /** Closings that were undone by the close policy. */
  enforced: { who: string; at: number; closing: ClosingSeen }[];
  /** When fields of Caselite's own were put back. */
  restored: number[];
  /** It gave in: the labels that people keep taking off are left alone. */
  gaveIn: boolean;
  /** Accounts that were told once that they are not obeyed. */
  told: string[];
  /** A person gave the issue another title, which stays. */
  titled: boolean;
  /** What the tracker did not take, although it was sent twice. */
  missing: string[];
}

/** A closing as a tracker showed it. */
export type ClosingSeen = Pick<IssueSnapshot, 'closure' | 'key' | 'status' | 'updatedAt'>;

export const noGuard: Guard = {
  enforced: [],
  restored: [],
  gaveIn: false,
  told: [],
  titled: false,
  missing: [],
};

/** `C-17`: what people and trackers call a case. */
export const handleOf = (found: { number: number }): string => `C-${found.number}`;

/** Everything of a case that stands in one column; a new field is one line here and one in `Case`. */
export const caseFields = fieldsOf<Omit<Case, 'issue'>>({
  number: 'number',
  id: 'id',
  problemKey: 'problem_key',
  template: 'template',
  settingsVersion: 'settings_version',
  kind: 'kind',
  action: 'action',
  customerKey: 'customer_key',
  handAddress: 'hand_address',
  tier: 'tier',
  revenue: 'revenue',
  category: 'category',
  severity: 'severity',
  severityRank: 'severity_rank',
  status: 'status',
  loop: 'loop',
  generation: 'generation',
  openedAt: 'opened_at',
  dueAt: 'due_at',
  dueWhy: ['due_why', 'json'],
  clock: ['clock', 'json'],
  firstContactDueAt: 'first_contact_due_at',
  openedWhy: ['opened_why', 'json'],
  firstContactAt: 'first_contact_at',
  resolvedAt: 'resolved_at',
  closingReason: 'closing_reason',
  closingNote: 'closing_note',
  explanation: 'explanation',
  whatChanged: ['what_changed', 'json'],
  duplicateOf: 'duplicate_of',
  gate: ['gate', 'json'],
  disputes: 'disputes',
  team: 'team',
  assignee: 'assignee',
  loopOwner: 'loop_owner',
  closer: 'closer',
  overdue: ['overdue', 'flag'],
  needsPerson: 'needs_person',
  ladder: 'ladder',
  acknowledgedAt: 'acknowledged_at',
  acknowledgedBy: 'acknowledged_by',
  snoozedUntil: 'snoozed_until',
  closing: ['closing', 'json'],
  closingFlag: 'closing_flag',
  rootCause: 'root_cause',
  guard: ['guard', 'json'],
  tracker: 'tracker',
  written: ['issue_written', 'json'],
  lost: ['issue_lost', 'json'],
  duplicatesDueAt: 'duplicates_due_at',
  commentsSeenAt: 'comments_seen_at',
});

export const issueFields = fieldsOf<NonNullable<Case['issue']>>({
  id: 'issue_id',
  key: 'issue_key',
  url: 'issue_url',
  state: 'issue_state',
  labels: ['issue_labels', 'json'],
  updatedAt: 'issue_updated_at',
  readAt: 'issue_read_at',
  seen: ['issue_seen', 'json'],
  comments: 'issue_comments',
  trouble: ['issue_trouble', 'json'],
});

export type CaseRow = Record<string, SqlValue>;

export const toCase = (row: CaseRow): Case => ({
  ...caseFields.read(row),
  issue: row.issue_id === null ? null : issueFields.read(row),
});

export type NewCase = Omit<
  Case,
  | 'number'
  | 'generation'
  | 'resolvedAt'
  | 'closingReason'
  | 'closingNote'
  | 'explanation'
  | 'whatChanged'
  | 'duplicateOf'
  | 'gate'
  | 'disputes'
  | 'closer'
  | 'overdue'
  | 'needsPerson'
  | 'issue'
  | 'closing'
  | 'closingFlag'
  | 'rootCause'
  | 'guard'
  | 'written'
  | 'lost'
  | 'duplicatesDueAt'
  | 'commentsSeenAt'
  | 'firstContactAt'
  | 'ladder'
  | 'acknowledgedAt'
  | 'acknowledgedBy'
  | 'snoozedUntil'
>;
