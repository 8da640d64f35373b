import { chooseSeverityByThreshold } from '../responses/gather.ts';
import type { TierSettings } from '../settings/time-settings.ts';
import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import { formatAmount } from '../time/time-text.ts';
import { hourMs } from '../time/units.ts';
import type { CaseTemplate } from './template.ts';

const defaultClosureGoalMs = 72 * hourMs;

/** A customer's tier as the workspace sees it, and how that came about. */
export interface TierWithReason {
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
    .flatMap(([name, tier]) => (tier['least-revenue'] === undefined ? [] : [{ name, from: tier['least-revenue'] }]))
    .filter(({ from }) => revenue !== null && revenue >= from)
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

/** Severity and both goals of a template for a tier, each with its origin. Durations in milliseconds. */
export interface Goals {
  severity: string;
  severityWhy: string;
  closureGoalMs: number;
  closureGoalWhy: string;
  firstContactGoalMs: number | null;
  calendar: string | null;
}

/** Precedence: template, tier and category, tier alone, then the last tier for customers without one. */
export function chooseGoals(settings: WorkspaceSettings, template: CaseTemplate, tier: TierWithReason): Goals {
  const { tiers, clock } = settings;
  const row: TierSettings | undefined =
    tier.name === null ? Object.values(tiers).at(-1) : Object.hasOwn(tiers, tier.name) ? tiers[tier.name] : undefined;
  const cells = row?.categories ?? {};
  const cell = Object.hasOwn(cells, template.category) ? cells[template.category] : undefined;
  const from = (inCell: boolean) => (inCell ? `${tier.why}, ${template.category}` : tier.why);
  const given = readTemplateSeverity(template);
  const isGoalByTier = template['closure-goal'] === 'by tier';
  const templateGoalMs = template['closure-goal'] === 'by tier' ? undefined : template['closure-goal'];
  const { severities } = settings['case-options'];
  return {
    severity:
      given ??
      cell?.severity ??
      row?.severity ??
      (severities.includes('normal') ? 'normal' : (severities.at(-1) ?? 'normal')),
    severityWhy: given ? 'set by the template' : from(cell?.severity !== undefined),
    closureGoalMs: templateGoalMs ?? cell?.['closure-goal'] ?? row?.['closure-goal'] ?? defaultClosureGoalMs,
    closureGoalWhy: isGoalByTier ? from(cell?.['closure-goal'] !== undefined) : 'set by the template',
    firstContactGoalMs: template['first-contact'] ?? cell?.['first-contact'] ?? row?.['first-contact'] ?? null,
    calendar: row?.calendar ?? clock.calendar ?? null,
  };
}

/** Severity set by the template itself; null where the tier decides. */
function readTemplateSeverity({ severity }: CaseTemplate): string | null {
  if (severity === 'by tier') return null;
  return typeof severity === 'string' ? severity : chooseSeverityByThreshold(severity, { customers: 1, revenue: 0 });
}
