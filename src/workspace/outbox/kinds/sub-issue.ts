import { record } from '../../basics/record-activity.ts';
import { makeCheckBox, showPlan } from '../../cases/plan-step.ts';
import { followStep, mirrorSubIssue } from '../../cases/sub-issues.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { findPlanStep, linkSubIssue } from '../../store/plan.ts';
import { needTracker, requireInterface, settlesCase, targetOf } from './case-row.ts';
import { newIssue } from './issue-create.ts';

/** A sub-issue with a marker of its own, by which a lost answer is looked up like that of a create. */
export const subKind: Kind<'issue.sub'> = {
  ...newIssue,

  async call(core, row) {
    const { tracker, issue } = await targetOf(core, row);
    const { caseId: _, position: __, ...draft } = row.payload;
    const subIssues = requireInterface(tracker.subIssues, row, 'sub-issues');
    return { issue: await subIssues.addSubIssue(issue.id, draft) };
  },

  settle(core, row, settled) {
    const { caseId, position } = row.payload;
    const step = findPlanStep(core.sql, caseId, position);
    if (!step) return;
    if (settled.issue) {
      record(core, caseId, 'sub-issue created', settled.issue.title, { evidence: settled.issue.key });
      mirrorSubIssue(core, step, settled.issue);
      followStep(core, caseId, position);
      showPlan(core, caseId);
    } else if (settled.refused) {
      makeCheckBox(core, step, `the tracker refused a sub-issue: ${settled.refused}`);
    } else {
      makeCheckBox(core, step, 'it is unknown whether the tracker created its sub-issue');
      settlesCase<'issue.sub'>(() => {})(core, row, settled);
    }
  },
};

/** Closes or reopens a step's sub-issue to match the step at the time of the call. Repeating it is harmless. */
export const subStateKind: Kind<'issue.sub-state'> = {
  unknown: 'repeat',
  prepare: needTracker,

  async call(core, row) {
    const { caseId, position } = row.payload;
    const step = findPlanStep(core.sql, caseId, position);
    if (step?.form !== 'sub-issue' || !step.issue) return null;
    const tracker = await core.integrations.tracker(row.queue);
    const { id } = step.issue;
    return {
      issue: step.doneAt === null ? await tracker.reopenIssue(id) : await tracker.closeIssue(id, 'completed'),
    };
  },

  settle(core, row, { issue, refused, unknown }) {
    const { caseId, position } = row.payload;
    const step = findPlanStep(core.sql, caseId, position);
    const trouble = refused ?? unknown;
    if (step && issue) linkSubIssue(core.sql, step, issue, core.clock.now());
    else if (step && trouble) makeCheckBox(core, step, `the tracker did not change its issue: ${trouble}`);
  },
};
