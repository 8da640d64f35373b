import { joinTracker } from '#adapters/tracker-parts.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { createLinearSetUpCheck } from './check.ts';
import type { LinearClient } from './client.ts';
import { createLinearIdCache } from './id-cache.ts';
import type { ReadIssueOptions } from './issue-options.ts';
import { createLinearCommenter, createLinearReader } from './read.ts';
import { createTeamFinder } from './team.ts';
import { createLinearWriter } from './write.ts';

/** The port over one team. The last cursor tells the id that the team's key had then. */
export function createLinearTracker(
  client: LinearClient,
  named: string,
  { readOptions, lastCursor }: { readOptions: ReadIssueOptions; lastCursor: string | null },
): Tracker {
  const [, lastId = null, lastName] = lastCursor?.split(' ') ?? [];
  const team = createTeamFinder(client, named, lastName === named ? lastId : null);
  const idCache = createLinearIdCache(client);
  const write: LinearClient['write'] = (name, variables) =>
    client.write(name, variables).catch((error: unknown) => {
      // A cached id may have been deleted in Linear.
      if (error instanceof IntegrationError && error.code === 'rejected') {
        idCache.forget();
        team.forget();
      }
      throw error;
    });

  const { port, ...reads } = createLinearReader(client, team);
  return joinTracker({
    async deleteIssue(id) {
      await write('deleteIssue', { id });
    },
    ...port,
    ...createLinearWriter(write, { idCache, team, readOptions }, reads),
    ...createLinearCommenter({ read: client.read, write }, idCache),
    ...createLinearSetUpCheck(client, { idCache, team, readOptions }),
  });
}
