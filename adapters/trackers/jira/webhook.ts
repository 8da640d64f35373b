import { verifyHook } from '#adapters/tracker-hook.ts';
import type { TrackerHook } from '#domain/integrations/tracker-definition.ts';
import type { JiraSettings } from './settings.ts';

/**
 * An admin webhook with a secret; webhooks without one have no signature and are refused. A retry keeps its identifier
 * (developer.atlassian.com, webhooks).
 */
export const webhook: TrackerHook<JiraSettings> = {
  secret: (settings) => settings['webhook-secret'] ?? null,
  verify: (hook, secrets) =>
    verifyHook(hook, secrets, {
      signature: 'x-hub-signature',
      prefix: 'sha256=',
      id: 'x-atlassian-webhook-identifier',
    }),
};
