import type { TrackerState } from '#domain/integrations/tracker-state.ts';
import { isoTextOrNull } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { queueBacklogOf } from '../store/outbox.ts';
import { findQueue } from '../store/queues.ts';
import { findPollState } from '../store/targets.ts';

export function trackerStates(core: Core): TrackerState[] {
  const now = core.clock.now();
  const later = (at: number) => (at > now ? isoTextOrNull(at) : null);
  return Object.keys(core.settings.workspace.trackers).map((tracker) => {
    const queue = findQueue(core.sql, tracker);
    const target = findPollState(core.sql, tracker);
    const { waiting, error } = queueBacklogOf(core.sql, tracker);
    const vendor = core.integrations.vendor(tracker);
    const since = isoTextOrNull(queue.pausedAt);
    return {
      tracker,
      title: vendor?.title ?? tracker,
      waiting,
      trouble: error,
      paused:
        queue.paused !== null && since !== null
          ? {
              why: queue.pausedWhy ?? '',
              since,
              next: later(Math.max(queue.heldUntil, queue.rateLimitedUntil)),
            }
          : null,
      heldUntil: later(queue.heldUntil),
      rateLimitedUntil: later(queue.rateLimitedUntil),
      polledAt: isoTextOrNull(target.polledAt),
      pollTrouble: target.error,
      hintedAt: isoTextOrNull(target.hintedAt),
      cannot: vendor?.cannot ?? [],
    };
  });
}
