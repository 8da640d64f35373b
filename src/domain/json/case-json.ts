import * as z from 'zod';
import { ClosingReason, Loop, needsPersonKinds } from '#domain/cases/case-record.ts';
import { ThemeRate } from '#domain/loop/theme-rate.ts';
import type { Attributes, AttributeValues } from '#domain/settings/attributes.ts';
import { apiObject, each, orNull } from '../base/api-object.ts';
import { PendingCall, RefusedCall } from '../cases/action.ts';
import type { CaseState } from '../cases/case-list.ts';
import type { TimelineEventName } from '../cases/timeline.ts';
import { verdicts } from '../cases/verdict.ts';
import { IssueTroubleKind } from '../integrations/issue-trouble.ts';
import { FollowUpJson } from './loop-json.ts';

/** Attributes of a customer by name, as JSON and for the pages. Personal ones are hidden from those who may not see who customers are. */
export const AttributesJson = z.record(
  z.string(),
  z.object({ title: z.string(), value: z.union([z.string(), z.number()]), isPersonal: z.boolean() }),
);
export type AttributesJson = z.output<typeof AttributesJson>;

/** Values of the attributes that a workspace has now, in their order. */
export function toAttributesJson(attributes: Attributes, values: AttributeValues = {}): AttributesJson {
  const known = new Map(Object.entries(values));
  return Object.fromEntries(
    [...attributes].flatMap(([name, { title, isPersonal }]) => {
      const value = known.get(name);
      return value === undefined ? [] : [[name, { title, value, isPersonal }]];
    }),
  );
}

/* A case as outside programs and pages get it. Times are ISO 8601 in UTC. */

const state = z.enum(['open', 'closed']);
const action = z.enum(['task', 'case']);

export const IssueJson = apiObject('Issue', {
  ...each(['tracker', 'kind', 'trackerTitle', 'key', 'url'], z.string()),
  state,
  labels: z.array(z.string()),
  comments: z.int(),
  missing: z.array(z.string()).describe('Labels or the assignee that the tracker refused twice'),
  trouble: z
    .object({ kind: IssueTroubleKind, since: z.string(), says: z.string(), remedy: z.string(), url: orNull })
    .nullable()
    .describe('Trouble with the issue and its remedy; null without trouble'),
});
export type IssueJson = z.output<typeof IssueJson>;

const Plan = z.array(
  z.object({
    position: z.int(),
    role: z.string(),
    task: z.string(),
    who: orNull.describe('A person or a team; null where the workspace assigns nobody to the role'),
    ...each(['whoName', 'doneAt', 'doneBy'], orNull),
    form: z.enum(['check-box', 'sub-issue']),
    formWhy: orNull.describe('Why the step is a check box although a sub-issue was wanted'),
    issue: z.object({ key: z.string(), url: z.string(), state }).nullable(),
  }),
);

const Ladder = z.object(each(['nextAt', 'acknowledgedAt', 'acknowledgedBy', 'snoozedUntil'], orNull));

export const CaseJson = apiObject('Case', {
  ...each(['id', 'handle', 'workspace', 'template'], z.string()),
  kind: z.enum(['tactical', 'strategic']),
  action,
  customer: z.object({
    ...each(['key', 'name', 'tier'], orNull),
    revenue: z.number().nullable(),
    attributes: AttributesJson,
  }),
  customers: z.int(),
  addresses: z
    .array(z.object({ id: z.int(), customer: z.string(), address: z.string(), response: orNull, at: z.string() }))
    .describe('Addresses that wait for a case manager to accept or refuse them; mail goes elsewhere until then'),
  ...each(['category', 'severity', 'status'], z.string()),
  loop: Loop,
  openedAt: z.string(),
  openedWhy: z.array(z.string()),
  dueAt: z.string(),
  dueWhy: z.array(z.string()).describe('Computation of due time and severity, in readable lines'),
  firstContactAt: orNull,
  firstContactDueAt: orNull,
  pausedAt: orNull.describe('Start of the current pause; null while the clock runs'),
  resolvedAt: orNull,
  closingReason: ClosingReason.nullable(),
  closingNote: orNull.describe('Reason for the closing in the team’s own words'),
  closingFlag: orNull.describe('What the closing lacks by the close policy; null for nothing'),
  rootCause: orNull,
  closers: z.array(z.string()).nullable().describe('People who may close the case; null where everybody may'),
  sending: z.array(PendingCall).describe('Calls that have not reached the tracker yet'),
  refused: z.array(RefusedCall).describe('What the tracker refused, until it takes it'),
  ...each(['explanation', 'whatChanged', 'repeats'], orNull),
  waitsFor: orNull.describe('What the follow-up still waits for; null for nothing'),
  disputes: z.int(),
  generation: z.int(),
  assignee: orNull,
  loopOwner: orNull,
  overdue: z.boolean().describe('Whether it is open past its closure goal'),
  plan: Plan,
  ladder: Ladder,
  contributors: z.array(z.object({ id: z.string(), name: z.string(), invitedAt: z.string(), holds: z.boolean() })),
  contributions: z.array(z.object({ name: z.string(), text: z.string(), at: z.string() })),
  needsPerson: orNull.describe('Why a person has to decide; null otherwise'),
  needsPersonKind: z
    .enum(needsPersonKinds)
    .nullable()
    .describe('The tracker refuses the issue, or the follow-up has waited too long; null for every other reason'),
  issue: IssueJson.nullable(),
  responses: z.array(z.string()).describe('Ids of the newest 500, oldest first'),
  responseCount: z.int(),
  verdicts: z.array(
    z.object({ customer: z.string(), generation: z.int(), verdict: z.enum(verdicts), why: z.string(), at: z.string() }),
  ),
  followUps: z.array(FollowUpJson),
  timeline: z
    .array(
      z.object({
        at: z.string(),
        what: z.string() as z.ZodType<TimelineEventName>,
        who: z.string(),
        why: z.string(),
        evidence: orNull,
        generation: z.int(),
      }),
    )
    .describe('The newest 500 entries'),
});
export type CaseJson = z.output<typeof CaseJson>;

