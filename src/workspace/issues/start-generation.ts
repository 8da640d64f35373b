import { statusOf } from '#domain/cases/case.ts';
import type { Case } from '#domain/cases/case-record.ts';
import { computeDue, findCalendar, type Reopening } from '#domain/templates/due.ts';
import { applyTeamCaseOptions } from '#domain/templates/options.ts';
import type { CaseTemplate } from '#domain/templates/template.ts';
import { computeUsedWorkingMs } from '#domain/time/clock.ts';
import { record } from '../basics/record-activity.ts';
import { restartLadder } from '../cases/ladder.ts';
import type { Core } from '../core.ts';
import { makeDuplicatesWaitAgain } from '../loop/after-closing.ts';
import { cancelFollowUps } from '../loop/withdraw.ts';
import { clearOriginal } from '../store/case-links.ts';
import { getCase, updateCase } from '../store/cases.ts';
import { queueIssueEdit } from '../tracker-requests/sync-issue.ts';

/** Starts a new generation after a reopening, with a new goal. Follow-ups of the old one are cancelled. */
export function startGeneration(core: Core, caseId: string, who: string, why: string): void {
  const caseRecord = getCase(core.sql, caseId);
  const now = core.clock.now();
  const template = core.settings.templates.get(caseRecord.template);
  const due = template
    ? computeDue(
        core.settings.workspace,
        template,
        caseRecord,
        now,
        findGoalChangeOnReopening(core, template, caseRecord),
      )
    : null;
  const cancelled = {
    unsent: 'the case was reopened before the mail left',
    unanswered: 'the case was reopened before an answer came',
  };
  cancelFollowUps(core, caseRecord, cancelled);
  makeDuplicatesWaitAgain(core, caseRecord, (repeating) => cancelFollowUps(core, repeating, cancelled));
  record(core, caseId, 'reopened', why, { who });
  updateCase(core.sql, caseId, {
    loop: 'working',
    generation: caseRecord.generation + 1,
    status: statusOf(applyTeamCaseOptions(core.settings.workspace, caseRecord.team), 'open'),
    resolvedAt: null,
    closingReason: null,
    closingNote: null,
    explanation: null,
    gate: null,
    closer: null,
    closing: null,
    closingFlag: null,
    overdue: false,
    needsPerson: null,
    ...(due ? { dueAt: due.dueAt, dueWhy: due.why, clock: due.clock } : {}),
  });
  clearOriginal(core.sql, caseId);
  restartLadder(core, caseId);
  queueIssueEdit(core, caseId);
}

/** Change of the goal by the workspace's rule; null for the full goal, which depends on nothing. */
function findGoalChangeOnReopening(core: Core, template: CaseTemplate, caseRecord: Case): Reopening | null {
  const { workspace } = core.settings;
  const rule = template['after-reopen'] ?? workspace.clock['after-reopen'];
  if (rule === 'full goal' || !caseRecord.clock) return null;
  const until = caseRecord.resolvedAt ?? core.clock.now();
  const workingMsUsed = computeUsedWorkingMs(
    caseRecord.clock,
    findCalendar(workspace, caseRecord.clock.calendar),
    until,
  );
  return { rule, before: { goalMs: caseRecord.clock.goalMs, usedWorkingMs: workingMsUsed } };
}
