import { IntegrationError } from '#domain/base/errors.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import type { Core } from '../core.ts';
import { sweepDuplicateIssues } from './duplicate-issues.ts';
import { missedChangeWindowMs } from './read-issues.ts';
import { listWatchedIssuesToRecheck } from './watched-issues.ts';

/**
 * Rechecks open cases whose issues no list has named for some time, a few per poll, and searches for duplicate issues.
 * A failed recheck is repeated at the next poll.
 *
 * @returns the number of changed issues
 * @throws IntegrationError `auth` when the credentials were refused, or the whole place is hidden
 */
export async function recheckIssues(core: Core, trackerName: string, tracker: Tracker): Promise<number> {
  const atOnce = core.integrations.vendor(trackerName)?.rechecksPerPoll ?? 0;
  const now = core.clock.now();
  const before = now - core.settings.workspace.polling['look-again'];
  const watched = listWatchedIssuesToRecheck(core, trackerName, { now, before, limit: atOnce });
  try {
    await sweepDuplicateIssues(core, trackerName, tracker);
    if (watched.length === 0) return 0;
    const seen = new Map(
      (await tracker.readUpdateTimes(watched.map(({ issue }) => issue.id))).map(({ id, updatedAt }) => [id, updatedAt]),
    );
    let changed = 0;
    for (const entry of watched) {
      const { issue } = entry;
      // Some trackers count in whole seconds, also in lists.
      const isSame = seen.get(issue.id) === issue.updatedAt && issue.readAt - issue.updatedAt > missedChangeWindowMs;
      if (isSame) entry.markIssueRead(now);
      else {
        await entry.read(tracker);
        changed += 1;
      }
    }
    return changed;
  } catch (error) {
    if (!(error instanceof IntegrationError) || error.code === 'auth') throw error;
    core.log.error('look-failed', { tracker: trackerName, code: error.code, status: error.status });
    return 0;
  }
}
