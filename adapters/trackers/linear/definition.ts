import * as z from 'zod';
import type * as port from '#domain/integrations/index.ts';
import { baseTrackerFields, SecretName } from '#domain/settings/workspace-file.ts';
import { minuteMs } from '#domain/time/units.ts';
import * as kit from '../../kit.ts';
import { createIssueOptionsReader, issueOptions } from './issue-options.ts';

const settings = z
  .strictObject({
    kind: z.literal('linear'),
    team: z.string().min(1).describe('Key of the team, as in GRO-12, or its id'),
    token: SecretName.optional().describe('Name of the secret that holds the API key'),
    client: z
      .strictObject({
        id: z.string().min(1).describe('Client ID of an OAuth application of this workspace alone'),
        secret: SecretName.describe('Name of the secret that holds the client secret'),
      })
      .optional()
      .describe('An OAuth application with client credentials instead of a key'),
    ...issueOptions,
    ...baseTrackerFields,
  })
  .refine(({ token, client }) => (token === undefined) !== (client === undefined), {
    path: ['token'],
    message: 'give either token or client',
  });
export type LinearSettings = z.infer<typeof settings>;

const units = ['requests', 'complexity'] as const;

/** Linear's limits differ by credentials, so only its headers count (linear.app/developers/rate-limiting). */
const rateLimit: port.RateLimit = {
  limits: [],
  costOf: () => [
    { unit: 'requests', amount: 1 },
    // Cost of the largest document.
    { unit: 'complexity', amount: 500 },
  ],
  readAllowances: (headers) =>
    units.flatMap((unit) => {
      const [remaining, reset] = ['remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${unit}-${name}`));
      return remaining && reset ? [{ unit, remaining: Number(remaining), resetsAt: Number(reset) }] : [];
    }),
};

const stamped = z.looseObject({ webhookTimestamp: z.number() });

/** The signed body holds the time in milliseconds, which is valid for a minute (linear.app/developers/webhooks). */
function isFresh(body: Uint8Array, now: number): boolean {
  const { data } = stamped.safeParse(kit.jsonOrNull(body));
  return data !== undefined && Math.abs(now - data.webhookTimestamp) <= minuteMs;
}

/** Linear: issues of one team, under ids that Caselite chooses. */
export const linear: port.TrackerDefinition<LinearSettings> = {
  kind: 'linear',
  title: 'Linear',
  settings,
  baseUrl: { variable: 'LINEAR_API_URL', fallback: 'https://api.linear.app/graphql' },
  rateLimit,
  longestBody: 64_000,
  webhook: kit.signedHook({ signature: 'linear-signature', prefix: '', id: 'linear-delivery' }, isFresh),
  rechecksPerPoll: 50,
  cannot: [
    'Workspaces are never public.',
    'An API key has all rights of its person: what it may do cannot be checked ahead.',
    'Ticks in the text of an issue are not followed, because no webhook is known to tell them.',
    'The history does not show who closed an issue in its first three minutes.',
    'Linear switches off a webhook that fails for long; what is missed is found by polls.',
  ],
  secrets: ({ token, client, 'webhook-secret': hook }) =>
    [token, client?.secret, hook].filter((name) => name !== undefined),

  places: {
    setting: 'team',
    async list({ token, ...deps }) {
      const [{ apiKey }, { connect }, { placesQuery }] = await Promise.all([
        import('./credentials.ts'),
        import('./client.ts'),
        import('./schema.ts'),
      ]);
      const { viewer, teams } = await (await connect(apiKey(token), deps)).read(placesQuery, {});
      const places = teams.nodes.map(({ key, name }) => ({ value: key, title: `${name} (${key})` }));
      return { places, account: viewer.email };
    },
  },

  async create({ team, token, client, state, project, labels = [] }, deps) {
    const [
      { apiKey, createClientCredentials: clientCredentials },
      { connect },
      { createLinearTracker: linearTracker },
    ] = await Promise.all([import('./credentials.ts'), import('./client.ts'), import('./tracker.ts')]);
    const credentials = client
      ? clientCredentials({ id: client.id, secret: deps.secret(client.secret) }, deps)
      : apiKey(deps.secret(token ?? ''));
    const readOptions = createIssueOptionsReader({ state, project, labels });
    const lastCursor = deps.lastCursor?.() ?? null;
    return linearTracker(await connect(credentials, deps), team, { readOptions, lastCursor });
  },
};
