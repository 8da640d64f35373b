import type { TrackerDefinition } from '#domain/integrations/tracker-definition.ts';
import { rateLimit } from './rate-limit.ts';
import { type LinearSettings, settings } from './settings.ts';
import { webhook } from './webhook.ts';

export type { LinearSettings };

/** Linear: issues of one team, under ids that Caselite chooses. */
export const linear: TrackerDefinition<LinearSettings> = {
  kind: 'linear',
  title: 'Linear',
  settings,
  baseUrl: { variable: 'LINEAR_API_URL', fallback: 'https://api.linear.app/graphql' },
  rateLimit,
  webhook,
  rechecksPerPoll: 50,
  cannot: [
    'Workspaces are never public.',
    'An API key has all rights of its person: what it may do cannot be checked ahead.',
    'Who closed an issue in its first three minutes is not told by its history.',
    'Linear switches off a webhook that fails for long; what is missed is found by polls.',
  ],
  secrets: ({ token, client, 'webhook-secret': hook }) =>
    [token, client?.secret, hook].filter((name) => name !== undefined),

  async create({ team, token, client }, deps) {
    const [{ apiKey, clientCredentials }, { connect }, { linearTracker }] = await Promise.all([
      import('./credentials.ts'),
      import('./client.ts'),
      import('./tracker.ts'),
    ]);
    const credentials = client
      ? clientCredentials({ id: client.id, secret: deps.secret(client.secret) }, deps)
      : apiKey(deps.secret(token ?? ''));
    return linearTracker(await connect(credentials, deps), team);
  },
};
