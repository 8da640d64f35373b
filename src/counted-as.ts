import type { TrackerDefinition } from '#domain/integrations/tracker-definition.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import type { createAddressReader } from './vendor-address.ts';

interface Reached {
  address: ReturnType<typeof createAddressReader>;
  readCurrentAndPreviousSecrets(name: string): string[];
}

/** The first tracker with a tracker's host and credentials, perhaps itself: vendors count limits by credential. */
export function findCountedAs(
  trackers: WorkspaceSettings['trackers'],
  definitions: TrackerDefinition[],
  { address, readCurrentAndPreviousSecrets }: Reached,
  name: string,
): string {
  const describeCredentials = (known: string): string | null => {
    const target = trackers[known];
    const definition = definitions.find(({ kind }) => kind === target?.kind);
    if (!target || !definition) return null;
    const hook = definition.webhook.secret(target);
    const secrets = definition.secrets(target).filter((secret) => secret !== hook);
    const values = secrets.map((secret) => readCurrentAndPreviousSecrets(secret)[0] ?? secret);
    return JSON.stringify([address(definition.baseUrl, target), ...values]);
  };
  const own = describeCredentials(name);
  return Object.keys(trackers).find((known) => describeCredentials(known) === own) ?? name;
}
