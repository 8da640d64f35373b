import { dayMs } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { eraseOldDeliveryBytes, listInactiveCustomerKeys } from '../store/personal.ts';
import { setTimer, setTimerIfUnset } from '../store/schedule.ts';
import { erasePerson } from './erase-person.ts';

const mostDeliveriesErasedPerRun = 500;
const mostPeopleErasedPerRun = 50;

export const startRetentionTimer = (core: Pick<Core, 'sql' | 'clock'>): void =>
  setTimerIfUnset(core.sql, 'retention', 'all', core.clock.now());

/** Erases data whose retention has ended: a part at once, the rest at the next timers. */
export function eraseExpiredData(core: Core): void {
  const { deliveries, people } = core.settings.workspace.retention;
  const now = core.clock.now();
  const emptied =
    deliveries === undefined ? 0 : eraseOldDeliveryBytes(core.sql, now - deliveries, mostDeliveriesErasedPerRun);
  const silent = people === undefined ? [] : listInactiveCustomerKeys(core.sql, now - people, mostPeopleErasedPerRun);
  for (const key of silent) erasePerson(core, key, 'the rule of retention');
  const isMore = emptied === mostDeliveriesErasedPerRun || silent.length === mostPeopleErasedPerRun;
  setTimer(core.sql, 'retention', 'all', isMore ? now : now + dayMs);
}
