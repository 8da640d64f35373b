import { type Core, hourMs, port, store } from '../kit.ts';

type Store = Pick<Core, 'sql' | 'clock'>;

/** Guards a host's rate limit; refusing a request here costs nothing at the host. */
export function createRateMeter({ sql, clock }: Store, queue: string, rateLimit: port.RateLimit): port.Meter {
  return {
    ask({ method, url }) {
      const now = clock.now();
      const quiet = store.findQueue(sql, queue).heldUntil - now;
      if (quiet > 0) return quiet;
      const costs = rateLimit.costOf({ method, url });
      return sql.transaction(() => {
        const wait = computeWaitMs({ sql, now }, queue, rateLimit, costs, 1);
        if (wait > 0) return wait;
        for (const { limit, amount, bucket, since } of findSlots(rateLimit, costs, now)) {
          store.deleteOldUsage(sql, queue, bucket, since);
          store.addUsage(sql, queue, bucket, { at: port.slotOf(limit, now), amount });
        }
        return 0;
      });
    },

    recordReportedLimits(headers, requestedWaitMs) {
      const now = clock.now();
      // The host's clock defines its resets; ours may differ by an hour.
      const vendorTimeMs = Date.parse(headers.get('date') ?? '');
      const ahead = Number.isNaN(vendorTimeMs) ? 0 : vendorTimeMs - now;
      // Hosts count by the hour; a reset further away is a mistake, and must not stop the queue for good.
      for (const { resetsAt: at, ...allowance } of rateLimit.readAllowances(headers))
        store.allowances.put(sql, { queue, ...allowance, resetsAt: Math.min(at - ahead, now + hourMs) });
      if (requestedWaitMs !== null) store.holdQueue(sql, queue, now + requestedWaitMs);
    },
  };
}

/** Milliseconds until the last of some writes may start in a queue; units per resource are left to the meter. */
export function computeRateLimitWaitMs({ sql, clock }: Store, queue: string, rateLimit: port.RateLimit, writes = 1) {
  const costs = rateLimit.costOf({ method: 'POST', url: '' }).filter(({ of }) => of === undefined);
  return computeWaitMs({ sql, now: clock.now() }, queue, rateLimit, costs, writes);
}

type Costs = ReturnType<port.RateLimit['costOf']>;

/** Milliseconds until the last of some requests with these costs fits. */
function computeWaitMs(
  { sql, now }: Pick<Store, 'sql'> & { now: number },
  queue: string,
  rateLimit: port.RateLimit,
  costs: Costs,
  requests: number,
): number {
  const waits = findSlots(rateLimit, costs, now).map(({ limit, amount, bucket, since }) => {
    const usage = store.readUsageOfBucket(sql, queue, bucket, since);
    return port.estimateLastCallMs(limit, usage, requests * Math.min(amount, limit.most), now);
  });
  const resets = store.allowances.list(sql, { queue }).map((allowance) => {
    const amount = costs.find(({ unit }) => unit === allowance.unit)?.amount ?? 0;
    return port.computeResetWaitMs(allowance, amount, now);
  });
  return Math.max(0, ...waits, ...resets);
}

/** What a request counts for: each limit with its bucket, and the beginning of its window. */
const findSlots = ({ limits }: port.RateLimit, costs: Costs, now: number) =>
  costs.flatMap(({ unit, amount, of = '' }) =>
    limits
      .filter((limit) => limit.unit === unit)
      .map((limit) => ({
        ...{ limit, amount },
        bucket: `${unit}/${limit.windowMs}/${of}`,
        since: now - limit.windowMs - port.slotMs(limit),
      })),
  );
