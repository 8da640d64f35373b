import type { Tracker } from '#domain/integrations/tracker.ts';
import type { Octokit } from './auth.ts';
import { githubChanges } from './changes.ts';
import { githubCheck } from './check.ts';
import { githubComments } from './comments.ts';
import { githubIssues } from './issues.ts';
import { createRepository, numberOf } from './repository.ts';

/** The port over one repository. */
export function githubTracker(octokit: Octokit, repository: string, retryMs: number): Tracker {
  const hub = createRepository(octokit, repository, retryMs);
  return {
    ...githubChanges(octokit, hub),
    ...githubIssues(octokit, hub),
    ...githubComments(octokit, hub),
    ...githubCheck(octokit, hub, repository),
    async readIssue(id) {
      const issue = await hub.getIssue(numberOf(id));
      return issue && hub.snapshot(issue);
    },
  };
}
