import * as z from 'zod';
import { formatAmount } from '#domain/time/time-text.ts';
import { hourMs } from '#domain/time/units.ts';
import { memoize } from '../base/memoize.ts';
import { Language, Line, Names, Slug } from '../base/names.ts';
import { Condition, evaluateCondition, isHeld, stepsOfPatterns } from '../responses/condition.ts';
import { chooseSeverityByThreshold, GatheringRule, SeverityThresholds } from '../responses/gather.ts';
import { type EvaluationContext, explainSource } from '../responses/heads.ts';
import { mostWork, type Test } from '../responses/operators.ts';
import type { SurveyResponse } from '../responses/response.ts';
import { TemplateClosePolicy } from '../settings/case-options.ts';
import { AskAfter } from '../settings/gate.ts';
import { Notify } from '../settings/notice-event.ts';
import { Escalation } from '../settings/people.ts';
import { Reopening, type TierSettings, type WorkspaceSettings } from '../settings/workspace-file.ts';
import { reopenGoalRules } from '../time/clock.ts';
import { Duration, Span } from '../time/duration.ts';
import type { FollowUpSurvey } from './survey.ts';

const Plan = z.strictObject({
  as: z.enum(['check-boxes', 'sub-issues']).default('check-boxes'),
  steps: z
    .array(z.strictObject({ role: z.string().min(1).max(40), task: z.string().min(1).max(200) }))
    .min(1)
    .max(30),
});

/** None for a strategic template whose cases are elevated. */
const Sources = z.union([Names, z.array(z.string()).length(0)]);

export const CaseTemplateFile = z
  .strictObject({
    name: Line.max(80),
    kind: z.enum(['tactical', 'strategic']),
    action: z.enum(['notice', 'task', 'case']).default('case'),
    state: z.enum(['draft', 'on', 'off']).default('on'),
    priority: z.int().min(-100).max(100).default(0),
    when: z.looseObject({ source: Sources.optional() }).transform((when, context) => {
      const { source, ...rest } = when;
      if (Object.keys(rest).length === 0) return { source, condition: null };
      const condition = Condition.safeParse(rest);
      if (!condition.success) {
        for (const { path, message } of condition.error.issues) context.addIssue({ code: 'custom', path, message });
        return z.NEVER;
      }
      return { source, condition: condition.data };
    }),
    title: z.string().min(1).max(200).optional(),
    subject: z.record(Language, Line.max(80)).optional(),
    receipt: z.union([z.boolean(), z.record(Language, z.string().min(1).max(2000))]).default(false),
    'cases-per-hour': z.int().min(1).max(10_000).default(50),
    category: z.string().min(1),
    severity: z.union([z.string(), SeverityThresholds]).default('by tier'),
    'closure-goal': z.union([z.literal('by tier'), Span]).default('by tier'),
    'first-contact': Span.optional(),
    'after-reopen': z.enum(reopenGoalRules).optional(),
    'on-repeat': z.enum(['keep severity', 'raise severity']).default('keep severity'),
    tracker: z.string().optional(),
    issue: z.record(z.string(), z.unknown()).optional(),
    reopening: Reopening.optional(),
    team: z.string().optional(),
    notify: Notify.default({}),
    plan: Plan.optional(),
    escalation: Escalation.optional(),
    'close-policy': TemplateClosePolicy.optional(),
    'follow-up': z.string().optional(),
    'ask-after': AskAfter.extend({ delay: Duration.optional(), 'longest-wait': Duration.optional() }).optional(),
    'require-personal-message': z.boolean().optional(),
    'on-dispute': z.enum(['reopen', 'decide']).optional(),
    'reopen-share': z.number().min(0).max(1).default(0.2),
    /** What a strategic case gathers; a tactical case is always about one customer. */
    gather: GatheringRule.prefault({}),
    digest: Span.prefault('1 day'),
  })
  .superRefine((template, context) => {
    const report = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (template.action === 'notice' && !template.notify.opened)
      report(['notify'], 'has no recipients; a notice needs notify: { opened: managers }');
    if (template.kind === 'tactical' && template.when.source?.length === 0)
      report(['when', 'source'], 'names none; only a strategic template can do without, whose cases are elevated');
    if (template.receipt !== false && (template.kind === 'strategic' || template.action === 'notice'))
      report(['receipt'], 'belongs to a template that opens cases of one customer');
    if (template.action !== 'case' && template.kind === 'strategic')
      report(['kind'], `of a ${template.action} is tactical`);
    const { by, theme, cases } = template.gather;
    if (template.kind === 'tactical' && (by !== 'template' || theme || cases.length > 0))
      report(['gather'], 'belongs to a strategic template; a tactical case is about one customer');
    if (by === 'elevation' && template.when.source?.length !== 0)
      report(['gather', 'by'], 'of elevation takes no responses directly; write when: { source: [] }');
    if (template.kind === 'tactical' && typeof template.severity !== 'string')
      report(
        ['severity'],
        'counts affected customers of a strategic case; a tactical one has one severity, or "by tier"',
      );
    if (template.action !== 'case' && template['follow-up'])
      report(['follow-up'], `belongs to a case; nobody is asked after a ${template.action}`);
  });
