import { IntegrationError } from '#domain/base/errors.ts';
import type { Settings } from '#domain/templates/settings.ts';
import { backoffMs } from '#domain/time/backoff.ts';
import { pollIntervalMs } from '#domain/time/polling.ts';
import type { Core } from '../core.ts';
import { backFill } from '../intake/back-fill.ts';
import { hostAnswered, readRefused } from '../queues/circuit-breaker.ts';
import { sourceOfQueue } from '../queues/source-queue.ts';
import { findQueue, releaseQueue } from '../store/queues.ts';
import { clearTimer, setTimer } from '../store/schedule.ts';
import { findTarget, saveTarget } from '../store/targets.ts';
import { sameInstantMs } from './read-issues.ts';
import { recheckIssues } from './recheck.ts';
import { findWatched } from './watched-issues.ts';
import { hintGapMs } from './webhook-hint.ts';

/**
 * Asks one tracker what changed, and reads through what is ours: the list may lag, a direct read does not. The
 * cursor moves only after everything was taken over, so a crash in between asks again.
 */
export async function poll(core: Core, trackerName: string): Promise<void> {
  const source = sourceOfQueue(trackerName);
  if (source !== null) return backFill(core, source);
  if (!Object.hasOwn(core.settings.workspace.trackers, trackerName))
    return clearTimer(core.sql, 'poll', trackerName);
  const startedAt = core.clock.now();
  const { heldUntil } = findQueue(core.sql, trackerName);
  if (heldUntil > startedAt) return setTimer(core.sql, 'poll', trackerName, heldUntil);
  const { cursor: since, failures } = findTarget(core.sql, trackerName);
  try {
    const tracker = await core.integrations.tracker(trackerName);
    const { changed, cursor } = await tracker.listChanges(since, startedAt);
    let news = 0;
    for (const { id, updatedAt } of changed) {
      const watched = findWatched(core, trackerName, id);
      if (!watched || updatedAt < watched.issue.updatedAt) continue;
      if (updatedAt === watched.issue.updatedAt && watched.issue.readAt - updatedAt > sameInstantMs) continue;
      await watched.read(tracker);
      news += 1;
    }
    await recheckIssues(core, trackerName, tracker);
    core.sql.transaction(() => {
      const done = { cursor, polledAt: startedAt, failures: 0, error: null };
      saveTarget(core.sql, trackerName, news > 0 ? { ...done, activeAt: startedAt } : done);
      setNext(core, trackerName, startedAt);
      // The first poll of all may need to ask for nothing.
      if (since !== null) hostAnswered(core, trackerName, 'read');
      if (failures > 0) releaseQueue(core.sql, trackerName, core.clock.now());
    });
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    const { code, status, message, retryAfterMs } = error;
    const tries = failures + 1;
    const wait =
      retryAfterMs ??
      Math.max(backoffMs(tries, core.random.fraction()), core.settings.workspace.polling.every);
    core.log.error('poll-failed', { tracker: trackerName, code, status, failures: tries });
    core.sql.transaction(() => {
      saveTarget(core.sql, trackerName, { failures: tries, error: message });
      setTimer(core.sql, 'poll', trackerName, core.clock.now() + wait);
      // A place that is not there for us is refused like a right that we lack.
      if (code === 'auth' || status === 404) readRefused(core, trackerName, error, tries);
    });
  }
}

/** The next poll, as the tracker is lively or quiet; soon where it has said since that something changed. */
function setNext(core: Core, trackerName: string, startedAt: number): void {
  const now = core.clock.now();
  const { activeAt, hintedAt } = findTarget(core.sql, trackerName);
  const lively = Math.max(activeAt ?? 0, hintedAt ?? 0);
  const interval = pollIntervalMs(core.settings.workspace.polling, lively > 0 ? lively : null, now);
  const hasNews = hintedAt !== null && hintedAt >= startedAt;
  setTimer(core.sql, 'poll', trackerName, now + (hasNews ? Math.min(interval, hintGapMs) : interval));
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
