import type { Kind } from '../../queues/outbox-kind.ts';
import { createCaseSettler, requireTracker, requireTrackerAndIssue } from './case-row.ts';

export const issueCommentKind: Kind<'issue.comment'> = {
  prepare: requireTracker,

  async call(core, row) {
    const { tracker, issue } = await requireTrackerAndIssue(core, row);
    await tracker.addComment(row.payload.former ?? issue.id, row.payload.draft);
    return {};
  },

  async unknown(core, row) {
    const { tracker, issue } = await requireTrackerAndIssue(core, row);
    return (await tracker.hasComment(row.payload.former ?? issue.id, row.payload.draft)) ? {} : null;
  },

  settle: createCaseSettler(() => {}),
};
