import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { findCase } from '../store/cases.ts';
import { type PlanStep, planOf, unlinkSubIssue, updatePlanStep } from '../store/plan.ts';
import { queueIssueTextEdit } from '../tracker-requests/sync-issue.ts';

/**
 * Marks a step as done or open. Call it inside a transaction.
 *
 * @returns whether the state changed
 */
export function setPlanStepDone(
  core: Core,
  step: PlanStep,
  done: boolean,
  facts: { who: string; evidence?: string },
): boolean {
  if ((step.doneAt !== null) === done) return false;
  const { caseId, role, task } = step;
  updatePlanStep(core.sql, step, { doneAt: done ? core.clock.now() : null, doneBy: done ? facts.who : null });
  record(core, caseId, done ? 'plan step done' : 'plan step open again', `${role}: ${task}`, facts);
  refreshPlanInIssue(core, caseId);
  return true;
}

/** Turns a sub-issue step into a check box, with the reason. Call it inside a transaction. */
export function turnStepIntoCheckBox(core: Core, step: PlanStep, why: string): void {
  if (step.formWhy === why) return;
  updatePlanStep(core.sql, step, { form: 'check-box', formWhy: why });
  record(core, step.caseId, 'plan step is a check box', `${step.role}: ${step.task}: ${why}`);
  refreshPlanInIssue(core, step.caseId);
}

/**
 * Turns the sub-issues of a case that moved to another tracker into check boxes: their ids mean other issues there.
 * Call it inside a transaction.
 */
export function turnSubIssuesIntoCheckBoxes(core: Core, caseId: string, from: string): void {
  for (const step of planOf(core.sql, caseId)) {
    if (step.form !== 'sub-issue') continue;
    if (step.issue) unlinkSubIssue(core.sql, step);
    const left = step.issue ? `its issue ${step.issue.key}` : 'what was on its way';
    turnStepIntoCheckBox(core, step, `${left} stayed in tracker ${from}`);
  }
}

export function refreshPlanInIssue(core: Core, caseId: string): void {
  const caseRecord = findCase(core.sql, caseId);
  if (caseRecord?.issue) queueIssueTextEdit(core, caseId, caseRecord.tracker);
}
