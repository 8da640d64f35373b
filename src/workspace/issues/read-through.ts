import type { Tracker } from '#domain/tracker.ts';
import { record } from '../cases/timeline.ts';
import type { Core } from '../core.ts';
import { cancelFollowUps } from '../loop/withdraw.ts';
import { getCase, updateCase } from '../store/cases.ts';
import { keepReasons, mirrorIssue, obeyComments } from './mirror.ts';

/** Times may be whole seconds: what was read so soon after a change may have missed a second one. */
export const sameInstantMs = 5000;

/** Reads one issue and its new comments through, and takes over what they show. */
export async function readThrough(
  core: Core,
  tracker: Tracker,
  caseId: string,
  issueId: string,
): Promise<void> {
  const issue = await tracker.readIssue(issueId);
  const { commentsSeenAt } = getCase(core.sql, caseId);
  const comments = issue ? await tracker.listComments(issueId, commentsSeenAt) : [];
  core.sql.transaction(() => {
    keepReasons(core, caseId, comments);
    if (issue) mirrorIssue(core, caseId, issue);
    else lose(core, caseId);
    obeyComments(core, caseId, comments);
  });
}

/** Deleted, moved out of sight, or hidden from us: no mail, shown for a decision. */
function lose(core: Core, caseId: string): void {
  const why = 'its issue can no longer be read: deleted, moved, or no longer visible to Caselite';
  const gone = 'its issue is gone';
  cancelFollowUps(core, getCase(core.sql, caseId), { unsent: gone, unanswered: gone });
  updateCase(core.sql, caseId, { loop: 'dropped', closingReason: 'gone', needsPerson: why, overdue: false });
  record(core, caseId, 'issue gone', why);
}
