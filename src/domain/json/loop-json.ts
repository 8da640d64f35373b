import type { Share } from '../base/share.ts';
import type { ClosureWarning } from '../loop/closure-warnings.ts';
import type { LoopSums } from '../loop/loop-report.ts';

/*
 * Who was asked and told, and what came of it, as JSON and for the pages. Times are ISO 8601 in UTC.
 */

export interface FollowUpJson {
  id: string;
  case: string;
  /** The customer's key; null for a closer survey. */
  customer: string | null;
  /** The person of the workspace who is asked; null for a customer. */
  person: string | null;
  generation: number;
  kind: 'customer' | 'closer';
  state: 'due' | 'sent' | 'skipped' | 'answered' | 'expired';
  why: string;
  dueAt: string;
  sentAt: string | null;
  answeredAt: string | null;
  answers: Record<string, string> | null;
}

/** A follow-up in a list over all cases. */
export interface FollowUpRow extends FollowUpJson {
  handle: string;
  category: string;
  assignee: string | null;
  loopOwner: string | null;
}

/** Everything that asked or told one person, or was to, and why not. */
export interface LedgerJson {
  keys: string[];
  hasOptedOut: boolean;
  /** Mail to the address came back for good, and no more of it leaves. */
  isUndeliverable: boolean;
  /** Until when no first follow-up leaves; null while none counts. */
  quarantineUntil: string | null;
  followUps: FollowUpRow[];
  mails: MailJson[];
  resurveys: ResurveyJson[];
  invitations: InvitationJson[];
}

export interface MailJson {
  id: string;
  to: string;
  case: string | null;
  kind: string;
  subject: string;
  state: 'intent' | 'sent' | 'refused' | 'unknown';
  at: string;
  provider: string | null;
  /** What the provider told of it afterwards. */
  fate: 'delivered' | 'bounced' | 'complained' | null;
  /** Why it did not leave. */
  why: string | null;
}

/** What a survey page needs: the wording is filled in already. */
export interface SurveyPage {
  /** A BCP 47 tag. */
  language: string;
  state: 'open' | 'closed';
  kind: 'customer' | 'closer';
  workspaceName: string;
  title: string;
  intro: string;
  thanks: string;
  /** None where only further cases of the same mail are open. */
  questions: SurveyPageQuestion[];
  /** Further cases that the same mail asks about. The ids of their questions are unlike those of all others. */
  more: { about: string; done: string; questions: SurveyPageQuestion[] }[];
  given: Record<string, string>;
}

export interface SurveyPageQuestion {
  id: string;
  type: 'choice' | 'scale' | 'text';
  label: string;
  required: boolean;
  options: { value: string; label: string }[];
  ends: [string, string] | null;
}

/** Whether loops were really closed, in sum over a period. */
export interface LoopReportJson extends LoopSums {
  days: number;
  from: string;
  to: string;
  /** Cases opened in the period. */
  opened: number;
  /** Of these, the share whose customer somebody was in touch with. */
  followedUp: Share;
  reopened: Share;
  /** Who was asked again some time later, and of those who answered, for how many it is resolved. */
  resurveys: { rule: string; hadCase: boolean; asked: number; resolved: Share }[];
  /** Closings that should be looked at, and why. */
  review: {
    id: string;
    handle: string;
    category: string;
    generation: number;
    at: string;
    warnings: ClosureWarning[];
  }[];
}

/** Somebody who answered a survey is asked again, some time later. */
export interface ResurveyJson {
  id: string;
  rule: string;
  response: string;
  customer: string;
  state: 'due' | 'sent' | 'skipped' | 'answered';
  why: string;
  dueAt: string;
  sentAt: string | null;
  answeredAt: string | null;
  answers: Record<string, string> | null;
}

export interface InvitationJson {
  id: string;
  rule: string;
  event: string;
  customer: string;
  eventAt: string;
  dueAt: string;
  state: 'due' | 'sent' | 'skipped';
  why: string;
  sentAt: string | null;
}
