import { type EffectJson, noProofOfCause } from '#domain/reports/effect.ts';
import { scoreFigure, shareFigure } from '#domain/reports/figure.ts';
import type { RiskJson } from '#domain/reports/risk.ts';
import { casework, type Core, type Page, scoreKinds, store, toIsoText } from '../kit.ts';
import { type PageQuery, pageOf } from './serializers.ts';

const handlings = ['handled', 'not handled', 'no complaint'] as const;

/** What became of the customers of a period: kept and lost by how their cases stood, and scores around cases. */
export function buildEffect(
  { sql }: Core,
  days: { from: string; to: string },
  { from, to }: { from: number; to: number },
): EffectJson {
  const sums = store.sumOutcomes(sql, days.from, days.to);
  const group = (by: 'verdict' | 'handling', name: string | null): EffectJson['groups'] => {
    const own = sums.filter((row) => row[by] === name);
    const add = (rows: typeof own, of: 'customers' | 'value') => rows.reduce((sum, row) => sum + row[of], 0);
    const kept = own.filter(({ outcome }) => outcome !== 'left');
    if (own.length === 0) return [];
    const list = `outcomes?${new URLSearchParams({ [by]: name ?? 'none', each: 'newest', ...days })}`;
    const share = shareFigure(add(kept, 'customers'), add(own, 'customers'));
    const keptValue = add(kept, 'value');
    return [{ by, name, kept: share, keptValue, lostValue: add(own, 'value') - keptValue, list }];
  };
  const byHandling = handlings.flatMap((name) => group('handling', name));
  return {
    note: noProofOfCause,
    groups: [...[...casework.verdicts, null].flatMap((name) => group('verdict', name)), ...byHandling],
    scores: scoreKinds.flatMap((kind) => {
      const { before, after, change } = store.sumCaseScores(sql, kind, from, to);
      if (change.count === 0) return [];
      return [{ kind, before: scoreFigure(before), after: scoreFigure(after), change: scoreFigure(change) }];
    }),
  };
}

/** Customers at risk with their reasons, those of late first. */
export const listRisksJson = (core: Core, query: PageQuery): Page<RiskJson> =>
  pageOf(
    query,
    (before, limit, since) => store.listRisks(core.sql, Number(since ?? Number.MAX_SAFE_INTEGER), before, limit),
    ({ customerKey, since, reasons }) => {
      const customer = store.findCustomer(core.sql, customerKey);
      const { name = null, tier = null, revenue = null, seq: page = null } = customer ?? {};
      const dated = reasons.map(({ at, ...reason }) => ({ ...reason, at: toIsoText(at) }));
      return { customer: customerKey, name, tier, revenue, page, since: toIsoText(since ?? 0), reasons: dated };
    },
    ({ since }) => since,
  );

export const listOutcomesJson = (core: Core, { filter, ...query }: PageQuery & { filter: store.OutcomeFilter }) =>
  pageOf(
    query,
    (before, limit, day) => store.listOutcomes(core.sql, filter, [day ?? '9', before], limit),
    ({ customerKey, seq: _, ...row }) => ({ ...row, customer: customerKey }),
    ({ day }) => day,
  );
