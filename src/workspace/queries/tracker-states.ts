import type { TrackerState } from '#domain/integrations/tracker-state.ts';
import type { Core } from '../core.ts';
import { findLane } from '../store/lanes.ts';
import { laneTrouble } from '../store/outbox.ts';
import { findTarget } from '../store/targets.ts';

export function trackerStates(core: Core): TrackerState[] {
  const now = core.clock.now();
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const later = (at: number) => (at > now ? iso(at) : null);
  return Object.keys(core.settings.workspace.trackers).map((tracker) => {
    const lane = findLane(core.sql, tracker);
    const target = findTarget(core.sql, tracker);
    const { waiting, error } = laneTrouble(core.sql, tracker);
    const vendor = core.outside.vendor(tracker);
    const since = iso(lane.pausedAt);
    return {
      tracker,
      title: vendor?.title ?? tracker,
      waiting,
      trouble: error,
      paused:
        lane.paused !== null && since !== null
          ? { why: lane.pausedWhy ?? '', since, next: later(Math.max(lane.heldUntil, lane.pacedUntil)) }
          : null,
      heldUntil: later(lane.heldUntil),
      pacedUntil: later(lane.pacedUntil),
      polledAt: iso(target.polledAt),
      pollTrouble: target.error,
      hintedAt: iso(target.hintedAt),
      cannot: vendor?.cannot ?? [],
    };
  });
}
