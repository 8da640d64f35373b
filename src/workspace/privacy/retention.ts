import { type Core, dayMs, store } from '../kit.ts';
import { erasePerson } from './erase-person.ts';

const mostDeliveriesErasedPerRun = 500;
const mostPeopleErasedPerRun = 50;

export const startRetentionTimer = (core: Pick<Core, 'sql' | 'clock'>): void =>
  store.setTimerIfUnset(core.sql, 'retention', 'all', core.clock.now());

/** Erases data whose retention has ended: a part at once, the rest at the next timers. */
export function eraseExpiredData(core: Core): void {
  const { deliveries, people } = core.settings.workspace.retention;
  const now = core.clock.now();
  const emptied =
    deliveries === undefined ? 0 : store.eraseOldDeliveryBytes(core.sql, now - deliveries, mostDeliveriesErasedPerRun);
  const silent =
    people === undefined ? [] : store.listInactiveCustomerKeys(core.sql, now - people, mostPeopleErasedPerRun);
  for (const key of silent) erasePerson(core, key, 'the rule of retention');
  const isMore = emptied === mostDeliveriesErasedPerRun || silent.length === mostPeopleErasedPerRun;
  store.setTimer(core.sql, 'retention', 'all', isMore ? now : now + dayMs);
}
