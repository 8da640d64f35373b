import { call } from './call.ts';
import { refreshPlanInIssue } from './cases/sub-issues.ts';
import { recordHint } from './issues/poll.ts';
import { findWatchedIssue } from './issues/read-issues.ts';
import { AppError, basics, casework, type Core, type port, secondMs, store } from './kit.ts';

/** Takes a tracker's webhook as a hint to poll, and follows its ticks; once per webhook. @returns whether it is new */
export const takeHook = (core: Core, tracker: string, { id, issue, edit }: port.GenuineHook): boolean =>
  core.sql.transaction(() => {
    const isNew = recordHint(core, tracker, id);
    // What was deleted or moved is in no list of changes, so the next poll reads it by its id.
    if (isNew && issue) findWatchedIssue(core, tracker, issue)?.markIssueRead(0);
    if (isNew && edit) followTicks(core, tracker, edit, `webhook ${id}`);
    return isNew;
  });

/** Ticks steps as a person did in the text of an issue; what that person may not do is written over. */
function followTicks(core: Core, tracker: string, edit: port.TextEdit, evidence: string): void {
  const caseRecord = store.findCaseByIssue(core.sql, tracker, edit.issue);
  if (!caseRecord) return;
  const plan = store.planSteps.list(core.sql, { caseId: caseRecord.id });
  for (const { position, done } of casework.findTicks(edit, plan)) {
    const step = plan.find((each) => each.position === position);
    if (!step) continue;
    const isShown = (step.doneAt !== null) === done;
    // Trackers tell whole seconds, and their webhooks come in any order.
    if (edit.at + secondMs > step.changedAt) {
      if (isShown || tick(core, tracker, caseRecord.id, { account: edit.account, position, done, evidence })) {
        store.updatePlanStep(core.sql, step, { changedAt: edit.at });
        continue;
      }
      const why = `by ${edit.account}: ${step.role}: ${step.task}`;
      basics.record(core, caseRecord.id, 'tick not followed', why, { evidence });
    } else if (isShown) continue;
    refreshPlanInIssue(core, caseRecord.id);
  }
}

function tick(
  core: Core,
  tracker: string,
  caseId: string,
  { account, ...change }: { account: string; position: number; done: boolean; evidence: string },
): boolean {
  const person = basics.findPersonByAccount(core, account, tracker);
  if (person === null) return false;
  try {
    call(core, { kind: 'person', person }, 'tickPlan', [caseId, change]);
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
