import * as z from 'zod';
import { parseWorkingHours, weekdays } from '#domain/time/calendar.ts';
import { reopenGoalRules } from '#domain/time/clock.ts';
import { Duration, Rate, Span } from '#domain/time/duration.ts';
import { HttpsAddress, Line, Names, oneOrMore, Slug, TimeZone } from '../base/names.ts';
import type { CaseEventSettings } from '../integrations/case-event.ts';
import { DeclaredAttributes, Respondent } from './attributes.ts';
import { CaseOptions, ClosePolicy, TeamOptions } from './case-options.ts';
import { AskAfter } from './gate.ts';
import { Notify } from './notice-event.ts';
import { baseTeamFields, type buildPersonSchema, Escalation, Roles, TimeOfDay, WorkspaceQuietHours } from './people.ts';

const goals = { severity: Slug, 'closure-goal': Span, 'first-contact': Span.optional() };

const Tier = z.strictObject({
  ...goals,
  'least-revenue': z.number().nonnegative().optional(),
  calendar: Slug.optional(),
  categories: z.record(z.string(), z.strictObject(goals).partial()).default({}),
});

const WorkspaceCalendar = z.strictObject({
  hours: z
    .string()
    .refine(
      (text) => parseWorkingHours(text) !== null,
      'are not working hours; write for example Mon-Fri 09:00-17:00, Sat 10:00-14:00',
    ),
  holidays: z.array(z.iso.date('is not a date; write for example "2026-12-25"')).default([]),
  'time-zone': TimeZone.optional(),
});

const ClockPolicy = z.strictObject({
  calendar: Slug.optional(),
  'after-reopen': z.enum(reopenGoalRules).default('full goal'),
});

/** Retention of personal data, in milliseconds; none keeps it indefinitely. */
const Retention = z.strictObject({
  deliveries: Duration.optional(),
  people: Duration.optional(),
});

const Polling = z.strictObject({
  every: Duration.prefault('2 minutes'),
  slowest: Duration.optional(),
  'look-again': Duration.prefault('6 hours'),
  settle: Duration.prefault('10 minutes'),
});

export type TierSettings = z.output<typeof Tier>;

const FollowUpPolicy = z.strictObject({
  survey: Slug.default('recovery'),
  'closer-survey': Slug.default('closer'),
  delay: Duration.prefault('1 day'),
  reminder: Span.prefault('5 days'),
  window: Span.prefault('14 days'),
  quarantine: Duration.prefault('30 days'),
  batch: Rate.prefault('100 per hour'),
  'explained-survey': Slug.default('explained'),
  oldest: Duration.prefault('30 days'),
  'ask-after': AskAfter.optional(),
  'longest-wait': Duration.prefault('60 days'),
  'require-personal-message': z.boolean().default(false),
  'on-dispute': z.enum(['reopen', 'decide']).default('reopen'),
});

const InvitationRule = z.strictObject({
  on: z.strictObject({ source: Slug, event: z.string().min(1) }),
  after: Duration,
  /** Address of the survey, such as https://form.example/to/abc#customer={{ customer.key | url_encode }}. */
  link: HttpsAddress,
  subject: z.string().min(1).max(200),
  text: z.string().min(1).max(5000),
  button: z.string().min(1).max(80),
});

const ResurveyRule = z.strictObject({
  source: oneOrMore(Slug),
  survey: Slug.default('resurvey'),
  after: Duration.prefault('14 days'),
  share: z.number().min(0).max(1).default(1),
  first: z.array(z.string()).default([]),
});

/** A regular mail about open work and figures, to people and teams. */
const Huddle = z.strictObject({
  to: Names,
  team: Slug.optional(),
  sends: z.enum(['pack', 'figures']).default('pack'),
  every: z.enum(['week', 'month']).default('week'),
  on: z.enum(weekdays).default('monday'),
  at: TimeOfDay.default('08:00'),
  tracker: Slug.optional(),
  channels: Names.default([]),
});
export type Huddle = z.output<typeof Huddle>;

/** Name of a secret of the deployment, never the secret itself. */
export const SecretName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{1,62}$/, 'names a secret in capitals, such as TRACKER_TOKEN; never write the secret itself')
  // Two underscores part the workspace's name from the secret's.
  .refine((name) => !/__|_$/.test(name), 'has two underscores side by side, or one at its end; write one between words')
  .refine(
    (name) => !/^API_TOKEN(_PREVIOUS)?$/.test(name),
    'is the token of this workspace, which no vendor may get; name the token that the vendor gave you',
  );
const webhookSecretName = SecretName.optional().describe(
  'Name of the secret with which this tracker signs its webhooks to /hooks/WORKSPACE/trackers/TRACKER',
);
export const Reopening = z.enum(['same issue', 'new issue']);

