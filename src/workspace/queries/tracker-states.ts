import type { TrackerState } from '#domain/integrations/tracker-state.ts';
import type { Core } from '../core.ts';
import { queueTrouble } from '../store/outbox.ts';
import { findQueue } from '../store/queues.ts';
import { findTarget } from '../store/targets.ts';

export function trackerStates(core: Core): TrackerState[] {
  const now = core.clock.now();
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const later = (at: number) => (at > now ? iso(at) : null);
  return Object.keys(core.settings.workspace.trackers).map((tracker) => {
    const queue = findQueue(core.sql, tracker);
    const target = findTarget(core.sql, tracker);
    const { waiting, error } = queueTrouble(core.sql, tracker);
    const vendor = core.integrations.vendor(tracker);
    const since = iso(queue.pausedAt);
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
      polledAt: iso(target.polledAt),
      pollTrouble: target.error,
      hintedAt: iso(target.hintedAt),
      cannot: vendor?.cannot ?? [],
    };
  });
}
