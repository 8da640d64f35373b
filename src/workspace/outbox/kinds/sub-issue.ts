import { record } from '../../basics/record-activity.ts';
import { makeCheckBox, showPlan } from '../../cases/plan-step.ts';
import { followStep, mirrorPart } from '../../cases/sub-issues.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { findPlanStep } from '../../store/plan.ts';
import { requireInterface, settlesCase, targetOf } from './case-row.ts';
import { newIssue } from './issue-create.ts';

/** An issue under the case's own; it has a marker of its own, by which a lost answer is looked up like a create. */
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
      record(core, caseId, 'sub-issue made', settled.issue.title, { evidence: settled.issue.key });
      mirrorPart(core, step, settled.issue);
      followStep(core, caseId, position);
      showPlan(core, caseId);
    } else if (settled.refused) {
      makeCheckBox(core, step, `the tracker did not take a sub-issue: ${settled.refused}`);
    } else {
      makeCheckBox(core, step, 'it is not known whether the tracker made its sub-issue');
      settlesCase<'issue.sub'>(() => {})(core, row, settled);
    }
  },
};
