import { mirrorSubIssue, turnStepIntoCheckBox } from '../cases/sub-issues.ts';
import { type Case, type Core, port, store } from '../kit.ts';
import { runCommentCommands, storeExplanationsFromComments } from './act-on-case.ts';
import { mirrorIssue } from './mirror.ts';
import { recordMissedReadUnlessHere, whereabouts } from './missing-issue.ts';

interface Watched {
  issue: { id: string; updatedAt: number; readAt: number };
  read(tracker: port.Tracker): Promise<void>;
  markIssueRead(now: number): void;
}

/** The case's issue or sub-issue with this id; null for other issues. */
export function findWatchedIssue(core: Core, tracker: string, issueId: string): Watched | null {
  const caseRecord = store.findCaseByIssue(core.sql, tracker, issueId);
  if (caseRecord) return watchCase(core, caseRecord)[0] ?? null;
  const step = store.findStepBySubIssue(core.sql, tracker, issueId);
  return (step && watchStep(core, step)[0]) ?? null;
}

type Recheck = { now: number; before: number; limit: number };

/** Issues of open cases that were not read since `before`, longest ago first, cases before steps. */
export function listWatchedIssuesToRecheck(core: Core, tracker: string, wanted: Recheck): Watched[] {
  const cases = store.casesToRecheck(core.sql, tracker, wanted);
  const limit = wanted.limit - cases.length;
  const steps = store.listStepsToRecheck(core.sql, { tracker, before: wanted.before, limit });
  return [...cases.flatMap((each) => watchCase(core, each)), ...steps.flatMap((each) => watchStep(core, each))];
}

/** Some trackers count in whole seconds, so a read this soon after a change may miss a second one. */
export const missedChangeWindowMs = 5000;

function watchCase(core: Core, { id: caseId, issue: known }: Case): Watched[] {
  if (!known) return [];
  const read = async (tracker: port.Tracker) => {
    const issue = await tracker.readIssue(known.id);
    if (!issue) return recordMissedReadUnlessHere(core, caseId, await whereabouts(tracker, known.id));
    const seenUntil = store.getCase(core.sql, caseId).commentsSeenUntil;
    const since = Math.min(store.findOldestCommentTime(core.sql, caseId, known.id) ?? seenUntil, seenUntil);
    const comments = await tracker.listComments(known.id, since);
    core.sql.transaction(() => {
      const now = core.clock.now();
      store.keepTrackerComments(core.sql, { caseId, issueId: known.id, since, now }, comments);
      storeExplanationsFromComments(core, caseId, comments);
      mirrorIssue(core, caseId, issue, { withComments: true });
      runCommentCommands(core, caseId, comments);
    });
  };
  return [{ issue: known, read, markIssueRead: (readAt) => store.updateMirroredIssue(core.sql, caseId, { readAt }) }];
}

function watchStep(core: Core, watched: store.PlanStep): Watched[] {
  const { caseId, position, issue: known } = watched;
  if (!known) return [];
  const read = async (tracker: port.Tracker) => {
    const shown = await tracker.readIssue(known.id);
    const { kind } = shown ? { kind: 'here' as const } : await whereabouts(tracker, known.id);
    core.sql.transaction(() => {
      const step = store.planSteps.find(core.sql, { caseId, position });
      if (!step) return;
      if (shown) return mirrorSubIssue(core, step, shown);
      store.markSubIssueRead(core.sql, step, core.clock.now());
      if (kind !== 'here') turnStepIntoCheckBox(core, step, `its issue ${port.issueTroubles[kind].says}`);
    });
  };
  return [{ issue: known, read, markIssueRead: (now) => store.markSubIssueRead(core.sql, watched, now) }];
}
