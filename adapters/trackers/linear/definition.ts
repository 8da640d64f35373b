import * as z from 'zod';
import * as kit from '../../kit.ts';
import { type LinearSettings, settings } from './settings.ts';

const units = ['requests', 'complexity'] as const;

/** Linear's limits differ by credentials, so only its headers count (linear.app/developers/rate-limiting). */
const rateLimit: kit.RateLimit = {
  limits: [],
  costOf: () => [
    { unit: 'requests', amount: 1 },
    { unit: 'complexity', amount: 500 },
  ],
  readAllowances: (headers) =>
    units.flatMap((unit) => {
      const [remaining, reset] = ['remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${unit}-${name}`));
      return remaining && reset ? [{ unit, remaining: Number(remaining), resetsAt: Number(reset) }] : [];
    }),
  reportsLimit: (status, text) => status === 400 && text.includes('"RATELIMITED"'),
};

const stamped = z.looseObject({ webhookTimestamp: z.number() });

/** The signed body holds the time in milliseconds, which is valid for a minute (linear.app/developers/webhooks). */
function isFresh(body: Uint8Array, now: number): boolean {
  const { data } = stamped.safeParse(kit.jsonOrNull(body));
  return data !== undefined && Math.abs(now - data.webhookTimestamp) <= kit.minuteMs;
}

/** Linear: issues of one team, under ids that Caselite chooses. */
export const linear: kit.TrackerDefinition<LinearSettings> = {
  kind: 'linear',
  title: 'Linear',
  settings,
  baseUrl: { variable: 'LINEAR_API_URL', fallback: 'https://api.linear.app/graphql' },
  rateLimit,
  longestBody: 64_000,
  webhook: kit.signedHook(
    { signature: 'linear-signature', prefix: '', id: 'linear-delivery' },
    z
      .object({ data: z.object({ id: z.string(), issueId: z.string().optional() }) })
      .transform(({ data }) => data.issueId ?? data.id),
    isFresh,
  ),
  rechecksPerPoll: 50,
  cannot: [
    'Workspaces are never public.',
    'What an API key may do, and in which teams, cannot be read ahead.',
    'Ticks in the text of an issue are not followed, because no webhook is known to tell them.',
    'The history does not show who closed an issue in its first three minutes.',
    'Linear switches off a webhook that fails for long; what is missed is found by polls.',
  ],
  secrets: ({ token, client, 'webhook-secret': hook }) =>
    [token, client?.secret, hook].filter((name) => name !== undefined),

  places: {
    setting: 'team',
    list: async (deps) => (await import('./tracker.ts')).listTeams(deps),
  },

  create: async (given, deps) => (await import('./tracker.ts')).createLinearTracker(given, deps),
};