export const CaseRowFields = CaseJson.pick({
  ...{ id: true, template: true, kind: true, action: true, category: true, severity: true, status: true },
  ...{ loop: true, openedAt: true, dueAt: true, resolvedAt: true, generation: true, assignee: true },
  ...{ loopOwner: true, needsPerson: true, overdue: true },
});

export type CaseCounts = Record<CaseState, number>;

export const workGroups = [
  'disputed',
  'needs-person',
  'overdue',
  'due-today',
  'first-contact',
  'steps',
  'asked',
  'open',
  'unverified',
] as const;
export type WorkGroupName = (typeof workGroups)[number];

/* Details of a strategic case for outside programs and its page. Times are ISO 8601 in UTC. */

const numberOrNull = z.number().nullable();
const written = z.object({ text: z.string(), who: z.string(), at: z.string() }).nullable();

const EffectMeasurementJson = z.object({
  name: z.string(),
  unit: z.string(),
  source: z.enum(['manual', 'theme-rate']).describe('A theme rate is computed from responses, and not stored'),
  before: numberOrNull.describe('As a person gave it, or percent for a theme rate; null while unknown'),
  after: numberOrNull,
  target: numberOrNull,
  values: z.array(z.object({ day: z.string(), value: z.number(), who: z.string() })).describe('In the order of days'),
  who: z.string(),
  at: z.string(),
});
export type EffectMeasurementJson = z.output<typeof EffectMeasurementJson>;

const AffectedCustomerJson = z.object({
  customer: z.string(),
  name: orNull,
  page: numberOrNull.describe('Number of the customer’s page; null for an unknown customer'),
  tier: orNull,
  revenue: numberOrNull,
  respondedAt: orNull.describe('Submission of the newest response to the case; null without one'),
  cases: z.array(z.object({ id: z.string(), handle: z.string() })),
  verdict: z.enum(verdicts).nullable(),
  mailState: z
    .enum(['due', 'sent', 'answered', 'expired', 'skipped'])
    .nullable()
    .describe('State of the follow-up for this closing; null before one exists'),
  why: orNull,
});
export type AffectedCustomerJson = z.output<typeof AffectedCustomerJson>;

const named = { ...each(['id', 'handle', 'template', 'category'], z.string()), action, loop: Loop };

export const CaseLinkJson = apiObject('CaseLink', {
  kind: z.enum(['duplicate-of', 'related', 'elevated-to', 'parted']),
  isIncoming: z.boolean().describe('Whether the other case names this one, as its original or its strategic case'),
  ...named,
  theme: orNull,
  why: z.string(),
  at: z.string(),
});
export type CaseLinkJson = z.output<typeof CaseLinkJson>;
export type CaseLinkKind = CaseLinkJson['kind'];

const StrategicTrend = z
  .object({ recent: z.int(), before: z.int() })
  .describe('Responses that joined within the last 30 days, and within the 30 days before');
export type StrategicTrend = z.output<typeof StrategicTrend>;

export const StrategicCaseSummary = apiObject('StrategicSummary', {
  ...named,
  severity: z.string(),
  theme: orNull,
  customers: z.int(),
  revenueAtRisk: z.number().describe('Yearly revenue of affected customers, each counted once'),
  trend: StrategicTrend,
  openedAt: z.string(),
  dueAt: z.string(),
  overdue: z.boolean(),
  ...each(['needsPerson', 'loopOwner', 'decisionOwner'], orNull),
  isDecided: z.boolean(),
});
export type StrategicCaseSummary = z.output<typeof StrategicCaseSummary>;

export const StrategicCaseJson = StrategicCaseSummary.extend({
  decision: written,
  measure: EffectMeasurementJson.nullable(),
  whatChanged: written,
  waitsForWords: z.boolean().describe('Whether the closing waits for a text about what changed'),
  mailState: z.record(z.string(), z.int()),
  rate: ThemeRate.extend({ isCut: z.boolean().describe('Whether only the newest responses are counted') }),
  members: z.array(AffectedCustomerJson),
  managers: z.array(z.string()),
}).meta({ id: 'StrategicCase' });
export type StrategicCaseJson = z.output<typeof StrategicCaseJson>;

export const CaseLinks = z.object({
  id: z.string().describe('Id of the case that has the links'),
  links: z.array(CaseLinkJson),
  siblings: z.array(z.object(named)).describe('Other cases of the same responses'),
  customer: z.int().nullable().describe('Number of the customer’s page; null for many customers, or an unknown one'),
  targets: z
    .array(z.object({ to: z.string(), text: z.string(), takesTheme: z.boolean() }))
    .describe('Open strategic cases by id, and strategic templates by name, to which a tactical case can be elevated'),
});
export type CaseLinks = z.output<typeof CaseLinks>;

const AtRisk = z
  .object({ customers: z.int(), revenue: z.number() })
  .describe('Revenue of customers with open cases, each counted once');
export type AtRisk = z.output<typeof AtRisk>;

export const StrategicCaseListJson = z.object({ items: z.array(StrategicCaseSummary), next: z.null(), atRisk: AtRisk });
