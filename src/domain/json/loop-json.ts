import * as z from 'zod';
import { apiObject, each, orNull } from '../base/api-object.ts';
import { Share } from '../base/share.ts';
import { ClosureWarning } from '../loop/closure-warnings.ts';
import { VerdictAndBlockerSums } from '../loop/loop-report.ts';

/* Follow-ups, mails and reports as outside programs and pages get them. Times are ISO 8601 in UTC. */

const asked = { id: z.string(), why: z.string(), dueAt: z.string(), sentAt: orNull };
const answered = { ...asked, answeredAt: orNull, answers: z.record(z.string(), z.string()).nullable() };

export const FollowUpJson = apiObject('FollowUp', {
  ...answered,
  case: z.string(),
  customer: orNull.describe('Customer key; null for a closer survey'),
  person: orNull.describe('Person of the workspace; null for a customer'),
  generation: z.int(),
  kind: z.enum(['customer', 'closer']),
  state: z.enum(['due', 'sent', 'skipped', 'answered', 'expired']),
});
export type FollowUpJson = z.output<typeof FollowUpJson>;

/** Whether an answer came so soon that a person decides whether it counts; also when the time for answers is over. */
export const isAnswerToCheck = ({ state, answers }: Pick<FollowUpJson, 'state' | 'answers'>): boolean =>
  state !== 'answered' && answers !== null;

export const FollowUpRow = FollowUpJson.extend({
  handle: z.string(),
  name: orNull.describe('Name of the customer'),
  category: z.string(),
  assignee: orNull,
  loopOwner: orNull,
}).meta({ id: 'FollowUpRow' });
export type FollowUpRow = z.output<typeof FollowUpRow>;

export const MailJson = apiObject('Mail', {
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
    .describe('The provider’s later report about the mail'),
  why: orNull,
});
export type MailJson = z.output<typeof MailJson>;

/** How a mail fared, in words. */
export const mailStateTexts: Record<MailJson['state'] | NonNullable<MailJson['fate']>, string> = {
  intent: 'being sent',
  sent: 'sent',
  refused: 'not sent',
  unknown: 'delivery unknown',
  delivered: 'delivered',
  bounced: 'could not be delivered',
  complained: 'reported as unwanted',
};

export const CaseMessageJson = apiObject('CaseMessage', {
  id: z.string(),
  at: z.string(),
  kind: z
    .string()
    .describe(
      'follow-up, reminder, personal, receipt, notice, tracker, page, note, call, reply, other-reply or automatic-reply',
    ),
  who: orNull.describe('Author, sender of a reply, or the readers of a notice'),
  title: orNull.describe('Subject of a mail, or headline of a notice'),
  text: orNull.describe('Text without personal links; null once it is erased'),
  state: orNull.describe('How a mail fared; whether a comment was edited or deleted'),
});
export type CaseMessageJson = z.output<typeof CaseMessageJson>;

export const ResurveyJson = apiObject('Resurvey', {
  ...answered,
  ...each(['rule', 'response', 'customer'], z.string()),
  state: z.enum(['due', 'sent', 'skipped', 'answered']),
});
export type ResurveyJson = z.output<typeof ResurveyJson>;

export const InvitationJson = apiObject('Invitation', {
  ...asked,
  ...each(['rule', 'event', 'customer', 'eventAt'], z.string()),
  state: z.enum(['due', 'sent', 'skipped']),
});
export type InvitationJson = z.output<typeof InvitationJson>;

export const ReportedSurveyJson = apiObject('ReportedSurvey', {
  survey: z.string().describe('Source of the workspace file, or another name'),
  form: orNull,
  at: z.string().describe('When another tool sent it, or is to send it'),
});
export type ReportedSurveyJson = z.output<typeof ReportedSurveyJson>;

export const LedgerJson = apiObject('Ledger', {
  keys: z.array(z.string()),
  hasOptedOut: z.boolean(),
  isUndeliverable: z.boolean().describe('Whether the address bounced permanently, so that it gets no more mail'),
  quarantineUntil: orNull.describe('End of the quarantine for first follow-ups; null without one'),
  followUps: z.array(FollowUpRow),
  mails: z.array(MailJson),
  resurveys: z.array(ResurveyJson),
  invitations: z.array(InvitationJson),
  surveys: z.array(ReportedSurveyJson).describe('Surveys that other tools sent'),
});
export type LedgerJson = z.output<typeof LedgerJson>;

export const LoopReportJson = VerdictAndBlockerSums.extend({
  days: z.int(),
  from: z.string(),
  to: z.string(),
  resurveys: z
    .array(z.object({ rule: z.string(), hadCase: z.boolean(), asked: z.int(), resolved: Share }))
    .describe('Re-surveys per rule, and the share of answers that say the problem is solved'),
  review: z.array(
    z.object({
      ...each(['id', 'handle', 'category'], z.string()),
      generation: z.int(),
      at: z.string(),
      warnings: z.array(ClosureWarning),
    }),
  ),
});
export type LoopReportJson = z.output<typeof LoopReportJson>;
