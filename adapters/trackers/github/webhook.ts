import { verifyHook } from '#adapters/tracker-hook.ts';
import type { TrackerHook } from '#domain/integrations/tracker-definition.ts';
import type { GitHubSettings } from './settings.ts';

/** The signature holds no time, so that a repeated delivery is recognised by its id (docs.github.com, webhooks). */
export const webhook: TrackerHook<GitHubSettings> = {
  secret: (settings) => settings['webhook-secret'] ?? null,
  verify: (hook, secrets) =>
    verifyHook(hook, secrets, {
      signature: 'x-hub-signature-256',
      prefix: 'sha256=',
      id: 'x-github-delivery',
    }),
};
