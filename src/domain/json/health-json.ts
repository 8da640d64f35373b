import * as z from 'zod';
import { apiObject } from '../base/api-object.ts';

/** How the work of one workspace gets on, without personal data. Times are ISO 8601 UTC. */
export const HealthJson = apiObject('Health', {
  lagSeconds: z.number().describe('How long the oldest due work has waited for its turn'),
  deliveries: z.object({ total: z.int(), waiting: z.int(), setAside: z.int(), oldestWaitingAt: z.string().nullable() }),
  totals: z.object({ responses: z.int(), cases: z.int(), mails: z.int() }),
  cases: z.object({ open: z.int(), overdue: z.int(), disputed: z.int(), needsPerson: z.int() }),
  queues: z.array(
    z.object({
      queue: z.string().describe('A tracker, `source:` and a source, `mail`, or a channel'),
      waiting: z.int(),
      unknown: z.int().describe('Calls without an answer, which are looked up'),
      oldestAt: z.string().nullable(),
      pausedSince: z.string().nullable().describe('Since when its credentials are refused'),
      heldUntil: z.string().nullable().describe('Until when the host asked for quiet, or the rate limit is used up'),
    }),
  ),
});
export type HealthJson = z.output<typeof HealthJson>;
