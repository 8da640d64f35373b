import { makeCheckBox } from '../../cases/plan-step.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { findPlanStep, linkSubIssue } from '../../store/plan.ts';
import { needTracker } from './case-row.ts';

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
