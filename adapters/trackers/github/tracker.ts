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
  const { findDuplicateIssues, ...reader } = githubReader(octokit, hub);
  const { addSubIssue, ...writer } = githubWriter(octokit, hub);
  const { linkIssues, ...comments } = githubComments(octokit, hub);
  const { findWhereabouts, ...setUp } = githubCheck(octokit, hub, repository);
  return {
    ...reader,
    ...writer,
    ...comments,
    findWhereabouts,
    subIssues: { addSubIssue },
    relations: { linkIssues, findDuplicateIssues },
    setUp,
  };
}
