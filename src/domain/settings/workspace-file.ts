import * as z from 'zod';
import { Line, Names, Slug, TimeZone } from '../base/names.ts';
import { DeclaredAttributes, Respondent } from './attributes.ts';
import { CaseOptions, ClosePolicy, TeamOptions } from './case-options.ts';
import { FollowUpPolicy, InvitationRule, ResurveyRule } from './loop-rules.ts';
import { Notify } from './notice-event.ts';
import { baseTeamFields, type buildPersonSchema, Escalation, Roles, WorkspaceQuietHours } from './people.ts';
import { ClockPolicy, Polling, Retention, Tier, WorkspaceCalendar } from './time-settings.ts';

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
/** Name of the secret that signs the tracker's webhooks. Without it no webhook is accepted. */
const webhookSecretName = SecretName.optional().describe(
  'Name of the secret with which this tracker signs its webhooks to /hooks/WORKSPACE/trackers/TRACKER',
);
/** What a reopening of a case is in its tracker: its issue again, or a new one that is linked to it. */
export const Reopening = z.enum(['same issue', 'new issue']);

/** Settings of every tracker. */
export const baseTrackerFields = {
  'webhook-secret': webhookSecretName,
  reopening: Reopening.optional().describe(
    'What a reopening is: the same issue again (the default), or a new issue linked to it; a template may differ',
  ),
};

/** Settings of every source. */
export const baseSourceFields = {
  questions: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'an alias is lower-case letters, digits and dashes'), z.string())
    .default({}),
  respondent: Respondent.default({}),
  /** Forms to back-fill, by the survey tool's ids, even before their first delivery. */
  forms: z.array(z.string().min(1).max(500)).max(100).default([]),
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

/** Settings that are the same with any vendor. */
export const commonFields = {
  workspace: Slug,
  name: Line,
  'time-zone': TimeZone,
  words: z.enum(['never', 'private']).default('never'),
  demo: z.boolean().default(false),
  /** Attributes of customers beside key, email, name, tier, revenue, language and renewal. */
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
  notices: Notify.default({}),
  'quiet-hours': WorkspaceQuietHours.optional(),
  escalation: Escalation.prefault({}),
  roles: Roles.default({}),
  admins: z.array(Slug).default([]),
  /** People who read words, without names, addresses and keys of customers, and change nothing. */
  viewers: z.array(Slug).default([]),
  templates: Templates,
};

/** Settings as the core uses them. A vendor's own settings stay opaque. */
export interface WorkspaceSettings extends z.output<z.ZodObject<typeof commonFields>> {
  sources: Record<string, SourceSettings>;
  trackers: Record<string, { kind: string; reopening?: z.output<typeof Reopening> | undefined }>;
  people: Record<string, PersonSettings>;
  mail: { kind: string; from: string };
  channels: Record<string, { kind: string }>;
}

export interface SourceSettings {
  kind: string;
  questions: Record<string, string>;
  respondent: z.output<typeof Respondent>;
  forms?: string[];
  paused: boolean;
}

export type PersonSettings = z.output<ReturnType<typeof buildPersonSchema>>;
export type TeamSettings = z.output<typeof Team>;
