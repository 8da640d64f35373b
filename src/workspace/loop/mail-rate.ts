import type { Core } from '../core.ts';
import { countFollowUpsByPeriod, type FollowUp, postponeAsk } from '../store/asks.ts';

/**
 * Spreads follow-ups over time, for mail providers and for the people who read the answers. The follow-ups themselves
 * hold the slots, so that a restart after a crash goes on.
 *
 * @param from earliest instant
 * @returns a function that returns the next free slot at each call
 */
export function createMailSlotFinder(core: Core, from: number): () => number {
  const { count, ms } = core.settings.workspace['follow-up'].batch;
  const taken = countFollowUpsByPeriod(core.sql, from - ms, ms);
  let period = Math.floor(from / ms);
  return () => {
    while ((taken.get(period) ?? 0) >= count) period += 1;
    taken.set(period, (taken.get(period) ?? 0) + 1);
    return Math.max(from, period * ms);
  };
}

/** Postpones a due follow-up to the next free slot when the mail rate is used up. Returns whether it did. */
export function putOff(core: Core, followUp: FollowUp): boolean {
  const { count, ms } = core.settings.workspace['follow-up'].batch;
  const now = core.clock.now();
  const period = Math.floor(now / ms);
  const sent = countFollowUpsByPeriod(core.sql, period * ms, ms, 'sent').get(period) ?? 0;
  if (sent < count) return false;
  postponeAsk(core.sql, followUp.id, createMailSlotFinder(core, (period + 1) * ms)());
  return true;
}
