import { joinTracker } from '#adapters/tracker-parts.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { linearCheck } from './check.ts';
import type { LinearClient } from './client.ts';
import { linearComments } from './comments.ts';
import { createLinearLookups } from './lookups.ts';
import { linearReader } from './read.ts';
import { linearWriter } from './write.ts';

/** The port over one team. */
export function linearTracker(client: LinearClient, team: string): Tracker {
  const lookups = createLinearLookups(client, team);
  const write: LinearClient['write'] = (operation, mutate) =>
    client.write(operation, mutate).catch((error: unknown) => {
      // A cached id may have been deleted in Linear.
      if (error instanceof IntegrationError && error.code === 'rejected') lookups.forget();
      throw error;
    });

  const { port, ...reads } = linearReader(client, team);
  return joinTracker({
    ...port,
    ...linearWriter(write, lookups, reads),
    ...linearComments({ read: client.read, write }, lookups),
    ...linearCheck(client, lookups, team),
  });
}
