import { AppError } from '#domain/base/errors.ts';
import type { Page } from '#domain/base/page.ts';
import { verdicts } from '#domain/cases/verdict.ts';
import * as json from '#domain/json/index.ts';
import { type EffectJson, noProofOfCause, type OutcomeJson } from '#domain/reports/effect.ts';
import { scoreFigure, shareFigure } from '#domain/reports/figure.ts';
import { type RiskJson, riskTexts } from '#domain/reports/risk.ts';
import { scoreKinds } from '#domain/settings/workspace-file.ts';
import { toIsoText } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import * as store from '../store/index.ts';

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
    const lost = own.filter(({ outcome }) => outcome === 'left');
    return own.length === 0
      ? []
      : [
          {
            by,
            name,
            kept: shareFigure(add(kept, 'customers'), add(own, 'customers')),
            keptValue: add(kept, 'value'),
            lostValue: add(lost, 'value'),
            list: `outcomes?${new URLSearchParams({ [by]: name ?? 'none', ...days })}`,
          },
        ];
  };
  return {
    note: noProofOfCause,
    groups: [
      ...[...verdicts, null].flatMap((verdict) => group('verdict', verdict)),
      ...handlings.flatMap((handling) => group('handling', handling)),
    ],
    scores: scoreKinds.flatMap((kind) => {
      const { before, after, change } = store.sumCaseScores(sql, kind, from, to);
      if (change.count === 0) return [];
      return [{ kind, before: scoreFigure(before), after: scoreFigure(after), change: scoreFigure(change) }];
    }),
  };
}

type ListInput = { cursor: string | null; limit: number };

/** Position after which a list goes on, as two parts of its order. */
function readCursor({ cursor }: ListInput): [string, number] | null {
  if (cursor === null) return null;
  const [, first, seq] = /^([\d-]+)_(\d+)$/.exec(cursor) ?? [];
  if (first === undefined) throw new AppError('invalid-input', 'cursor: is not a "next" of an earlier page');
  return [first, Number(seq)];
}

const pageOf = <Row extends { seq: number }, Item>(
  rows: Row[],
  { limit }: ListInput,
  first: (row: Row) => string | number | null,
  present: (row: Row) => Item,
): Page<Item> => {
  const last = rows[limit - 1];
  return {
    items: rows.slice(0, limit).map(present),
    next: rows.length > limit && last ? `${first(last)}_${last.seq}` : null,
  };
};

/** Customers at risk with their reasons, those of late first. */
export function listRisksJson(core: Core, input: ListInput): Page<RiskJson> {
  const [since, seq] = readCursor(input) ?? [Number.MAX_SAFE_INTEGER, 0];
  const rows = store.listRisks(core.sql, Number(since), seq, input.limit + 1);
  return pageOf(
    rows,
    input,
    (row) => row.since,
    ({ customerKey, since: from, reasons }) => {
      const customer = store.findCustomer(core.sql, customerKey);
      const { name = null, tier = null, revenue = null, seq: page = null } = customer ?? {};
      const dated = reasons.map(({ at, ...reason }) => ({ ...reason, at: toIsoText(at) }));
      return { customer: customerKey, name, tier, revenue, page, since: toIsoText(from ?? 0), reasons: dated };
    },
  );
}

/** Outcomes of customers, newest day first. */
export function listOutcomesJson(core: Core, input: ListInput & { filter: store.OutcomeFilter }): Page<OutcomeJson> {
  const after = readCursor(input) ?? ['9', 0];
  const rows = store.listOutcomes(core.sql, input.filter, after, input.limit + 1);
  return pageOf(
    rows,
    input,
    ({ day }) => day,
    ({ customerKey, seq: _, ...row }) => ({ ...row, customer: customerKey }),
  );
}

/** The same rows for people who may not see customers, nor the day of a renewal. */
export const maskCustomersOfRows = <Row extends { customer: string; name: string | null }>(items: Row[]): Row[] =>
  items.map((row) => ({ ...row, customer: json.maskCustomerKey(row.customer), name: null, ...maskReasons(row) }));

const maskReasons = ({ reasons }: Partial<RiskJson>) =>
  reasons && {
    reasons: reasons.map((each) =>
      each.reason === 'renewal-near' ? { ...each, why: riskTexts['renewal-near'] } : each,
    ),
  };
