import type { Tracker } from '#domain/integrations/tracker.ts';
import type { Core } from '../core.ts';
import { getCase } from '../store/cases.ts';
import { findOldestCommentTime, keepTrackerComments } from '../store/comments.ts';
import { followMovedIssue } from './follow-move.ts';
import { mirrorIssue, runCommentCommands, storeReasons } from './mirror.ts';
import { recordMissedReadUnlessHere, whereabouts } from './missing-issue.ts';

/** Some trackers count in whole seconds, so a read this soon after a change may miss a second one. */
export const missedChangeWindowMs = 5000;

/** Reads one issue with its new comments and takes them over, or counts a missed read. */
export async function readAndMirrorIssue(core: Core, tracker: Tracker, caseId: string, issueId: string): Promise<void> {
  const issue = await tracker.readIssue(issueId);
  if (!issue) {
    const where = await whereabouts(tracker, issueId);
    if (where.kind === 'moved' && (await followMovedIssue(core, caseId))) return;
    return recordMissedReadUnlessHere(core, caseId, where);
  }
  if (issue.condition === 'moved' && (await followMovedIssue(core, caseId))) return;
  const seenUntil = getCase(core.sql, caseId).commentsSeenUntil;
  const since = Math.min(findOldestCommentTime(core.sql, caseId, issueId) ?? seenUntil, seenUntil);
  const comments = await tracker.listComments(issueId, since);
  core.sql.transaction(() => {
    keepTrackerComments(core.sql, { caseId, issueId, since, now: core.clock.now() }, comments);
    storeReasons(core, caseId, comments);
    mirrorIssue(core, caseId, issue);
    runCommentCommands(core, caseId, comments);
  });
}
