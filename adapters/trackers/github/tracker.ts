import { joinTracker } from '#adapters/tracker-parts.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { githubCheck } from './check.ts';
import { githubComments } from './comments.ts';
import type { Octokit } from './credentials.ts';
import { githubReader } from './read.ts';
import { createRepository } from './repository.ts';
import { githubWriter } from './write.ts';

/** The port over one repository. */
export function githubTracker(octokit: Octokit, repository: string, retryMs: number): Tracker {
  const hub = createRepository(octokit, repository, retryMs);
  return joinTracker({
    ...githubReader(octokit, hub),
    ...githubWriter(octokit, hub),
    ...githubComments(octokit, hub),
    ...githubCheck(octokit, hub, repository),
  });
}
