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
  const { findDuplicateIssues, ...changes } = githubChanges(octokit, hub);
  const { addSubIssue, ...issues } = githubIssues(octokit, hub);
  const { linkIssues, ...comments } = githubComments(octokit, hub);
  const { findWhereabouts, ...setUp } = githubCheck(octokit, hub, repository);
  return {
    ...changes,
    ...issues,
    ...comments,
    findWhereabouts,
    subIssues: { addSubIssue },
    relations: { linkIssues, findDuplicateIssues },
    setUp,
    async readIssue(id) {
      const issue = await hub.getIssue(numberOf(id));
      return issue && hub.snapshot(issue);
    },
  };
}
