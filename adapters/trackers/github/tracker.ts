import { joinTracker } from '#adapters/tracker-parts.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { createGithubSetUpCheck } from './check.ts';
import type { Octokit } from './credentials.ts';
import { createGithubHooks } from './hooks.ts';
import { createGithubCommenter, createGithubReader } from './read.ts';
import { createRepositoryAccess } from './repository.ts';
import type { GitHubSettings } from './settings.ts';
import { createGithubWriter } from './write.ts';

/** The port over one repository. */
export function createGithubTracker(
  octokit: Octokit,
  settings: GitHubSettings,
  { retryMs, secret }: { retryMs: number; secret(name: string): string },
): Tracker {
  const hub = createRepositoryAccess(octokit, settings.repository, retryMs);
  const hookSecret = settings['webhook-secret'];
  return joinTracker({
    ...(hookSecret && { hooks: createGithubHooks(octokit, hub, () => secret(hookSecret)) }),
    ...createGithubReader(octokit, hub),
    ...createGithubWriter(octokit, hub, settings),
    ...createGithubCommenter(octokit, hub),
    ...createGithubSetUpCheck(octokit, hub, settings),
  });
}
