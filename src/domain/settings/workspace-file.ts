import * as z from 'zod';
import { Names, Slug, TimeZone } from '../base/names.ts';
import { DeclaredAttributes, Respondent } from './attributes.ts';
import { CaseOptions, ClosePolicy, TeamOptions } from './case-options.ts';
import { FollowUpPolicy, InvitationRule, ResurveyRule } from './loop-rules.ts';
import { Notify } from './notice-event.ts';
import { baseTeamFields, buildPersonSchema, Escalation, Roles, WorkspaceQuietHours } from './people.ts';
import { ClockPolicy, Polling, Retention, Tier, WorkspaceCalendar } from './time-settings.ts';
import { checkWorkspaceFile } from './workspace-checks.ts';

/** Name of a secret of the deployment, never the secret itself. */
export const SecretName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{1,62}$/, 'names a secret in capitals, such as TRACKER_TOKEN; never write the secret itself');
/** Name of the secret that signs the tracker's webhooks. Without it no webhook is accepted. */
export const webhookSecretName = SecretName.optional().describe(
  'Name of the secret with which this tracker signs its webhooks to /hooks/WORKSPACE/trackers/TRACKER',
);

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

const Team = z.strictObject({ ...baseTeamFields, 'case-options': TeamOptions.optional() });

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

/** Teams of a workspace that names none: everybody manages, and the first person takes what nobody else can. */
const createTeamOfAll = (people: string[]) => ({ everybody: Team.parse({ managers: people, fallback: people[0] }) });

/**
 * One workspace's settings as one file. The kinds of sources, trackers and mail come from the adapters'
 * registry, so that a new vendor changes nothing here.
 */
export function createWorkspaceFileSchema<
  Source extends z.ZodType,
  TrackerSettings extends z.ZodType,
  Mail extends z.ZodType,
  Channel extends z.ZodType,
>(kinds: {
  source: Source;
  tracker: TrackerSettings;
  mail: Mail;
  channel: Channel;
  /** Kinds of trackers, each of which is the name of a person's account there. */
  accounts: string[];
}) {
  return z
    .strictObject({
      workspace: Slug,
      name: z.string().min(1),
      'time-zone': TimeZone,
      words: z.enum(['never', 'private']).default('never'),
      demo: z.boolean().default(false),
      /** Attributes of customers beside key, email, name, tier, revenue, language and renewal. */
      attributes: DeclaredAttributes.default({}),
      sources: z.record(Slug, kinds.source),
      trackers: z.record(Slug, kinds.tracker),
      people: z.record(Slug, buildPersonSchema(kinds.accounts)),
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
      mail: kinds.mail,
      channels: z.record(Slug, kinds.channel).default({}),
      notices: Notify.default({}),
      'quiet-hours': WorkspaceQuietHours.optional(),
      escalation: Escalation.prefault({}),
      roles: Roles.default({}),
      admins: z.array(Slug).default([]),
      templates: Templates,
    })
    .transform((file) =>
      Object.keys(file.teams).length > 0 ? file : { ...file, teams: createTeamOfAll(Object.keys(file.people)) },
    )
    .superRefine((file, context) => {
      checkWorkspaceFile(file, (path, message) => context.addIssue({ code: 'custom', path, message }));
    });
}

/** Settings as the core uses them. A vendor's own settings stay opaque. */
export type WorkspaceSettings = z.output<
  ReturnType<
    typeof createWorkspaceFileSchema<
      z.ZodType<SourceSettings>,
      z.ZodType<{ kind: string }>,
      z.ZodType<{ kind: string; from: string }>,
      z.ZodType<{ kind: string }>
    >
  >
>;

export interface SourceSettings {
  kind: string;
  questions: Record<string, string>;
  respondent: z.output<typeof Respondent>;
  forms?: string[];
  paused: boolean;
}

export type PersonSettings = z.output<ReturnType<typeof buildPersonSchema>>;
export type TeamSettings = z.output<typeof Team>;
