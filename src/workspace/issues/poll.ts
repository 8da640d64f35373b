import { backoffMs } from '#domain/backoff.ts';
import { OutsideError } from '#domain/errors.ts';
import { record } from '../cases/timeline.ts';
import type { Core, Settings } from '../core.ts';
import { backFill } from '../intake/back-fill.ts';
import { sourceOfLane } from '../intake/source-calls.ts';
import { cancelFollowUps } from '../loop/withdraw.ts';
import { findCaseByIssue, getCase, updateCase } from '../store/cases.ts';
import { releaseLane } from '../store/outbox.ts';
import { clearTimer, findTarget, saveTarget, setTimer } from '../store/schedule.ts';
import { keepReasons, mirrorIssue, obeyComments } from './mirror.ts';

/** Times may be whole seconds: what was read so soon after a change may have missed a second one. */
const sameInstantMs = 5000;

/**
 * Asks one tracker what changed, and reads through what is ours: the list may lag, a direct read does not. The
 * cursor moves only after everything was taken over, so a crash in between asks again.
 */
export async function poll(core: Core, trackerName: string): Promise<void> {
  const source = sourceOfLane(trackerName);
  if (source !== null) return backFill(core, source);
  if (!Object.hasOwn(core.settings.workspace.trackers, trackerName))
    return clearTimer(core.sql, 'poll', trackerName);
  const target = findTarget(core.sql, trackerName);
  const startedAt = core.clock.now();
  try {
    const tracker = await core.outside.tracker(trackerName);
    const { changed, cursor } = await tracker.listChanges(target.cursor, startedAt);
    for (const { id, updatedAt } of changed) {
      const found = findCaseByIssue(core.sql, trackerName, id);
      if (!found?.issue || updatedAt < found.issue.updatedAt) continue;
      if (updatedAt === found.issue.updatedAt && found.issue.readAt - updatedAt > sameInstantMs) continue;
      const issue = await tracker.readIssue(id);
      const comments = issue ? await tracker.listComments(id, found.commentsSeenAt) : [];
      core.sql.transaction(() => {
        keepReasons(core, found.id, comments);
        if (issue) mirrorIssue(core, found.id, issue);
        else lose(core, found.id);
        obeyComments(core, found.id, comments);
      });
    }
    core.sql.transaction(() => {
      saveTarget(core.sql, trackerName, { cursor, polledAt: startedAt, failures: 0, error: null });
      setTimer(core.sql, 'poll', trackerName, core.clock.now() + core.settings.workspace.polling.every);
      if (target.failures > 0) releaseLane(core.sql, trackerName, core.clock.now());
    });
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    const failures = target.failures + 1;
    const wait =
      error.retryAfterMs ??
      Math.max(backoffMs(failures, core.random.fraction()), core.settings.workspace.polling.every);
    core.log.error('poll-failed', { tracker: trackerName, code: error.code, status: error.status, failures });
    core.sql.transaction(() => {
      saveTarget(core.sql, trackerName, { ...target, failures, error: error.message });
      setTimer(core.sql, 'poll', trackerName, core.clock.now() + wait);
    });
  }
}

/** Deleted, moved out of sight, or hidden from us: no mail, shown for a decision. */
function lose(core: Core, caseId: string): void {
  const why = 'its issue can no longer be read: deleted, moved, or no longer visible to Caselite';
  const gone = 'its issue is gone';
  cancelFollowUps(core, getCase(core.sql, caseId), { unsent: gone, unanswered: gone });
  updateCase(core.sql, caseId, { loop: 'dropped', closingReason: 'gone', needsPerson: why, overdue: false });
  record(core, caseId, 'issue gone', why);
}

/** Every tracker of the workspace is polled, from now on. */
export function startPolling(core: Pick<Core, 'sql' | 'clock'>, settings: Settings): void {
  for (const tracker of Object.keys(settings.workspace.trackers))
    setTimer(core.sql, 'poll', tracker, core.clock.now());
}

/** Asks every tracker at once, instead of when its next poll would be due. */
export function pollNow(core: Core): { trackers: string[] } {
  startPolling(core, core.settings);
  return { trackers: Object.keys(core.settings.workspace.trackers) };
}
