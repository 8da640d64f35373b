import type { Share } from '../base/share.ts';
import type { ClosureWarning } from '../loop/closure-warnings.ts';
import type { LoopSums } from '../loop/loop-report.ts';

/* Follow-ups, mails and reports as outside programs and pages get them. Times are ISO 8601 in UTC. */

export interface FollowUpJson {
  id: string;
  case: string;
  /** Customer key; null for a closer survey. */
  customer: string | null;
  /** Person of the workspace; null for a customer. */
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

/** The contact ledger of one person: every mail, also those that were skipped, with the reason. */
export interface LedgerJson {
  keys: string[];
  hasOptedOut: boolean;
  /** Whether the address bounced permanently, so that it gets no more mail. */
  isUndeliverable: boolean;
  /** End of the quarantine for first follow-ups; null without one. */
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
  /** The provider's later report about the mail. */
  fate: 'delivered' | 'bounced' | 'complained' | null;
  why: string | null;
}

export interface SurveyPage {
  language: string;
  state: 'open' | 'closed';
  kind: 'customer' | 'closer';
  workspaceName: string;
  title: string;
  intro: string;
  thanks: string;
  /** Empty where only further cases of the same mail are open. */
  questions: SurveyPageQuestion[];
  /** Further cases of the same mail. Ids of questions are unique on the page. */
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

/** Verdicts and closings, summed over a period. */
export interface LoopReportJson extends LoopSums {
  days: number;
  from: string;
  to: string;
  opened: number;
  followedUp: Share;
  reopened: Share;
  /** Re-surveys per rule, and the share of answers that say the problem is solved. */
  resurveys: { rule: string; hadCase: boolean; asked: number; resolved: Share }[];
  review: {
    id: string;
    handle: string;
    category: string;
    generation: number;
    at: string;
    warnings: ClosureWarning[];
  }[];
}

/** A later repetition of a survey for one respondent. */
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
