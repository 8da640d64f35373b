import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { findCase } from '../store/cases.ts';
import { type PlanStep, planOf, unlinkPart, updatePlanStep } from '../store/plan.ts';
import { refreshIssue } from '../tracker-requests/refresh-issue.ts';

/**
 * A step is done, or open again. Call it inside a transaction.
 *
 * @returns whether that was news
 */
export function settleStep(
  core: Core,
  step: PlanStep,
  done: boolean,
  facts: { who: string; evidence?: string },
): boolean {
  if ((step.doneAt !== null) === done) return false;
  const { caseId, role, task } = step;
  updatePlanStep(core.sql, step, { doneAt: done ? core.clock.now() : null, doneBy: done ? facts.who : null });
  record(core, caseId, done ? 'plan step done' : 'plan step open again', `${role}: ${task}`, facts);
  showPlan(core, caseId);
  return true;
}

/** A step that was to be an issue of its own is a check box, and why. Call it inside a transaction. */
export function makeCheckBox(core: Core, step: PlanStep, why: string): void {
  if (step.formWhy === why) return;
  updatePlanStep(core.sql, step, { form: 'check-box', formWhy: why });
  record(core, step.caseId, 'plan step is a check box', `${step.role}: ${step.task}: ${why}`);
  showPlan(core, step.caseId);
}

/**
 * A case went from one tracker to another, and the issues of its steps stayed: in the other tracker their ids mean
 * issues of somebody else. Call it inside a transaction.
 */
export function leaveParts(core: Core, caseId: string, from: string): void {
  for (const step of planOf(core.sql, caseId)) {
    if (step.form !== 'sub-issue') continue;
    if (step.issue) unlinkPart(core.sql, step);
    const left = step.issue ? `its issue ${step.issue.key}` : 'what was on its way';
    makeCheckBox(core, step, `${left} stayed in tracker ${from}`);
  }
}

/** Has the plan in the case's issue brought up to date. */
export function showPlan(core: Core, caseId: string): void {
  const caseRecord = findCase(core.sql, caseId);
  if (caseRecord?.issue) refreshIssue(core, caseId, caseRecord.tracker);
}
