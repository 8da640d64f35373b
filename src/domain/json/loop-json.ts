import * as z from 'zod';
import type { Share } from '../base/share.ts';
import type { ClosureWarning } from '../loop/closure-warnings.ts';
import type { LoopSums } from '../loop/loop-report.ts';

/*
 * Who was asked and told, and what came of it, as JSON and for the pages. Times are ISO 8601 in UTC.
 */

const orNull = z.string().nullable();
const answers = z.record(z.string(), z.string()).nullable();

export const FollowUpJson = z
  .object({
    id: z.string(),
    case: z.string(),
    customer: orNull.describe("The customer's key; null for a closer survey"),
    person: orNull.describe('The person of the workspace who is asked; null for a customer'),
    generation: z.int(),
    kind: z.enum(['customer', 'closer']),
    state: z.enum(['due', 'sent', 'skipped', 'answered', 'expired']),
    why: z.string(),
    dueAt: z.string(),
    sentAt: orNull,
    answeredAt: orNull,
    answers,
  })
  .meta({ id: 'FollowUp' });
export type FollowUpJson = z.output<typeof FollowUpJson>;

/** A follow-up in a list over all cases. */
export const FollowUpRow = FollowUpJson.extend({
  handle: z.string(),
  category: z.string(),
  assignee: orNull,
  loopOwner: orNull,
}).meta({ id: 'FollowUpRow' });
export type FollowUpRow = z.output<typeof FollowUpRow>;

export const MailJson = z
  .object({
    id: z.string(),
    to: z.string(),
    case: orNull,
    kind: z.string(),
    subject: z.string(),
    state: z.enum(['intent', 'sent', 'refused', 'unknown']),
    at: z.string(),
    provider: orNull,
    fate: z
      .enum(['delivered', 'bounced', 'complained'])
      .nullable()
      .describe('What the provider told of it later'),
    why: orNull.describe('Why it did not leave'),
  })
  .meta({ id: 'Mail' });
export type MailJson = z.output<typeof MailJson>;

/** Somebody who answered a survey is asked again, some time later. */
export const ResurveyJson = z
  .object({
    id: z.string(),
    rule: z.string(),
    response: z.string(),
    customer: z.string(),
    state: z.enum(['due', 'sent', 'skipped', 'answered']),
    why: z.string(),
    dueAt: z.string(),
    sentAt: orNull,
    answeredAt: orNull,
    answers,
  })
  .meta({ id: 'Resurvey' });
export type ResurveyJson = z.output<typeof ResurveyJson>;

export const InvitationJson = z
  .object({
    id: z.string(),
    rule: z.string(),
    event: z.string(),
    customer: z.string(),
    eventAt: z.string(),
    dueAt: z.string(),
    state: z.enum(['due', 'sent', 'skipped']),
    why: z.string(),
    sentAt: orNull,
  })
  .meta({ id: 'Invitation' });
export type InvitationJson = z.output<typeof InvitationJson>;

/** Everything that asked or told one person, or was to, and why not. */
export const LedgerJson = z
  .object({
    keys: z.array(z.string()),
    hasOptedOut: z.boolean(),
    isUndeliverable: z.boolean().describe('Mail to the address came back for good, and no more of it leaves'),
    quarantineUntil: orNull.describe('Until when no first follow-up leaves'),
    followUps: z.array(FollowUpRow),
    mails: z.array(MailJson),
    resurveys: z.array(ResurveyJson),
    invitations: z.array(InvitationJson),
  })
  .meta({ id: 'Ledger' });
export type LedgerJson = z.output<typeof LedgerJson>;

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
