import {
  mirrorSubIssue,
  queueSubIssueCloseOrReopen,
  refreshPlanInIssue,
  turnStepIntoCheckBox,
} from '../../cases/sub-issues.ts';
import { basics, store } from '../../kit.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { newIssueKindBase } from './issue-create.ts';
import { createCaseSettler, requireTracker, requireTrackerAndIssue, requireTrackerInterface } from './issue-edit.ts';

/** A sub-issue with a marker of its own, by which a lost answer is looked up like that of a create. */
export const subIssueCreateKind: Kind<'issue.sub'> = {
  ...newIssueKindBase,

  async call(core, row) {
    const { tracker, issue } = await requireTrackerAndIssue(core, row);
    const { caseId: _, position: __, ...draft } = row.payload;
    const subIssueWriter = requireTrackerInterface(tracker.subIssueWriter, row, 'sub-issues');
    return { issue: await subIssueWriter.addSubIssue(issue.id, draft) };
  },

  settle(core, row, settled) {
    const { caseId, position } = row.payload;
    const step = store.planSteps.find(core.sql, { caseId, position });
    if (!step) return;
    if (settled.issue) {
      basics.record(core, caseId, 'sub-issue created', settled.issue.title, { evidence: settled.issue.key });
      mirrorSubIssue(core, step, settled.issue);
      queueSubIssueCloseOrReopen(core, caseId, position);
      refreshPlanInIssue(core, caseId);
    } else if (settled.refused) {
      turnStepIntoCheckBox(core, step, `the tracker refused a sub-issue: ${settled.refused}`);
    } else {
      turnStepIntoCheckBox(core, step, 'it is unknown whether the tracker created its sub-issue');
      createCaseSettler<'issue.sub'>(() => {})(core, row, settled);
    }
  },
};

/** Closes or reopens a step's sub-issue to match the step at the time of the call. Repeating it is harmless. */
export const subIssueStateKind: Kind<'issue.sub-state'> = {
  unknown: 'repeat',
  prepare: requireTracker,

  async call(core, row) {
    const { caseId, position } = row.payload;
    const step = store.planSteps.find(core.sql, { caseId, position });
    if (step?.form !== 'sub-issue' || !step.issue) return null;
    const tracker = await core.integrations.tracker(row.queue);
    const { id } = step.issue;
    return { issue: step.doneAt === null ? await tracker.reopenIssue(id) : await tracker.closeIssue(id, 'completed') };
  },

  settle(core, row, { issue, refused, unknown }) {
    const { caseId, position } = row.payload;
    const step = store.planSteps.find(core.sql, { caseId, position });
    const trouble = refused ?? unknown;
    if (step && issue) store.storeMirroredSubIssue(core.sql, step, issue, core.clock.now());
    else if (step && trouble) turnStepIntoCheckBox(core, step, `the tracker did not change its issue: ${trouble}`);
  },
};
