import { explainTrouble } from '#domain/integrations/issue-trouble.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { turnStepIntoCheckBox } from '../cases/plan-step.ts';
import { mirrorSubIssue } from '../cases/sub-issues.ts';
import type { Core } from '../core.ts';
import { casesToRecheck, findCaseByIssue } from '../store/case-lists.ts';
import { updateMirroredIssue } from '../store/cases.ts';
import {
  findPlanStep,
  findStepBySubIssue,
  listStepsToRecheck,
  markSubIssueRead,
  type PlanStep,
} from '../store/plan.ts';
import { whereabouts } from './missing-issue.ts';
import { readAndMirrorIssue } from './read-issues.ts';

/** An issue that changes of a tracker may concern: a case's own, or the sub-issue of a step. */
export interface Watched {
  issue: { id: string; updatedAt: number; readAt: number };
  read(tracker: Tracker): Promise<void>;
  markIssueRead(now: number): void;
}

/** The case's issue or sub-issue with this id; null for other issues. */
export function findWatchedIssue(core: Core, tracker: string, issueId: string): Watched | null {
  const caseRecord = findCaseByIssue(core.sql, tracker, issueId);
  if (caseRecord?.issue) return toWatchedCaseIssue(core, { id: caseRecord.id, issue: caseRecord.issue });
  const step = findStepBySubIssue(core.sql, tracker, issueId);
  return step?.issue ? toWatchedSubIssue(core, { ...step, issue: step.issue }) : null;
}

/** Issues of open cases that were not read since `before`, longest ago first, cases before steps. */
export function listWatchedIssuesToRecheck(
  core: Core,
  tracker: string,
  wanted: { now: number; before: number; limit: number },
): Watched[] {
  const cases = casesToRecheck(core.sql, tracker, wanted);
  const parts = listStepsToRecheck(core.sql, tracker, wanted.before, wanted.limit - cases.length);
  return [
    ...cases.map((caseRow) => toWatchedCaseIssue(core, caseRow)),
    ...parts.flatMap((step) => (step.issue ? [toWatchedSubIssue(core, { ...step, issue: step.issue })] : [])),
  ];
}

const toWatchedCaseIssue = (core: Core, { id, issue }: { id: string; issue: Watched['issue'] }): Watched => ({
  issue,
  read: (tracker) => readAndMirrorIssue(core, tracker, id, issue.id),
  markIssueRead: (now) => updateMirroredIssue(core.sql, id, { readAt: now }),
});

const toWatchedSubIssue = (core: Core, step: PlanStep & { issue: Watched['issue'] }): Watched => ({
  issue: step.issue,
  read: (tracker) => readWatchedSubIssue(core, tracker, step),
  markIssueRead: (now) => markSubIssueRead(core.sql, step, now),
});

async function readWatchedSubIssue(
  core: Core,
  tracker: Tracker,
  { caseId, position, issue: { id } }: PlanStep & { issue: Watched['issue'] },
): Promise<void> {
  const shown = await tracker.readIssue(id);
  const { kind } = shown ? { kind: 'here' as const } : await whereabouts(tracker, id);
  core.sql.transaction(() => {
    const step = findPlanStep(core.sql, caseId, position);
    if (!step) return;
    if (shown) return mirrorSubIssue(core, step, shown);
    markSubIssueRead(core.sql, step, core.clock.now());
    if (kind !== 'here') turnStepIntoCheckBox(core, step, `its issue ${explainTrouble(kind).says}`);
  });
}
