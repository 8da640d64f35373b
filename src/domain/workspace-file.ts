import * as z from 'zod';
import { parseHours } from './calendar.ts';
import { reopenRules } from './clock.ts';
import { Duration, parseDuration, Rate } from './duration.ts';
import { AskAfter } from './gate.ts';
import { Slug, TimeZone } from './names.ts';
import { Notify } from './notice-event.ts';
import { checkPeople, Escalation, Person, Roles, teamBase, WorkspaceQuiet } from './people.ts';

/** The name of a secret of the deployment, never the secret. */
export const SecretName = z
  .string()
  .regex(
    /^[A-Z][A-Z0-9_]{1,62}$/,
    'names a secret in capitals, such as GITHUB_TOKEN; never write the secret itself',
  );
/** The secret with which a tracker signs its webhooks; without one none is believed. */
export const webhookSecret = SecretName.optional().describe(
  'Name of the secret with which this tracker signs its webhooks to /hooks/WORKSPACE/trackers/TRACKER',
);
const colourRule = 'is six hex digits in quotes and without #, such as "5319e7"';
const Colour = z.string(colourRule).regex(/^[0-9a-fA-F]{6}$/, colourRule);

const Respondent = z.strictObject({
  key: z.string().optional(),
  email: z.string().optional(),
  name: z.string().optional(),
  tier: z.string().optional(),
  revenue: z.string().optional(),
  language: z.string().optional(),
});

/** What every source has, whatever its kind. */
export const sourceBase = {
  questions: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'an alias is lower-case letters, digits and dashes'),
      z.string(),
    )
    .default({}),
  respondent: Respondent.default({}),
  /** Forms to ask the survey tool for, by its ids, also before the first of their responses was delivered. */
  forms: z.array(z.string().min(1).max(500)).max(100).default([]),
  paused: z.boolean().default(false),
};

const severities = z.array(Slug).min(1).max(8);
const statuses = z
  .record(z.string(), z.enum(['open', 'pending', 'closed']))
  .refine((list) => ['open', 'closed'].every((kind) => Object.values(list).some((one) => one === kind)), {
    message: 'must hold at least one status of class open and one of class closed',
  });
const closingReasons = z.strictObject({
  fixed: z.array(z.string()).default([]),
  declined: z.array(z.string()).default([]),
});

/** What a team lays over the workspace's case options. */
const TeamOptions = z.strictObject({
  statuses: statuses.optional(),
  categories: z.array(z.string()).optional(),
  severities: severities.optional(),
  'closing-reasons': closingReasons.optional(),
  'root-causes': z.array(z.string()).optional(),
  blockers: z.array(z.string()).optional(),
  colours: z.record(z.string(), Colour).optional(),
  priorities: z.record(z.string(), z.literal([1, 2, 3, 4])).optional(),
});

const Team = z.strictObject({ ...teamBase, 'case-options': TeamOptions.optional() });

const Tier = z.strictObject({
  severity: Slug,
  'closure-goal': Duration,
  'first-contact': Duration.optional(),
  /** Customers without a named tier belong to the highest whose yearly revenue they reach. */
  'least-revenue': z.number().nonnegative().optional(),
  calendar: Slug.optional(),
  /** What is different for one category of this tier. */
  categories: z
    .record(
      z.string(),
      z.strictObject({
        severity: Slug.optional(),
        'closure-goal': Duration.optional(),
        'first-contact': Duration.optional(),
      }),
    )
    .default({}),
});

const CalendarFile = z.strictObject({
  hours: z
    .string()
    .refine(
      (text) => parseHours(text) !== null,
      'are not working hours; write for example Mon-Fri 09:00-17:00, Sat 10:00-14:00',
    ),
  holidays: z.array(z.iso.date('is not a date; write for example "2026-12-25"')).default([]),
  'time-zone': TimeZone.optional(),
});

