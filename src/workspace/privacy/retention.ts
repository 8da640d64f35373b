import { dayMs } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { eraseOldDeliveryBytes, inactiveCustomers } from '../store/personal.ts';
import { setTimer, setTimerIfUnset } from '../store/schedule.ts';
import { erasePerson } from './erase-person.ts';

const mostDeliveries = 500;
const mostPeople = 50;

export function startRetentionTimer(core: Pick<Core, 'sql' | 'clock'>): void {
  setTimerIfUnset(core.sql, 'retention', 'all', core.clock.now());
}

/** Erases data whose retention has ended: a part at once, the rest at the next timers. */
export function eraseExpiredData(core: Core): void {
  const { deliveries, people } = core.settings.workspace.retention;
  const now = core.clock.now();
  const emptied = deliveries === undefined ? 0 : eraseOldDeliveryBytes(core.sql, now - deliveries, mostDeliveries);
  const silent = people === undefined ? [] : inactiveCustomers(core.sql, now - people, mostPeople);
  for (const key of silent) erasePerson(core, key, 'the rule of retention');
  const isMore = emptied === mostDeliveries || silent.length === mostPeople;
  setTimer(core.sql, 'retention', 'all', isMore ? now : now + dayMs);
}
