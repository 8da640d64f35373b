import * as z from 'zod';
import { Loop } from '#domain/cases/case-record.ts';
import { apiObject, orNull } from '../base/api-object.ts';
import { verdicts } from '../cases/verdict.ts';
import { ThemeRate } from '../loop/theme-rate.ts';

/* Details of a strategic case for outside programs and its page. Times are ISO 8601 in UTC. */

const numberOrNull = z.number().nullable();
const written = z.object({ text: z.string(), who: z.string(), at: z.string() }).nullable();

const EffectMeasurementJson = z.object({
  name: z.string(),
  unit: z.string(),
  source: z.enum(['manual', 'theme-rate']).describe('A theme rate is computed from responses, and not stored'),
  before: numberOrNull.describe('As a person gave it, or percent for a theme rate; null while unknown'),
  after: numberOrNull,
  who: z.string(),
  at: z.string(),
});
export type EffectMeasurementJson = z.output<typeof EffectMeasurementJson>;

const AffectedCustomerJson = z.object({
  customer: z.string(),
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

const named = { id: z.string(), handle: z.string(), template: z.string(), category: z.string(), loop: Loop };

export const CaseLinkJson = apiObject('CaseLink', {
  kind: z.enum(['duplicate-of', 'related', 'elevated-to']),
  isIncoming: z.boolean().describe('Whether the other case names this one, as its original or its strategic case'),
  ...named,
  theme: orNull,
  why: z.string(),
  at: z.string(),
});
export type CaseLinkJson = z.output<typeof CaseLinkJson>;
export type CaseLinkKind = CaseLinkJson['kind'];

export const StrategicCaseSummary = apiObject('StrategicSummary', {
  ...named,
  severity: z.string(),
  theme: orNull,
  customers: z.int(),
  revenueAtRisk: z.number().describe('Yearly revenue of affected customers, each counted once'),
  openedAt: z.string(),
  dueAt: z.string(),
  overdue: z.boolean(),
  needsPerson: orNull,
  loopOwner: orNull,
  decisionOwner: orNull,
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

/** The newest strategic cases; there are no further pages. */
export const StrategicCaseListJson = z.object({ items: z.array(StrategicCaseSummary), next: z.null(), atRisk: AtRisk });
