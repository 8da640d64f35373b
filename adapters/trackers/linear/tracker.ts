import * as kit from '../../kit.ts';
import { createLinearSetUpCheck } from './check.ts';
import { apiKey, connect, createClientCredentials } from './client.ts';
import { createLinearIdCache, createTeamFinder } from './id-cache.ts';
import { createLinearCommenter, createLinearReader } from './read.ts';
import { placesQuery } from './schema.ts';
import type { LinearSettings } from './settings.ts';
import { createLinearWriter } from './write.ts';

/** The port over one team. The last cursor tells the id that the team's key had then. */
export function createLinearTracker(
  settings: LinearSettings,
  deps: kit.TrackerDeps & { secret(name: string): string; lastCursor?(): string | null },
): kit.Tracker {
  const { team: named, token, client: app } = settings;
  const credentials = app
    ? createClientCredentials({ id: app.id, secret: deps.secret(app.secret) }, deps)
    : apiKey(deps.secret(token ?? ''));
  const client = connect(credentials, deps);
  const [, lastId = null, lastName] = deps.lastCursor?.()?.split(' ') ?? [];
  const team = createTeamFinder(client, named, lastName === named ? lastId : null);
  const idCache = createLinearIdCache(client);
  const write: typeof client.write = (name, variables) =>
    client.write(name, variables).catch((error: unknown) => {
      // A cached id may have been deleted in Linear.
      if (kit.isRefused(error)) {
        idCache.forget();
        team.forget();
      }
      throw error;
    });

  const place = { idCache, team, settings };
  const { port, ...reads } = createLinearReader(client, team);
  return {
    async deleteIssue(id) {
      await write('deleteIssue', { id });
    },
    ...port,
    ...createLinearWriter(write, place, reads),
    ...createLinearCommenter({ read: client.read, write }, idCache),
    ...createLinearSetUpCheck(client, place),
  };
}

export async function listTeams({ token, ...deps }: kit.TrackerDeps & { token: string }): Promise<kit.TrackerPlaces> {
  const { viewer, teams } = await connect(apiKey(token), deps).read(placesQuery, {});
  const places = teams.nodes.map(({ key, name }) => ({ value: key, title: `${name} (${key})` }));
  return { places, account: viewer.email };
}
