import type { Tracker } from '#domain/integrations/tracker.ts';
import type { Core } from '../core.ts';
import { getCase } from '../store/cases.ts';
import { followMove } from './follow-move.ts';
import { keepReasons, mirrorIssue, obeyComments } from './mirror.ts';
import { noteMissing, whereabouts } from './missing-issue.ts';

/** Times may be whole seconds: what was read so soon after a change may have missed a second one. */
export const sameInstantMs = 5000;

/** Reads one issue and its new comments through, and takes over what they show, or that it was not to be found. */
export async function readThrough(
  core: Core,
  tracker: Tracker,
  caseId: string,
  issueId: string,
): Promise<void> {
  const issue = await tracker.readIssue(issueId);
  if (!issue) {
    const where = await whereabouts(tracker, issueId);
    if (where.kind === 'moved' && (await followMove(core, caseId))) return;
    return noteMissing(core, caseId, where);
  }
  if (issue.condition === 'moved' && (await followMove(core, caseId))) return;
  const comments = await tracker.listComments(issueId, getCase(core.sql, caseId).commentsSeenAt);
  core.sql.transaction(() => {
    keepReasons(core, caseId, comments);
    mirrorIssue(core, caseId, issue);
    obeyComments(core, caseId, comments);
  });
}
