import * as z from 'zod';
import { computeShare, Share } from '../base/share.ts';
import { possibleCloserAnswers, possibleCustomerAnswers, type Verdict, verdicts } from '../cases/verdict.ts';

/* Sums of both sides' answers. Nothing here is about one person. */

export interface ClosingVerdict {
  verdict: Verdict;
  customer: 'yes' | 'partly' | 'no' | null;
  closer: 'yes' | 'partly' | 'unable' | null;
}

export interface NamedBlocker {
  blocker: string;
  category: string;
  team: string;
  customers: number;
  revenue: number;
  /** 1 for a blocker of a known gap, else 0. */
  isKnownGap: number;
}

const counts = z.array(z.object({ name: z.string(), count: z.int() }));

const BlockerSums = z.object({
  blocker: z.string(),
  count: z.int(),
  customers: z.int(),
  revenue: z.number(),
  knownGaps: z.int(),
  reasons: z.int().describe('Customers who give the same reason'),
  categories: counts,
  teams: counts,
});
type BlockerSums = z.output<typeof BlockerSums>;

export const VerdictAndBlockerSums = z.object({
  total: z.object({ total: z.int(), counts: z.record(z.enum(verdicts), z.int()), confirmed: Share }),
  crossed: z.array(
    z.object({ closer: z.enum(possibleCloserAnswers), customer: z.enum(possibleCustomerAnswers), count: z.int() }),
  ),
  blockers: z.array(BlockerSums),
});
type VerdictAndBlockerSums = z.output<typeof VerdictAndBlockerSums>;

/** @param reasons numbers of customers by the reason that they give */
export function sumVerdictsAndBlockers(
  closings: ClosingVerdict[],
  blockers: NamedBlocker[],
  reasons: ReadonlyMap<string, number> = new Map(),
): VerdictAndBlockerSums {
  const total = closings.length;
  const count = (isCounted: (closing: ClosingVerdict) => boolean) => closings.filter(isCounted).length;
  const counts = Object.fromEntries(
    verdicts.map((verdict) => [verdict, count((closing) => closing.verdict === verdict)]),
  ) as Record<Verdict, number>;
  return {
    total: { total, counts, confirmed: computeShare(counts.confirmed + counts['unseen-recovery'], total) },
    crossed: possibleCloserAnswers.flatMap((closer) =>
      possibleCustomerAnswers.map((customer) => ({
        closer,
        customer,
        count: count((own) => (own.closer ?? 'silent') === closer && (own.customer ?? 'silent') === customer),
      })),
    ),
    blockers: sumBlockers(blockers, reasons),
  };
}

function sumBlockers(named: NamedBlocker[], reasons: ReadonlyMap<string, number>): BlockerSums[] {
  const countBlockersByName = (own: NamedBlocker[], nameOf: (entry: NamedBlocker) => string) =>
    [...Map.groupBy(own, nameOf)]
      .map(([name, { length }]) => ({ name, count: length }))
      .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
  const sum = (own: NamedBlocker[], of: (entry: NamedBlocker) => number) =>
    own.reduce((total, entry) => total + of(entry), 0);
  const byName = Map.groupBy(named, ({ blocker }) => blocker);
  for (const reason of reasons.keys()) if (!byName.has(reason)) byName.set(reason, []);
  return [...byName]
    .map(([blocker, own]) => ({
      blocker,
      count: own.length,
      customers: sum(own, ({ customers }) => customers),
      revenue: sum(own, ({ revenue }) => revenue),
      knownGaps: sum(own, ({ isKnownGap }) => isKnownGap),
      reasons: reasons.get(blocker) ?? 0,
      categories: countBlockersByName(own, ({ category }) => category),
      teams: countBlockersByName(own, ({ team }) => team),
    }))
    .sort((a, b) => b.count + b.reasons - a.count - a.reasons || a.blocker.localeCompare(b.blocker));
}
