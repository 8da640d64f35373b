import { createIssueMarker, createRandomId, deriveUuid } from '#domain/base/key.ts';
import { createSubIssueBody, createSubIssueTitle } from '#domain/cases/issue-text.ts';
import { basics, type Case, type CaseTemplate, type Core, demandFound, handleOf, type port, store } from '../kit.ts';
import { queueIssueEdit, requestCall } from '../tracker-requests/sync-issue.ts';
import { chooseTeamMember } from './assign.ts';

/** Marks a step as done or open. Call it inside a transaction. @returns whether the state changed */
function setPlanStepDone(core: Core, step: store.PlanStep, done: boolean, facts: { who: string; evidence?: string }) {
  if ((step.doneAt !== null) === done) return false;
  const { caseId, role, task } = step;
  const changedAt = core.clock.now();
  const [doneAt, doneBy] = done ? [changedAt, facts.who] : [null, null];
  store.updatePlanStep(core.sql, step, { doneAt, doneBy, changedAt });
  basics.record(core, caseId, done ? 'plan step done' : 'plan step open again', `${role}: ${task}`, facts);
  refreshPlanInIssue(core, caseId);
  return true;
}

/** Turns a sub-issue step into a check box, with the reason. Call it inside a transaction. */
export function turnStepIntoCheckBox(core: Core, step: store.PlanStep, why: string): void {
  if (step.formWhy === why) return;
  store.updatePlanStep(core.sql, step, { form: 'check-box', formWhy: why });
  basics.record(core, step.caseId, 'plan step is a check box', `${step.role}: ${step.task}: ${why}`);
  refreshPlanInIssue(core, step.caseId);
}

export function refreshPlanInIssue(core: Core, caseId: string): void {
  const caseRecord = store.findCase(core.sql, caseId);
  if (caseRecord?.issue) queueIssueEdit(core, caseId, 'text');
}

/** Records the intent to create each sub-issue of the plan. Call it after the intent for the case's own issue. */
export function queueSubIssueCreates(core: Core, caseRecord: Case): void {
  for (const step of store.planSteps.list(core.sql, { caseId: caseRecord.id })) {
    if (step.form !== 'sub-issue') continue;
    const { caseId, position } = step;
    const draft = draftSubIssue(core, caseRecord, step);
    requestCall(core, caseRecord, 'issue.sub', `sub:${caseId}:${position}`, { caseId, position, ...draft });
  }
}

export function queueSubIssueCloseOrReopen(core: Core, caseId: string, position: number): void {
  const step = store.planSteps.find(core.sql, { caseId, position });
  if (step?.form !== 'sub-issue' || !step.issue) return;
  if ((step.doneAt !== null) === (step.issue.state === 'closed') && !hasPendingStateChange(core, step)) return;
  const caseRecord = store.getCase(core.sql, caseId);
  const key = `sub-state:${createRandomId(core.random, 'o')}`;
  requestCall(core, caseRecord, 'issue.sub-state', key, { caseId, position });
}

/** Takes over a sub-issue's state: its closing ticks the step. Call it inside a transaction. */
export function mirrorSubIssue(core: Core, step: store.PlanStep, issue: port.IssueSnapshot): void {
  const before = step.issue;
  if (before && issue.updatedAt < before.updatedAt) return;
  store.storeMirroredSubIssue(core.sql, step, issue, core.clock.now());
  const isBack = step.form === 'check-box';
  if (isBack) {
    store.updatePlanStep(core.sql, step, { form: 'sub-issue', formWhy: null });
    const why = `${step.role}: ${step.task}`;
    basics.record(core, step.caseId, 'plan step has its issue again', why, { evidence: issue.key });
  }
  // A change that Caselite is about to make there is nobody else's.
  if (issue.state === (before?.state ?? 'open') || hasPendingStateChange(core, step)) {
    if (isBack) queueSubIssueCloseOrReopen(core, step.caseId, step.position);
    return;
  }
  const { tracker } = store.getCase(core.sql, step.caseId);
  const who = basics.describeAccountOwner(core, issue.closure?.by ?? null, tracker);
  setPlanStepDone(core, step, issue.state === 'closed', { who, evidence: issue.key });
}

function draftSubIssue(core: Core, caseRecord: Case, { position, role, task, who }: store.PlanStep): port.IssueDraft {
  const caseHandle = handleOf(caseRecord);
  const handle = `${caseHandle}-${position}`;
  const link = basics.buildCaseLink(core, caseRecord);
  const dueText = basics.formatTime(core, caseRecord.dueAt);
  const facts = { handle, caseHandle, role, task, category: caseRecord.category, dueText, url: link.url };
  return {
    marker: createIssueMarker(core.keys, core.workspace, handle),
    uuid: deriveUuid(core.keys, 'part-uuid.1', core.workspace, caseRecord.id, String(position)),
    title: createSubIssueTitle(facts),
    body: createSubIssueBody(facts),
    labels: basics.buildCaseLabels(core, caseRecord).filter(({ name }) => name.startsWith('category:')),
    severity: { name: caseRecord.severity, rank: caseRecord.severityRank },
    dueDate: null,
    assignee: basics.findAccount(core, who, caseRecord.tracker),
    link,
  };
}

const hasPendingStateChange = (core: Core, { caseId, position }: store.PlanStep): boolean =>
  store.listOpenRows(core.sql, `case:${caseId}`).some((stored) => {
    const row = store.readOutboxRow(stored);
    return row?.kind === 'issue.sub-state' && row.payload.position === position;
  });

/** Copies the template's response plan to a new case, each step with the current holder of its role. */
export function copyResponsePlan(core: Core, opened: Case, { plan }: CaseTemplate): void {
  plan?.steps.forEach(({ role, task }, index) => {
    store.planSteps.insert(core.sql, {
      caseId: opened.id,
      position: index + 1,
      role,
      task,
      who: choosePersonOrTeamForRole(core, opened, role),
      form: plan.as === 'sub-issues' ? 'sub-issue' : 'check-box',
    });
  });
}

/** Person for a role; for a team the next member in turn, and the team itself where it has nobody. */
export function choosePersonOrTeamForRole(core: Core, opened: Case, role: string): string | null {
  const who = new Map(Object.entries(core.settings.workspace.roles)).get(role) ?? null;
  const team = basics.findPerson(core, who) ? undefined : basics.findTeam(core, who);
  if (who === null || !team) return who;
  return chooseTeamMember(core, team, opened, new Map(), `turn:${who}:${role}`).person ?? who;
}

/** Ticks or unticks a step. Idempotent. Call it inside a transaction. */
export function tickPlan(
  core: Core,
  caseId: string,
  { position, done, ...facts }: { position: number; done: boolean; who: string; evidence?: string },
): void {
  const found = store.planSteps.find(core.sql, { caseId, position });
  const step = demandFound(found, `The plan of this case has no step ${position}.`);
  if (setPlanStepDone(core, step, done, facts)) queueSubIssueCloseOrReopen(core, caseId, position);
}
