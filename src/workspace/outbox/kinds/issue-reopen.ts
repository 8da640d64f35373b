import { closeCase } from '../../issues/close.ts';
import { mirrorIssue } from '../../issues/mirror.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { type CasePayload, needTracker, settlesCase, targetOf } from './case-row.ts';

interface ReopenPayload extends CasePayload {
  why?: string;
  /** The person who wanted it; Caselite by itself where nobody is named. */
  who?: string;
}

export const reopenKind: Kind = {
  unknown: 'repeat',
  prepare: needTracker,

  async call(core, row) {
    const { tracker, issue } = await targetOf(core, row);
    return { issue: await tracker.reopenIssue(issue.id) };
  },

  settle: settlesCase(
    (core, caseRecord, row, { issue }) => {
      const { why, who = 'Caselite' }: ReopenPayload = JSON.parse(row.payload);
      if (issue) mirrorIssue(core, caseRecord.id, issue, why ? { reopened: { who, why } } : {});
    },
    // A closing that could not be undone stands.
    (core, caseRecord) => {
      const undone = caseRecord.editConflicts?.undoneClosings.at(-1);
      if (undone && caseRecord.loop === 'working' && caseRecord.issue?.state === 'closed')
        closeCase(core, caseRecord, undone.closing);
    },
  ),
};
