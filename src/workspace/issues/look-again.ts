import { OutsideError } from '#domain/errors.ts';
import type { Tracker } from '#domain/tracker.ts';
import type { Core } from '../core.ts';
import { casesToLookAt } from '../store/case-lists.ts';
import { markLookedAt } from '../store/cases.ts';
import { readThrough, sameInstantMs } from './read-through.ts';

/**
 * Looks at open cases that no list has named for a while, a few at each poll, so that what vanished from lists is
 * seen as well. When it fails the next poll looks again.
 *
 * @returns how many of them had changed
 * @throws OutsideError `auth` when our credentials were refused, or the whole place is no longer to be seen
 */
export async function lookAgain(core: Core, trackerName: string, tracker: Tracker): Promise<number> {
  const atOnce = core.outside.vendor(trackerName)?.looksPerPoll ?? 0;
  const now = core.clock.now();
  const before = now - core.settings.workspace.polling['look-again'];
  const cases = casesToLookAt(core.sql, trackerName, { now, before, limit: atOnce });
  if (cases.length === 0) return 0;
  try {
    const seen = new Map(
      (await tracker.lookAt(cases.map(({ issue }) => issue.id))).map(({ id, updatedAt }) => [id, updatedAt]),
    );
    let changed = 0;
    for (const { id, issue } of cases) {
      // Times may be whole seconds, as in lists.
      const isSame = seen.get(issue.id) === issue.updatedAt && issue.readAt - issue.updatedAt > sameInstantMs;
      if (isSame) markLookedAt(core.sql, id, now);
      else {
        await readThrough(core, tracker, id, issue.id);
        changed += 1;
      }
    }
    return changed;
  } catch (error) {
    if (!(error instanceof OutsideError) || error.code === 'auth') throw error;
    core.log.error('look-failed', { tracker: trackerName, code: error.code, status: error.status });
    return 0;
  }
}
