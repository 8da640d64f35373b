import * as z from 'zod';
import { apiObject } from '../base/api-object.ts';
import { computeShare, Share } from '../base/share.ts';
import { type Verdict, verdicts } from '../cases/verdict.ts';
import type { Attributes, AttributeValues } from '../settings/attributes.ts';

/* Sums of both sides' answers by category, department and closing reason. Nothing here is about one person. */

/** One customer's verdict on one closing, with both answers. */
export interface ClosingVerdict {
  verdict: Verdict;
  customer: 'yes' | 'partly' | 'no' | null;
  closer: 'yes' | 'partly' | 'unable' | null;
  category: string;
  team: string;
  /** `fixed`, `declined` and so on. */
  reason: string;
  /** What is known of the customer now. */
  attributes?: AttributeValues;
}

export interface NamedBlocker {
  blocker: string;
  category: string;
  team: string;
  customers: number;
  revenue: number;
  /** Whether a customer of the same closing said no. */
  isKnownGap: boolean;
}

export const possibleCustomerAnswers = ['yes', 'partly', 'no', 'silent'] as const;
export const possibleCloserAnswers = ['yes', 'partly', 'unable', 'silent'] as const;

const GroupVerdictCounts = apiObject('VerdictGroup', {
  name: z.string(),
  total: z.int(),
  counts: z.record(z.enum(verdicts), z.int()),
  confirmed: Share,
});
export type GroupVerdictCounts = z.output<typeof GroupVerdictCounts>;

const groups = z.array(GroupVerdictCounts);
const counts = z.array(z.object({ name: z.string(), count: z.int() }));

const BlockerSums = z.object({
  blocker: z.string(),
  count: z.int(),
  customers: z.int(),
  revenue: z.number(),
  knownGaps: z.int(),
  categories: counts,
  teams: counts,
});
type BlockerSums = z.output<typeof BlockerSums>;

export const VerdictAndBlockerSums = z.object({
  total: GroupVerdictCounts,
  crossed: z.array(
    z.object({ closer: z.enum(possibleCloserAnswers), customer: z.enum(possibleCustomerAnswers), count: z.int() }),
  ),
  byCategory: groups,
  byTeam: groups,
  byReason: groups,
  byAttribute: z
    .array(z.object({ name: z.string(), title: z.string(), groups }))
    .describe('By each attribute of customers whose values are listed'),
  blockers: z.array(BlockerSums),
});
type VerdictAndBlockerSums = z.output<typeof VerdictAndBlockerSums>;

export function sumVerdictsAndBlockers(
  closings: ClosingVerdict[],
  blockers: NamedBlocker[],
  attributes: Attributes = new Map(),
): VerdictAndBlockerSums {
  return {
    total: countVerdictsOfGroup('all', closings),
    crossed: possibleCloserAnswers.flatMap((closer) =>
      possibleCustomerAnswers.map((customer) => ({
        closer,
        customer,
        count: closings.filter(
          (closing) => (closing.closer ?? 'silent') === closer && (closing.customer ?? 'silent') === customer,
        ).length,
      })),
    ),
    byCategory: grouped(closings, ({ category }) => category),
    byTeam: grouped(closings, ({ team }) => team),
    byReason: grouped(closings, ({ reason }) => reason),
    byAttribute: [...attributes].flatMap(([name, { title, values }]) =>
      values === null
        ? []
        : [{ name, title, groups: grouped(closings, (closing) => readAttributeAsText(closing, name)) }],
    ),
    blockers: sumBlockers(blockers),
  };
}

const readAttributeAsText = ({ attributes }: ClosingVerdict, name: string): string =>
  String(new Map(Object.entries(attributes ?? {})).get(name) ?? 'not known');

function countVerdictsOfGroup(name: string, closings: ClosingVerdict[]): GroupVerdictCounts {
  const counts = Object.fromEntries(
    verdicts.map((verdict) => [verdict, closings.filter((closing) => closing.verdict === verdict).length]),
  ) as Record<Verdict, number>;
  const confirmed = counts.confirmed + counts['unseen-recovery'];
  return { name, total: closings.length, counts, confirmed: computeShare(confirmed, closings.length) };
}

const grouped = (closings: ClosingVerdict[], nameOf: (closing: ClosingVerdict) => string): GroupVerdictCounts[] =>
  [...Map.groupBy(closings, nameOf)]
    .map(([name, own]) => countVerdictsOfGroup(name, own))
    .sort((a, b) => b.total - a.total || a.name.localeCompare(b.name));

function sumBlockers(named: NamedBlocker[]): BlockerSums[] {
  const countBlockersByName = (own: NamedBlocker[], nameOf: (entry: NamedBlocker) => string) =>
    [...Map.groupBy(own, nameOf)]
      .map(([name, { length }]) => ({ name, count: length }))
      .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
  const sum = (own: NamedBlocker[], of: (entry: NamedBlocker) => number) =>
    own.reduce((total, entry) => total + of(entry), 0);
  return [...Map.groupBy(named, ({ blocker }) => blocker)]
    .map(([blocker, own]) => ({
      blocker,
      count: own.length,
      customers: sum(own, ({ customers }) => customers),
      revenue: sum(own, ({ revenue }) => revenue),
      knownGaps: own.filter(({ isKnownGap }) => isKnownGap).length,
      categories: countBlockersByName(own, ({ category }) => category),
      teams: countBlockersByName(own, ({ team }) => team),
    }))
    .sort((a, b) => b.count - a.count || a.blocker.localeCompare(b.blocker));
}
