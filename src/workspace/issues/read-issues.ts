import { mirrorSubIssue, turnStepIntoCheckBox, turnSubIssuesIntoCheckBoxes } from '../cases/sub-issues.ts';
import { basics, type Case, type Core, IntegrationError, port, store } from '../kit.ts';
import { buildIssueSearch } from './duplicate-issues.ts';
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

/** Follows an issue by its marker to another tracker of the workspace. @returns whether it was there */
async function followMovedIssue(core: Core, caseId: string): Promise<boolean> {
  const caseRecord = store.getCase(core.sql, caseId);
  for (const name of listOtherTrackersOfKind(core, caseRecord)) {
    try {
      const tracker = await core.integrations.tracker(name);
      const [issue] = (await tracker.relations?.listOwnIssuesWithMarker(buildIssueSearch(core, caseRecord))) ?? [];
      if (!issue) continue;
      core.sql.transaction(() => {
        store.moveCaseToIssue(core.sql, caseId, name, issue.id);
        turnSubIssuesIntoCheckBoxes(core, caseId, caseRecord.tracker);
        store.moveRowsToQueue(core.sql, `case:${caseId}`, { from: caseRecord.tracker, to: name, at: core.clock.now() });
        basics.record(core, caseId, 'issue moved', `from tracker ${caseRecord.tracker} to ${name}`, {
          evidence: issue.url,
        });
        mirrorIssue(core, caseId, issue, { isOtherIssue: true });
      });
      return true;
    } catch (error) {
      if (!(error instanceof IntegrationError)) throw error;
      // The issue is searched for again later, and that tracker's own poll reports its trouble.
      core.log.error('move-not-followed', { tracker: name, code: error.code, status: error.status });
    }
  }
  return false;
}

function listOtherTrackersOfKind(core: Core, caseRecord: Case): string[] {
  const { trackers } = core.settings.workspace;
  const kind = trackers[caseRecord.tracker]?.kind;
  return Object.keys(trackers).filter((name) => name !== caseRecord.tracker && trackers[name]?.kind === kind);
}

/** Some trackers count in whole seconds, so a read this soon after a change may miss a second one. */
export const missedChangeWindowMs = 5000;

async function readAndMirrorIssue(core: Core, tracker: port.Tracker, caseId: string, issueId: string): Promise<void> {
  const issue = await tracker.readIssue(issueId);
  if (!issue) {
    const where = await whereabouts(tracker, issueId);
    if (where.kind === 'moved' && (await followMovedIssue(core, caseId))) return;
    return recordMissedReadUnlessHere(core, caseId, where);
  }
  if (issue.condition === 'moved' && (await followMovedIssue(core, caseId))) return;
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
