import type { Core } from '../core.ts';
import { asksByPeriod, type FollowUp, moveFollowUp } from '../store/follow-ups.ts';
import { setTimer } from '../store/schedule.ts';

/**
 * Spreads follow-ups over time, so that mail providers and the people who read the answers keep up. The slots stand
 * in the follow-ups themselves: whoever starts again after a crash goes on where it stopped.
 *
 * @param from the first instant that is wanted
 * @returns the next free slot, each time it is called
 */
export function mailRateFrom(core: Core, from: number): () => number {
  const { count, ms } = core.settings.workspace['follow-up'].batch;
  const taken = asksByPeriod(core.sql, from - ms, ms);
  let period = Math.floor(from / ms);
  return () => {
    while ((taken.get(period) ?? 0) >= count) period += 1;
    taken.set(period, (taken.get(period) ?? 0) + 1);
    return Math.max(from, period * ms);
  };
}

/** Puts a due follow-up off to the next free slot when this period's mails are spent. Says whether it did. */
export function putOff(core: Core, followUp: FollowUp): boolean {
  const { count, ms } = core.settings.workspace['follow-up'].batch;
  const now = core.clock.now();
  const period = Math.floor(now / ms);
  const sent = asksByPeriod(core.sql, period * ms, ms, 'sent').get(period) ?? 0;
  if (sent < count) return false;
  const later = mailRateFrom(core, (period + 1) * ms)();
  moveFollowUp(core.sql, followUp.id, later);
  setTimer(core.sql, 'follow-up', followUp.id, later);
  return true;
}
