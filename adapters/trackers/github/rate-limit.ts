import type { RateLimit } from '#domain/integrations/rate-limit.ts';

const minute = 60_000;
const hour = 60 * minute;

/**
 * GitHub's secondary limits, per user or installation: 80 requests that make content in a minute and 500 in an
 * hour, 900 points in a minute (docs.github.com, rate limits for the REST API). The primary limit is told by headers.
 */
export const rateLimit: RateLimit = {
  limits: [
    { unit: 'writes', most: 80, withinMs: minute },
    { unit: 'writes', most: 500, withinMs: hour },
    { unit: 'points', most: 900, withinMs: minute },
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