const ClockPolicy = z.strictObject({
  /** The calendar that goals are counted in; none counts around the clock. */
  calendar: Slug.optional(),
  'after-reopen': z.enum(reopenRules).default('full goal'),
  /** What another severity does to the goal: nothing, or the goal of the tier that has this severity. */
  'after-severity-change': z.enum(['keep', 'goal of the tier']).default('keep'),
});

const CaseOptions = z.strictObject({
  statuses: statuses.default({ Open: 'open', Pending: 'pending', Closed: 'closed' }),
  /** Which status a tracker's own state or a label means, where their names differ: `In Review: Pending`. */
  'status-map': z.record(z.string(), z.string()).default({}),
  /** Accounts that close issues by themselves: what they close is stale. */
  'automatic-accounts': z.array(z.string().min(1)).default([]),
  categories: z.array(z.string()).default([]),
  severities: severities.default(['urgent', 'high', 'normal', 'low']),
  /** Which of a tracker's four priorities a severity is; by its place in the list where nothing is said. */
  priorities: z.record(z.string(), z.literal([1, 2, 3, 4])).default({}),
  'closing-reasons': closingReasons.default({ fixed: ['Done', 'Fixed'], declined: ["Won't do"] }),
  'root-causes': z.array(z.string()).default([]),
  blockers: z
    .array(z.string())
    .default([
      'policy',
      'price or contract',
      'missing feature',
      'no access',
      'other department',
      'customer did not answer',
    ]),
  colours: z.record(z.string(), Colour).default({}),
});

const closeBy = z.enum(['managers', 'anybody']);
/** `enforce` reopens and says why, `flag` shows it and tells the managers. */
const closeMode = z.enum(['enforce', 'flag', 'off']);
const closeNeeds = z.array(z.enum(['closing-reason', 'root-cause']));

/** What a closing must have, and what follows where it has not. */
const ClosePolicy = z.strictObject({
  by: closeBy.default('managers'),
  mode: closeMode.default('flag'),
  require: closeNeeds.default([]),
});

/** What a template lays over the workspace's close policy. */
export const TemplateClosePolicy = z.strictObject({
  by: closeBy.optional(),
  mode: closeMode.optional(),
  require: closeNeeds.optional(),
});

const FollowUpPolicy = z.strictObject({
  survey: Slug.default('recovery'),
  'closer-survey': Slug.default('closer'),
  delay: Duration.prefault('1 day'),
  reminder: Duration.prefault('5 days'),
  window: Duration.prefault('14 days'),
  quarantine: Duration.prefault('30 days'),
  /** How many customers are asked in how long at most, when many stand behind a closing. */
  batch: Rate.prefault('100 per hour'),
  /** By which survey customers are told why something was declined. */
  'explained-survey': Slug.default('explained'),
  /** Nobody is asked longer than this after they told us of it. */
  oldest: Duration.prefault('30 days'),
  'ask-after': AskAfter.optional(),
  /** How long a follow-up waits for its gate before a person decides. */
  'longest-wait': Duration.prefault('60 days'),
  /** The follow-up waits until the loop owner has written to the customer. */
  'require-personal-message': z.boolean().default(false),
  /** What a dispute does: the issue is reopened, or a person decides. */
  'on-dispute': z.enum(['reopen', 'decide']).default('reopen'),
});

/** When so many cases of one kind in so many days become a strategic case, or join the one that is open. */
const Elevation = z.strictObject({
  when: z.union([
    z.strictObject({ category: z.string() }),
    z.strictObject({ 'root-cause': z.string() }),
    z.strictObject({ blocker: z.string() }),
    z.strictObject({ verdict: z.literal('known-gap') }),
  ]),
  count: z.int().min(1).max(1000),
  within: Duration,
  /** A strategic case template. */
  opens: Slug,
});

/** A survey invitation a set time after something happened. Wordings are Liquid. */
const InvitationRule = z.strictObject({
  on: z.strictObject({ source: Slug, event: z.string().min(1) }),
  after: Duration,
  /** The survey's own address, such as https://form.example/to/abc#customer={{ customer.key | url_encode }}. */
  link: z.string().regex(/^https:\/\/\S/, 'must be an address that begins with https://'),
  subject: z.string().min(1).max(200),
  text: z.string().min(1).max(5000),
  button: z.string().min(1).max(80),
});

