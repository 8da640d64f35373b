import { closeCase } from '../../issues/close.ts';
import { mirrorIssue } from '../../issues/mirror.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { needTracker, settlesCase, targetOf } from './case-row.ts';

export const reopenKind: Kind<'issue.reopen'> = {
  unknown: 'repeat',
  prepare: needTracker,

  async call(core, row) {
    const { tracker, issue } = await targetOf(core, row);
    return { issue: await tracker.reopenIssue(issue.id) };
  },

  settle: settlesCase(
    (core, caseRecord, row, { issue }) => {
      const { why, who } = row.payload;
      if (issue) mirrorIssue(core, caseRecord.id, issue, { reopened: { who, why } });
    },
    (core, caseRecord) => {
      const undone = caseRecord.issueEditLimits?.closingsReversedByPolicy.at(-1);
      if (undone && caseRecord.loop === 'working' && caseRecord.issue?.state === 'closed')
        closeCase(core, caseRecord, undone.closing);
    },
  ),
};
