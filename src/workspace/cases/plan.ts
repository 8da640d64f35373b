import { AppError } from '#domain/base/errors.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { CaseTemplate } from '#domain/templates/template.ts';
import type { Core } from '../core.ts';
import { addPlanStep, findPlanStep } from '../store/plan.ts';
import { chooseTeamMember } from './assign.ts';
import { queueSubIssueCloseOrReopen, setPlanStepDone } from './sub-issues.ts';

/** Copies the template's response plan to a new case, each step with the current holder of its role. */
export function copyResponsePlan(core: Core, opened: Case, { plan }: CaseTemplate): void {
  plan?.steps.forEach(({ role, task }, index) => {
    addPlanStep(core.sql, {
      caseId: opened.id,
      position: index + 1,
      role,
      task,
      who: choosePersonOrTeamForRole(core, opened, role),
      form: plan.as === 'sub-issues' ? 'sub-issue' : 'check-box',
    });
  });
}

/** Person for a role; for a team the next member in turn. The team itself where no member is available. */
export function choosePersonOrTeamForRole(core: Core, opened: Case, role: string): string | null {
  const { roles, teams, people } = core.settings.workspace;
  const who = new Map(Object.entries(roles)).get(role) ?? null;
  const team = who !== null && !Object.hasOwn(people, who) ? teams[who] : undefined;
  if (who === null || !team) return who;
  return chooseTeamMember(core, team, opened, new Map(), `turn:${who}:${role}`).person ?? who;
}

/** Ticks or unticks a step. Idempotent. Call it inside a transaction. */
export function tickPlan(
  core: Core,
  caseId: string,
  { position, done, who }: { position: number; done: boolean; who: string },
): void {
  const step = findPlanStep(core.sql, caseId, position);
  if (!step) throw new AppError('not-found', `The plan of this case has no step ${position}.`);
  if (setPlanStepDone(core, step, done, { who })) queueSubIssueCloseOrReopen(core, caseId, position);
}