/** Asks again, some time later, whoever answered a survey. */
const ResurveyRule = z.strictObject({
  source: z.union([Slug, z.array(Slug).min(1)]).transform((one) => (Array.isArray(one) ? one : [one])),
  survey: Slug.default('resurvey'),
  /** After the response; at most 30 days. */
  after: Duration.prefault('14 days'),
  /** Which share of all respondents is asked, between 0 and 1. */
  share: z.number().min(0).max(1).default(1),
  /** Categories of cases whose respondents are all asked. */
  first: z.array(z.string()).default([]),
});

/** How long is kept what says who somebody is. Nothing said: for ever. */
const Retention = z.strictObject({
  /** Raw deliveries; what was read from them stays. */
  deliveries: Duration.optional(),
  /** Customers of whom nothing was heard for so long, and who have no open case: they are erased. */
  people: Duration.optional(),
});

const Polling = z.strictObject({
  /** How often each tracker is asked what changed. */
  every: Duration.prefault('2 minutes'),
  /** How often while something happens there; a quarter of `every` unless said. */
  fastest: Duration.optional(),
  /** How often while nothing happened for two hours; two and a half times `every` unless said. */
  slowest: Duration.optional(),
  /** Each open case is read at least so often even when the tracker lists no change of it. */
  'look-again': Duration.prefault('6 hours'),
  /** How long a tracker may take to show an issue that it made; absence is believed only after this. */
  settle: Duration.prefault('10 minutes'),
});

/**
 * One workspace's settings as one file. The kinds of sources, trackers and mail come from the adapters'
 * registry, so that a new vendor changes nothing here.
 */
export function workspaceFile<
  Source extends z.ZodType,
  TrackerSettings extends z.ZodType,
  Mail extends z.ZodType,
  Channel extends z.ZodType,