export type CaseTemplateFile = z.output<typeof CaseTemplateFile>;

export type CaseTemplate = Omit<CaseTemplateFile, 'when' | 'tracker' | 'team'> & {
  when: Omit<CaseTemplateFile['when'], 'source'> & { source: string[] };
  tracker: string;
  team: string;
};

export const Decision = z.object({ template: z.string(), opened: z.boolean(), why: z.array(z.string()) });
export type Decision = z.output<typeof Decision>;

/** Evaluates one response by one template. Its reasons hold no words of the respondent. */
export function evaluate(
  template: CaseTemplate,
  response: SurveyResponse,
  evaluationContext?: EvaluationContext,
): { matched: boolean; why: Test[] } {
  const { source, condition } = template.when;
  const answer = (matched: boolean, text: string) => ({ matched, why: [{ explain: () => text, held: matched }] });
  if (template.state !== 'on') return answer(false, `This template is ${template.state}`);
  if (!source.includes(response.source)) return answer(false, explainSource(source, response.source));
  if (response.partial) return answer(false, 'The response is not finished yet');
  if (!condition) return answer(true, `Takes every response of ${response.source}`);
  const { held, findings } = evaluateCondition(condition, response, bound(template, evaluationContext));
  return { matched: held, why: findings };
}

/** As `evaluate`, without the explanation, and whatever the template's state: for a dry run. */
export function matchesTemplate(
  template: CaseTemplate,
  response: SurveyResponse,
  evaluationContext?: EvaluationContext,
): boolean {
  const { source, condition } = template.when;
  if (!source.includes(response.source) || response.partial) return false;
  return condition === null || isHeld(condition, response, bound(template, evaluationContext));
}

const stepsOf = (templates: Iterable<CaseTemplate>) =>
  [...templates].flatMap(({ state, when: { condition } }) =>
    condition && state === 'on' ? stepsOfPatterns(condition) : [],
  );

/** Steps of the patterns of each template that is on; one that looks at earlier responses takes them for two at least. */
export const countSteps = (templates: Iterable<CaseTemplate>): number[] =>
  stepsOf(templates).map(({ once, each }) => once + 2 * each);

/** Characters that each pattern reads, of the response and of earlier ones: 50 ms by one template and 200 ms by all. */
export function computeReadable(templates: Iterable<CaseTemplate>, earlier: number) {
  const steps = stepsOf(templates);
  const isShared = steps.some(({ each }) => each > 0) && steps.some(({ once }) => once > 0);
  const share = (taken: number[]) => {
    const all = taken.reduce((sum, each) => sum + each, 0);
    return Math.floor(mostWork / (isShared ? 2 : 1) / Math.max(1, all / 4, ...taken));
  };
  return {
    readable: share(steps.map(({ once }) => once)),
    readableEarlier: share(steps.map(({ each }) => each * (2 + earlier))),
  };
}

const bound = (template: CaseTemplate, context: EvaluationContext = { earlier: [] }): EvaluationContext =>
  context.readable === undefined
    ? { ...context, ...computeReadable([{ ...template, state: 'on' }], context.earlier.length) }
    : context;

/** Templates in the order in which they judge: by priority, then as the workspace file lists them. */
export const sortTemplatesByPriority = memoize((templates: Map<string, CaseTemplate>): [string, CaseTemplate][] =>
  [...templates].sort(([, entry], [, other]) => other.priority - entry.priority),
);

