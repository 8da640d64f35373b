import type { RateLimit } from '#domain/integrations/rate-limit.ts';
import { hourMs, minuteMs } from '#domain/time/units.ts';

/**
 * GitHub's secondary limits, per user or installation: 80 requests that create content per minute and 500 per hour, 900
 * points per minute (docs.github.com, rate limits for the REST API). Headers report the primary limit.
 */
export const rateLimit: RateLimit = {
  limits: [
    { unit: 'writes', most: 80, withinMs: minuteMs },
    { unit: 'writes', most: 500, withinMs: hourMs },
    { unit: 'points', most: 900, withinMs: minuteMs },
  ],
  costOf({ method }) {
    const requests = { unit: 'requests', amount: 1 };
    if (method === 'GET' || method === 'HEAD') return [requests, { unit: 'points', amount: 1 }];
    return [requests, { unit: 'points', amount: 5 }, { unit: 'writes', amount: 1 }];
  },
  allowancesOf(headers) {
    const [remaining, reset] = ['remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`));
    if (!remaining || !reset || (headers.get('x-ratelimit-resource') ?? 'core') !== 'core') return [];
    return [{ unit: 'requests', remaining: Number(remaining), resetsAt: Number(reset) * 1000 }];
  },
};
