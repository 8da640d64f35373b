import type { TrackerDefinition } from '#domain/tracker.ts';
import { type LinearSettings, settings } from './linear/settings.ts';

export type { LinearSettings };

/** Linear: issues of one team, under ids that we choose ourselves. */
export const linear: TrackerDefinition<LinearSettings> = {
  kind: 'linear',
  title: 'Linear',
  settings,
  baseUrl: { variable: 'LINEAR_API_URL', fallback: 'https://api.linear.app/graphql' },
  secrets: ({ token, client }) => [token, client?.secret].filter((name) => name !== undefined),

  async create({ team, token, client }, deps) {
    const [{ apiKey, clientCredentials }, { connect }, { linearTracker }] = await Promise.all([
      import('./linear/credentials.ts'),
      import('./linear/request.ts'),
      import('./linear/tracker.ts'),
    ]);
    const credentials = client
      ? clientCredentials({ id: client.id, secret: deps.secret(client.secret) }, deps)
      : apiKey(deps.secret(token ?? ''));
    return linearTracker(await connect(credentials, deps), team);
  },
};