/** Sentences that decided: those that held for a match, the others for none. `Answered 3 to “Ease?” (at most 5)`. */
export const explain = ({ matched, why }: { matched: boolean; why: Test[] }): string[] =>
  why.filter(({ held }) => held === matched).map((test) => test.explain());

export const SettingsFile = z
  .strictObject({
    kind: z.enum(['workspace', 'case-template', 'survey']),
    name: Slug,
    text: z.string().max(200_000),
  })
  .meta({ id: 'SettingsFile' });
export type SettingsFile = z.output<typeof SettingsFile>;

export interface Settings {
  version: number;
  workspace: WorkspaceSettings;
  templates: Map<string, CaseTemplate>;
  surveys: Map<string, FollowUpSurvey>;
}

const defaultClosureGoalMs = 72 * hourMs;

interface TierWithReason {
  /** Null for a tier unknown to the workspace. */
  name: string | null;
  why: string;
}

/** A named tier takes precedence over one by revenue. Names unknown to the workspace are ignored. */
export function tierOf(
  { tiers }: WorkspaceSettings,
  customer: { tier: string | null; revenue: number | null },
): TierWithReason {
  if (customer.tier !== null && Object.hasOwn(tiers, customer.tier))
    return { name: customer.tier, why: `${customer.tier} customers` };
  const { revenue } = customer;
  const tierByRevenue = Object.entries(tiers)
    .flatMap(([name, { 'least-revenue': from = Number.POSITIVE_INFINITY }]) =>
      revenue !== null && revenue >= from ? [{ name, from }] : [],
    )
    .sort((a, b) => b.from - a.from)
    .at(0);
  if (tierByRevenue)
    return {
      name: tierByRevenue.name,
      why: `${tierByRevenue.name} customers, by a revenue from ${formatAmount(tierByRevenue.from)}`,
    };
  const lowest = Object.keys(tiers).at(-1);
  return { name: null, why: lowest ? `no tier known, treated as ${lowest}` : 'no tiers are set' };
}

/** The tier of a customer for conditions and themes: the workspace's own, else as the response names it. */
export const findTier = (settings: WorkspaceSettings, customer: SurveyResponse['customer']): string | null =>
  tierOf(settings, customer).name ?? customer.tier;

/**
 * Severity and both goals of a template for a tier, in milliseconds, each with its origin. Precedence: template, tier and
 * category, tier alone, then the last tier for customers without one.
 */
export function chooseGoals(settings: WorkspaceSettings, template: CaseTemplate, tier: TierWithReason) {
  const { tiers, clock, 'case-options': options } = settings;
  const row: TierSettings | undefined =
    tier.name === null ? Object.values(tiers).at(-1) : Object.hasOwn(tiers, tier.name) ? tiers[tier.name] : undefined;
  const cells = row?.categories ?? {};
  const cell = Object.hasOwn(cells, template.category) ? cells[template.category] : undefined;
  const usualSeverity = options.severities.includes('normal') ? 'normal' : (options.severities.at(-1) ?? 'normal');
  const severity = readTemplateSeverity(template);
  const goalMs = template['closure-goal'] === 'by tier' ? null : template['closure-goal'];
  const explain = (isOfTemplate: boolean, inCell: unknown) =>
    isOfTemplate ? 'set by the template' : inCell === undefined ? tier.why : `${tier.why}, ${template.category}`;
  return {
    severity: severity ?? cell?.severity ?? row?.severity ?? usualSeverity,
    severityWhy: explain(severity !== null, cell?.severity),
    closureGoalMs: goalMs ?? cell?.['closure-goal'] ?? row?.['closure-goal'] ?? defaultClosureGoalMs,
    closureGoalWhy: explain(goalMs !== null, cell?.['closure-goal']),
    firstContactGoalMs: template['first-contact'] ?? cell?.['first-contact'] ?? row?.['first-contact'] ?? null,
    calendar: row?.calendar ?? clock.calendar ?? null,
  };
}

function readTemplateSeverity({ severity }: CaseTemplate): string | null {
  if (severity === 'by tier') return null;
  return typeof severity === 'string' ? severity : chooseSeverityByThreshold(severity, { customers: 1, revenue: 0 });
}
