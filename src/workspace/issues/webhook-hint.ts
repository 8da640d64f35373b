import { dayMs } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { hastenTimer } from '../store/schedule.ts';
import { findPollState, savePollState, storeWebhookId } from '../store/targets.ts';

/** Minimum interval between polls triggered by webhooks. */
export const minHintedPollGapMs = 10_000;
/** Longest time for which a tracker sends the same webhook again, in milliseconds. */
const keptMs = 3 * dayMs;

/**
 * Takes a tracker's webhook as a hint: the poll comes now, or soon after the last one. Failing polls keep their
 * backoff.
 *
 * @returns whether the hint is new
 */
export function recordHint(core: Core, tracker: string, id: string): boolean {
  const now = core.clock.now();
  if (!storeWebhookId(core.sql, tracker, id, now, keptMs)) return false;
  const { polledAt, failures } = findPollState(core.sql, tracker);
  savePollState(core.sql, tracker, { hintedAt: now });
  if (failures === 0) hastenTimer(core.sql, 'poll', tracker, Math.max(now, (polledAt ?? 0) + minHintedPollGapMs));
  return true;
}
