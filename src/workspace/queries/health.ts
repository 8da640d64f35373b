import type { HealthJson } from '#domain/json/settings-json.ts';
import { secondMs, toIsoTextOrNull } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import * as store from '../store/index.ts';

/** How the work of a workspace gets on: what waits, since when, and what holds it. */
export function readHealth({ sql, clock }: Core): HealthJson {
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