>(kinds: { source: Source; tracker: TrackerSettings; mail: Mail; channel: Channel }) {
  return z
    .strictObject({
      workspace: Slug,
      name: z.string().min(1),
      'time-zone': TimeZone,
      words: z.enum(['never', 'private']).default('never'),
      demo: z.boolean().default(false),
      sources: z.record(Slug, kinds.source),
      trackers: z.record(Slug, kinds.tracker),
      people: z.record(Slug, Person),
      teams: z.record(Slug, Team),
      tiers: z.record(Slug, Tier).default({}),
      calendars: z.record(Slug, CalendarFile).default({}),
      clock: ClockPolicy.prefault({}),
      'case-options': CaseOptions.prefault({}),
      'close-policy': ClosePolicy.prefault({}),
      'follow-up': FollowUpPolicy.prefault({}),
      elevations: z.array(Elevation).max(100).default([]),
      /** Who owns what stands in the way, by blocker: they hear of known gaps. */
      'blocker-owners': z.record(z.string(), Slug).default({}),
      polling: Polling.prefault({}),
      invitations: z.record(Slug, InvitationRule).default({}),
      resurvey: z.record(Slug, ResurveyRule).default({}),
      retention: Retention.prefault({}),
      mail: kinds.mail,
      /** Where notices go beside mail. */
      channels: z.record(Slug, kinds.channel).default({}),
      notices: Notify.default({}),
      'quiet-hours': WorkspaceQuiet.optional(),
      escalation: Escalation.prefault({}),
      roles: Roles.default({}),
      admins: z.array(Slug).default([]),
      templates: z.array(Slug),
    })
    .superRefine((file, context) => {
      const report = (path: (string | number)[], message: string) =>
        context.addIssue({ code: 'custom', path, message });
      checkPeople(file, report);
      if (Object.hasOwn(file.sources, 'mail'))
        report(['sources', 'mail'], 'is where the mail provider tells of bounces; choose another name');
      for (const [name, tier] of Object.entries(file.tiers)) {
        if (!file['case-options'].severities.includes(tier.severity)) {
          report(['tiers', name, 'severity'], `is not among case-options.severities: ${tier.severity}`);
        }
        for (const [category, cell] of Object.entries(tier.categories)) {
          const { categories, severities } = file['case-options'];
          if (categories.length > 0 && !categories.includes(category))
            report(['tiers', name, 'categories', category], 'is not among case-options.categories');
          if (cell.severity && !severities.includes(cell.severity))
            report(
              ['tiers', name, 'categories', category, 'severity'],
              `is not among case-options.severities: ${cell.severity}`,
            );
        }
        if (tier.calendar && !Object.hasOwn(file.calendars, tier.calendar))
          report(['tiers', name, 'calendar'], `is not under calendars: ${tier.calendar}`);
      }
      for (const [name, rule] of Object.entries(file.resurvey)) {
        if (rule.after > (parseDuration('30 days') ?? 0))
          report(
            ['resurvey', name, 'after'],
            'is longer than 30 days; later nobody remembers what it was about',
          );
        for (const source of rule.source)
          if (!Object.hasOwn(file.sources, source))
            report(['resurvey', name, 'source'], `is not under sources: ${source}`);
      }
      for (const [name, { on }] of Object.entries(file.invitations)) {
        const source = Object.hasOwn(file.sources, on.source)
          ? (file.sources[on.source] as SourceSettings)
          : undefined;
        if (source?.kind !== 'events')
          report(['invitations', name, 'on', 'source'], `is no source of kind events: ${on.source}`);
      }
      for (const [from, status] of Object.entries(file['case-options']['status-map'])) {
        if (!Object.hasOwn(file['case-options'].statuses, status))
          report(['case-options', 'status-map', from], `is not among case-options.statuses: ${status}`);
      }
      if (file.clock.calendar && !Object.hasOwn(file.calendars, file.clock.calendar))
        report(['clock', 'calendar'], `is not under calendars: ${file.clock.calendar}`);
      for (const [blocker, person] of Object.entries(file['blocker-owners'])) {
        const lists = [
          file['case-options'],
          ...Object.values(file.teams).map((team) => team['case-options']),
        ];
        if (!lists.some((options) => options?.blockers?.includes(blocker)))
          report(['blocker-owners', blocker], 'is not among case-options.blockers');
        if (!Object.hasOwn(file.people, person))
          report(['blocker-owners', blocker], `names nobody under people: ${person}`);
      }
      const { every, fastest = every, slowest = every } = file.polling;
      if (fastest > every) report(['polling', 'fastest'], 'is slower than polling.every');
      if (slowest < every) report(['polling', 'slowest'], 'is faster than polling.every');
      if (file.demo) return;
      const floor = (path: string[], ms: number, least: string) => {
        if (ms < (parseDuration(least) ?? 0))
          report(path, `is shorter than ${least}, the least outside a demo`);
      };
      floor(['follow-up', 'quarantine'], file['follow-up'].quarantine, '24 hours');
      for (const kept of ['deliveries', 'people'] as const) {
        const ms = file.retention[kept];
        if (ms !== undefined) floor(['retention', kept], ms, '30 days');
      }
      floor(['polling', 'every'], file.polling.every, '30 seconds');
      if (file.polling.fastest !== undefined) floor(['polling', 'fastest'], fastest, '15 seconds');
      floor(['polling', 'settle'], file.polling.settle, '10 minutes');
    });
}

/** The settings as the core uses them: those of vendors stay opaque but for their kind and the common part. */
export type WorkspaceSettings = z.output<
  ReturnType<
    typeof workspaceFile<
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

export type ElevationRule = z.output<typeof Elevation>;
export type PersonSettings = z.output<typeof Person>;
export type TeamSettings = z.output<typeof Team>;
export type TierSettings = z.output<typeof Tier>;
export type InvitationRule = z.output<typeof InvitationRule>;
export type ClosePolicySettings = z.output<typeof ClosePolicy>;
