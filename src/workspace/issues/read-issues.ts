import { mirrorSubIssue, turnStepIntoCheckBox } from '../cases/sub-issues.ts';
import { type Core, port, store } from '../kit.ts';
import { mirrorIssue, runCommentCommands, storeReasons } from './mirror.ts';
import { recordMissedReadUnlessHere, whereabouts } from './missing-issue.ts';

interface Watched {
  issue: { id: string; updatedAt: number; readAt: number };
  read(tracker: port.Tracker): Promise<void>;
  markIssueRead(now: number): void;
}

/** The case's issue or sub-issue with this id; null for other issues. */
export function findWatchedIssue(core: Core, tracker: string, issueId: string): Watched | null {
  const caseRecord = store.findCaseByIssue(core.sql, tracker, issueId);
  if (caseRecord?.issue) return toWatchedCaseIssue(core, { id: caseRecord.id, issue: caseRecord.issue });
  const step = store.findStepBySubIssue(core.sql, tracker, issueId);
  return step?.issue ? toWatchedSubIssue(core, { ...step, issue: step.issue }) : null;
}

/** Issues of open cases that were not read since `before`, longest ago first, cases before steps. */
export function listWatchedIssuesToRecheck(
  core: Core,
  tracker: string,
  wanted: { now: number; before: number; limit: number },
): Watched[] {
  const cases = store.casesToRecheck(core.sql, tracker, wanted);
  const parts = store.listStepsToRecheck(core.sql, {
    tracker,
    before: wanted.before,
    limit: wanted.limit - cases.length,
  });
  return [
    ...cases.map((caseRow) => toWatchedCaseIssue(core, caseRow)),
    ...parts.flatMap((step) => (step.issue ? [toWatchedSubIssue(core, { ...step, issue: step.issue })] : [])),
  ];
}

const toWatchedCaseIssue = (core: Core, { id, issue }: { id: string; issue: Watched['issue'] }): Watched => ({
  issue,
  read: (tracker) => readAndMirrorIssue(core, tracker, id, issue.id),
  markIssueRead: (now) => store.updateMirroredIssue(core.sql, id, { readAt: now }),
});

const toWatchedSubIssue = (core: Core, step: store.PlanStep & { issue: Watched['issue'] }): Watched => ({
  issue: step.issue,
  read: (tracker) => readWatchedSubIssue(core, tracker, step),
  markIssueRead: (now) => store.markSubIssueRead(core.sql, step, now),
});

async function readWatchedSubIssue(
  core: Core,
  tracker: port.Tracker,
  { caseId, position, issue: { id } }: store.PlanStep & { issue: Watched['issue'] },
): Promise<void> {
  const shown = await tracker.readIssue(id);
  const { kind } = shown ? { kind: 'here' as const } : await whereabouts(tracker, id);
  core.sql.transaction(() => {
    const step = store.planSteps.find(core.sql, { caseId, position });
    if (!step) return;
    if (shown) return mirrorSubIssue(core, step, shown);
    store.markSubIssueRead(core.sql, step, core.clock.now());
    if (kind !== 'here') turnStepIntoCheckBox(core, step, `its issue ${port.explainTrouble(kind).says}`);
  });
}

/** Some trackers count in whole seconds, so a read this soon after a change may miss a second one. */
export const missedChangeWindowMs = 5000;

async function readAndMirrorIssue(core: Core, tracker: port.Tracker, caseId: string, issueId: string): Promise<void> {
  const issue = await tracker.readIssue(issueId);
  if (!issue) return recordMissedReadUnlessHere(core, caseId, await whereabouts(tracker, issueId));
  const seenUntil = store.getCase(core.sql, caseId).commentsSeenUntil;
  const since = Math.min(store.findOldestCommentTime(core.sql, caseId, issueId) ?? seenUntil, seenUntil);
  const comments = await tracker.listComments(issueId, since);
  core.sql.transaction(() => {
    store.keepTrackerComments(core.sql, { caseId, issueId, since, now: core.clock.now() }, comments);
    storeReasons(core, caseId, comments);
    mirrorIssue(core, caseId, issue, { withComments: true });
    runCommentCommands(core, caseId, comments);
  });
}
