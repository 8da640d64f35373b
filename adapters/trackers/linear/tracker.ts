import { joinTracker } from '#adapters/tracker-parts.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { createLinearSetUpCheck } from './check.ts';
import type { LinearClient } from './client.ts';
import { createLinearCommenter } from './comments.ts';
import { createLinearIdCache } from './id-cache.ts';
import type { ReadIssueOptions } from './issue-options.ts';
import { createLinearReader } from './read.ts';
import { createLinearWriter } from './write.ts';

/** The port over one team. */
export function createLinearTracker(client: LinearClient, team: string, readOptions: ReadIssueOptions): Tracker {
  const idCache = createLinearIdCache(client, team);
  const write: LinearClient['write'] = (operation, mutate) =>
    client.write(operation, mutate).catch((error: unknown) => {
      // A cached id may have been deleted in Linear.
      if (error instanceof IntegrationError && error.code === 'rejected') idCache.forget();
      throw error;
    });

  const { port, ...reads } = createLinearReader(client, team);
  return joinTracker({
    ...port,
    ...createLinearWriter(write, idCache, { ...reads, readOptions }),
    ...createLinearCommenter({ read: client.read, write }, idCache),
    ...createLinearSetUpCheck(client, idCache, team),
  });
}