const Adopt = z.strictObject({
  template: Slug.describe('Case template of a case that a person makes of an issue by `/case`'),
  label: z.string().min(1).max(50).optional().describe('Label that makes a case of an issue, as `/case` does'),
});

export const baseTrackerFields = {
  'webhook-secret': webhookSecretName,
  reopening: Reopening.optional().describe(
    'What a reopening is: the same issue again (the default), or a new issue linked to it; a template may differ',
  ),
  adopt: Adopt.optional().describe('How people make a case of an issue that exists; without it nobody can'),
};

export const scoreKinds = ['nps', 'csat', 'ces'] as const;
export type ScoreKind = (typeof scoreKinds)[number];

const respondentKinds = ['customers', 'employees', 'partners'] as const;
export type RespondentKind = (typeof respondentKinds)[number];

export const baseSourceFields = {
  questions: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'an alias is lower-case letters, digits and dashes'), z.string())
    .default({}),
  respondent: Respondent.default({}),
  unhappy: z.record(z.string(), z.number()).default({}),
  scores: z.partialRecord(z.enum(scoreKinds), z.string()).default({}),
  forms: z.array(z.string().min(1).max(500)).max(100).default([]),
  respondents: z.enum(respondentKinds).optional(),
  paused: z.boolean().default(false),
};

export const Team = z.strictObject({ ...baseTeamFields, 'case-options': TeamOptions.optional() });

/** Sources, tracker and team of a case template that names none itself. */
const Place = z.strictObject({ source: Names.optional(), tracker: Slug.optional(), team: Slug.optional() });

/** Case templates as a list, or each with its place where there are several sources, trackers or teams. */
const Templates = z.union(
  [
    z
      .array(Slug)
      .transform(
        (names): Record<string, z.output<typeof Place>> => Object.fromEntries(names.map((name) => [name, {}])),
      ),
    z.record(Slug, Place),
  ],
  'must be a list of case templates',
);

/** Domain at which mail to the addresses of cases comes in, so that customers' replies stand in their cases. */
const Inbound = z.strictObject({
  domain: z.hostname('must be a domain, such as feedback.acme.example').describe('Domain whose mail reaches Caselite'),
  relay: z
    .string()
    .regex(/^[^\s;]+$/, 'must be the name that begins Authentication-Results, such as mx.acme.example')
    .describe('Name of the mail server whose Authentication-Results prove who sent a reply'),
});

export const commonFields = {
  workspace: Slug,
  name: Line,
  'time-zone': TimeZone,
  words: z.enum(['never', 'private']).default('never'),
  demo: z.boolean().default(false),
  matches: z.enum(['all', 'first']).default('all'),
  attributes: DeclaredAttributes.default({}),
  teams: z.record(Slug, Team).default({}),
  tiers: z.record(Slug, Tier).default({}),
  calendars: z.record(Slug, WorkspaceCalendar).default({}),
  clock: ClockPolicy.prefault({}),
  'case-options': CaseOptions.prefault({}),
  'close-policy': ClosePolicy.prefault({}),
  'follow-up': FollowUpPolicy.prefault({}),
  'blocker-owners': z.record(z.string(), Slug).default({}),
  polling: Polling.prefault({}),
  invitations: z.record(Slug, InvitationRule).default({}),
  resurvey: z.record(Slug, ResurveyRule).default({}),
  retention: Retention.prefault({}),
  huddles: z.record(Slug, Huddle).default({}),
  notices: Notify.default({}),
  'quiet-hours': WorkspaceQuietHours.optional(),
  escalation: Escalation.prefault({}),
  roles: Roles.default({}),
  admins: z.array(Slug).default([]),
  viewers: z.array(Slug).default([]),
  inbound: Inbound.optional(),
  templates: Templates,
};

/** Settings as the core uses them. A vendor's own settings stay opaque. */
export interface WorkspaceSettings extends z.output<z.ZodObject<typeof commonFields>> {
  sources: Record<string, SourceSettings>;
  trackers: Record<
    string,
    { kind: string; reopening?: z.output<typeof Reopening> | undefined; adopt?: z.output<typeof Adopt> | undefined }
  >;
  people: Record<string, PersonSettings>;
  mail: { kind: string; from: string };
  channels: Record<string, { kind: string } & CaseEventSettings>;
}

export interface SourceSettings extends z.output<z.ZodObject<typeof baseSourceFields>> {
  kind: string;
}

export type PersonSettings = z.output<ReturnType<typeof buildPersonSchema>>;
export type TeamSettings = z.output<typeof Team>;

/** Who answers a source; customers where it does not say, and for cases without a source. */
export const findRespondents = (
  { sources }: Pick<WorkspaceSettings, 'sources'>,
  source: string | null,
): RespondentKind => (source !== null && Object.hasOwn(sources, source) && sources[source]?.respondents) || 'customers';

/** One of a kind of respondents, as texts name them: `employee`. */
export const nameRespondent = (kind: RespondentKind): string => kind.slice(0, -1);
