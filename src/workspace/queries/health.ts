import type { HealthJson } from '#domain/json/settings-json.ts';
import { secondMs, toIsoTextOrNull } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { countCases, countDeliveries, countOpenRowsByQueue, countTotals } from '../store/health.ts';
import { findQueue } from '../store/queues.ts';
import { computeLagMs } from '../store/schedule.ts';

/** How the work of a workspace gets on: what waits, since when, and what holds it. */
export function readHealth({ sql, clock }: Core): HealthJson {
  const now = clock.now();
  const { oldestWaitingAt, ...deliveries } = countDeliveries(sql);
  return {
    lagSeconds: Math.round(computeLagMs(sql, now) / secondMs),
    deliveries: { ...deliveries, oldestWaitingAt: toIsoTextOrNull(oldestWaitingAt) },
    totals: countTotals(sql),
    cases: countCases(sql),
    queues: countOpenRowsByQueue(sql).map(({ oldestAt, ...row }) => {
      const { pausedAt, heldUntil, rateLimitedUntil } = findQueue(sql, row.queue);
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
