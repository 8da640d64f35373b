import { AppError } from '#domain/errors.ts';
import type { CaseTemplate } from '#domain/template.ts';
import type { Core } from '../core.ts';
import type { Case } from '../store/case-record.ts';
import { findCase } from '../store/cases.ts';
import { addPlanStep, planOf, settlePlanStep } from '../store/plan.ts';
import { refreshIssue } from './refresh-issue.ts';
import { record } from './timeline.ts';

/** Takes the template's response plan over to a new case: each step with whoever has that role now. */
export function makePlan(core: Core, { id: caseId }: Case, { plan }: CaseTemplate): void {
  const roles = new Map(Object.entries(core.settings.workspace.roles));
  plan?.steps.forEach(({ role, task }, index) => {
    const who = roles.get(role) ?? null;
    addPlanStep(core.sql, { caseId, position: index + 1, role, task, who, doneAt: null, doneBy: null });
  });
}

/** A step of the plan is done, or not yet after all. Saying it again changes nothing. Call it inside a transaction. */
export function tickPlan(
  core: Core,
  caseId: string,
  { position, done, who }: { position: number; done: boolean; who: string },
): void {
  const found = findCase(core.sql, caseId);
  const step = planOf(core.sql, caseId).find((one) => one.position === position);
  if (!found || !step) throw new AppError('not-found', `The plan of this case has no step ${position}.`);
  if ((step.doneAt !== null) === done) return;
  settlePlanStep(core.sql, caseId, position, done ? { at: core.clock.now(), by: who } : null);
  record(core, caseId, done ? 'plan step done' : 'plan step open again', `${step.role}: ${step.task}`, {
    who,
  });
  if (found.issue) refreshIssue(core, caseId, found.tracker);
}
