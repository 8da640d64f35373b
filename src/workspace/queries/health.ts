import { type Core, type json, secondMs, store, toIsoTextOrNull } from '../kit.ts';

/** How the work of a workspace gets on: what waits, since when, and what holds it. */
export function readHealth({ sql, clock }: Core): json.HealthJson {
  const now = clock.now();
  const { oldestWaitingAt, ...deliveries } = store.countDeliveries(sql);
  return {
    lagSeconds: Math.round(store.computeLagMs(sql, now) / secondMs),
    deliveries: { ...deliveries, oldestWaitingAt: toIsoTextOrNull(oldestWaitingAt) },
    totals: store.countTotals(sql),
    cases: store.countCasesByNeed(sql),
    queues: store.countOpenRowsByQueue(sql).map(({ oldestAt, ...row }) => {
      const { pausedAt, heldUntil, rateLimitedUntil } = store.findQueue(sql, row.queue);
      const held = Math.max(heldUntil, rateLimitedUntil);
      return {
        ...row,
        oldestAt: toIsoTextOrNull(oldestAt),
        pausedSince: toIsoTextOrNull(pausedAt),
        heldUntil: toIsoTextOrNull(held > now ? held : null),
      };
    }),
  };
}
