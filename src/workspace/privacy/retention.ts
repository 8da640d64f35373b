import { dayMs } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { emptyDeliveries, inactiveCustomers } from '../store/personal.ts';
import { setTimer, startTimer } from '../store/schedule.ts';
import { erasePerson } from './erase-person.ts';

const mostDeliveries = 500;
const mostPeople = 50;

export function startRetention(core: Pick<Core, 'sql' | 'clock'>): void {
  startTimer(core.sql, 'retention', 'all', core.clock.now());
}

/** Erases data whose retention has ended: a part at once, the rest at the next timers. */
export function keepRetention(core: Core): void {
  const { deliveries, people } = core.settings.workspace.retention;
  const now = core.clock.now();
  const emptied = deliveries === undefined ? 0 : emptyDeliveries(core.sql, now - deliveries, mostDeliveries);
  const silent = people === undefined ? [] : inactiveCustomers(core.sql, now - people, mostPeople);
  for (const key of silent) erasePerson(core, key, 'the rule of retention');
  const isMore = emptied === mostDeliveries || silent.length === mostPeople;
  setTimer(core.sql, 'retention', 'all', isMore ? now : now + dayMs);
}
