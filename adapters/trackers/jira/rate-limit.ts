import type { RateLimit } from '#domain/integrations/rate-limit.ts';
import { secondMs } from '#domain/time/units.ts';

/**
 * Jira's burst limits, per endpoint, site and issue. API tokens have no hourly points (developer.atlassian.com, rate
 * limiting). Limits of single endpoints are counted together, at the lowest.
 */
export const rateLimit: RateLimit = {
  limits: [
    { unit: 'reads', most: 100, withinMs: secondMs },
    { unit: 'writes', most: 50, withinMs: secondMs },
    { unit: 'issue-writes', most: 20, withinMs: 2 * secondMs },
    { unit: 'issue-writes', most: 100, withinMs: 30 * secondMs },
  ],
  costOf({ method, url }) {
    const path = url.split('?')[0] ?? '';
    // Jira also reads by POST.
    if (method === 'GET' || /\/(search\/jql|bulkfetch)$/.test(path)) return [{ unit: 'reads', amount: 1 }];
    const issue = /\/issue\/([^/]+)/.exec(path)?.[1];
    return [{ unit: 'writes', amount: 1 }, ...(issue ? [{ unit: 'issue-writes', amount: 1, of: issue }] : [])];
  },
  allowancesOf: () => [],
};
