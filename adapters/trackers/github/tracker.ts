import { joinTracker } from '#adapters/tracker-parts.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { createGithubSetUpCheck } from './check.ts';
import { createGithubCommenter } from './comments.ts';
import type { Octokit } from './credentials.ts';
import { createGithubReader } from './read.ts';
import { createRepositoryAccess } from './repository.ts';
import { createGithubWriter } from './write.ts';

/** The port over one repository. */
export function createGithubTracker(octokit: Octokit, repository: string, retryMs: number): Tracker {
  const hub = createRepositoryAccess(octokit, repository, retryMs);
  return joinTracker({
    ...createGithubReader(octokit, hub),
    ...createGithubWriter(octokit, hub),
    ...createGithubCommenter(octokit, hub),
    ...createGithubSetUpCheck(octokit, hub, repository),
  });
}
