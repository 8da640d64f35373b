import type { RateLimit } from '#domain/integrations/rate-limit.ts';

const units = ['requests', 'complexity'] as const;

/**
 * Linear's limits differ by workspace and kind of credentials, so only its headers count
 * (linear.app/developers/rate-limiting). Its resets are milliseconds.
 */
export const rateLimit: RateLimit = {
  limits: [],
  costOf: () => [
    { unit: 'requests', amount: 1 },
    // Cost of the largest document.
    { unit: 'complexity', amount: 500 },
  ],
  allowancesOf: (headers) =>
    units.flatMap((unit) => {
      const [remaining, reset] = ['remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${unit}-${name}`));
      return remaining && reset ? [{ unit, remaining: Number(remaining), resetsAt: Number(reset) }] : [];
    }),
};
