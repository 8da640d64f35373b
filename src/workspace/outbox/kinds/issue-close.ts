import { draftIssue } from '../../basics/draft-issue.ts';
import { mirrorClosing, startGeneration } from '../../issues/close.ts';
import { mirrorIssue } from '../../issues/mirror.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { getCase, updateCase } from '../../store/cases.ts';
import { commentOnReopening } from '../../tracker-requests/reopen.ts';
import { requestCall } from '../../tracker-requests/sync-issue.ts';
import { createCaseSettler, requireTracker, requireTrackerAndIssue } from './issue-edit.ts';

/** Closing a closed issue changes nothing, so a call with an unknown outcome is repeated. */
export const issueCloseKind: Kind<'issue.close'> = {
  unknown: 'repeat',
  prepare: requireTracker,

  async call(core, row) {
    const { tracker, issue, caseRecord } = await requireTrackerAndIssue(core, row);
    const { kind, canonical: other } = row.payload;
    const canonical = other ? getCase(core.sql, other) : null;
    const repeated = canonical?.tracker === caseRecord.tracker ? canonical.issue?.id : undefined;
    return { issue: await tracker.closeIssue(issue.id, kind, repeated) };
  },

  settle: createCaseSettler(
    (core, caseRecord, _, { issue }) => {
      if (issue) mirrorIssue(core, caseRecord.id, issue);
    },
    (core, caseRecord) => updateCase(core.sql, caseRecord.id, { closing: null }),
  ),
};

export const issueReopenKind: Kind<'issue.reopen'> = {
  unknown: 'repeat',
  prepare: requireTracker,

  async call(core, row) {
    if (!getCase(core.sql, row.payload.caseId).issue) return null;
    const { tracker, issue } = await requireTrackerAndIssue(core, row);
    return { issue: await tracker.reopenIssue(issue.id) };
  },

  settle: createCaseSettler(
    (core, caseRecord, row, { issue }) => {
      const { why, who } = row.payload;
      if (!issue) {
        // A case that was closed without an issue gets one now.
        if (caseRecord.loop === 'working') return;
        const key = `create:${caseRecord.id}:${caseRecord.generation + 1}`;
        requestCall(core, caseRecord, 'issue.create', key, draftIssue(core, caseRecord));
        startGeneration(core, caseRecord.id, who, why);
        return;
      }
      commentOnReopening(core, caseRecord, row.key, { who, why });
      mirrorIssue(core, caseRecord.id, issue, { reopened: { who, why } });
    },
    (core, caseRecord) => {
      const undone = caseRecord.editHistory?.closingsReversedByPolicy.at(-1);
      if (undone && caseRecord.loop === 'working' && caseRecord.issue?.state === 'closed')
        mirrorClosing(core, caseRecord, undone.closing);
    },
  ),
};
