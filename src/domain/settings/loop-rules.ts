import * as z from 'zod';
import { Slug } from '../base/names.ts';
import { Duration, Rate, Span } from '../time/duration.ts';
import { AskAfter } from './gate.ts';

/* When customers are asked and informed. */

export const FollowUpPolicy = z.strictObject({
  survey: Slug.default('recovery'),
  'closer-survey': Slug.default('closer'),
  delay: Duration.prefault('1 day'),
  reminder: Span.prefault('5 days'),
  window: Span.prefault('14 days'),
  quarantine: Duration.prefault('30 days'),
  /** Rate limit of follow-ups for a strategic closing. */
  batch: Rate.prefault('100 per hour'),
  /** Survey that tells customers why a case was declined. */
  'explained-survey': Slug.default('explained'),
  /** Age of a response after which its respondent is no longer asked. */
  oldest: Duration.prefault('30 days'),
  'ask-after': AskAfter.optional(),
  /** How long a follow-up waits for its gate before a person decides. */
  'longest-wait': Duration.prefault('60 days'),
  /** The follow-up waits until the loop owner has written to the customer. */
  'require-personal-message': z.boolean().default(false),
  'on-dispute': z.enum(['reopen', 'decide']).default('reopen'),
});

/** A survey invitation a set time after an event. Wordings are Liquid. */
export const InvitationRule = z.strictObject({
  on: z.strictObject({ source: Slug, event: z.string().min(1) }),
  after: Duration,
  /** Address of the survey, such as https://form.example/to/abc#customer={{ customer.key | url_encode }}. */
  link: z.string().regex(/^https:\/\/\S/, 'must be an address that begins with https://'),
  subject: z.string().min(1).max(200),
  text: z.string().min(1).max(5000),
  button: z.string().min(1).max(80),
});

/** A later repetition of a survey for its respondents. */
export const ResurveyRule = z.strictObject({
  source: z.union([Slug, z.array(Slug).min(1)]).transform((entry) => (Array.isArray(entry) ? entry : [entry])),
  survey: Slug.default('resurvey'),
  after: Duration.prefault('14 days'),
  share: z.number().min(0).max(1).default(1),
  /** Categories of cases whose respondents are all asked. */
  first: z.array(z.string()).default([]),
});

export type InvitationRule = z.output<typeof InvitationRule>;
