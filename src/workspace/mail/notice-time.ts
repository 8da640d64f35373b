import { describeStorm, isUrgent, type NoticeEvent } from '#domain/settings/notice-event.ts';
import { findCalendar } from '#domain/templates/due.ts';
import {
  findNextInstantNotQuiet,
  findNextWallClockInstant,
  parseQuietHours,
  type Quiet,
} from '#domain/time/quiet-hours.ts';
import { minuteMs } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { findLatestNotice, type StoredNotice } from '../store/notices.ts';

/** Notices of one event and template to one person within this time come as one. */
export const stormMs = 5 * minuteMs;

/**
 * Instant at which a person may be notified of an event: now, at the end of their quiet hours, or with their digest.
 */
export function findNoticeTime(core: Core, person: string, event: NoticeEvent, now: number): number {
  const { people, 'time-zone': zone, 'quiet-hours': workspace } = core.settings.workspace;
  if (workspace?.exempt.includes(event)) return now;
  const settings = Object.hasOwn(people, person) ? people[person] : undefined;
  const timeZone = settings?.['time-zone'] ?? zone;
  const digest = isUrgent(event) ? undefined : settings?.digest;
  const [hour = 0, minute = 0] = (digest ?? '').split(':').map(Number);
  const at = digest ? findNextWallClockInstant(hour * 60 + minute, timeZone, now) : now;
  const own = settings?.['quiet-hours'];
  if (own === 'none') return at;
  const hours = own ?? workspace?.hours;
  const quiet: Quiet = {
    hours: hours ? parseQuietHours(hours) : null,
    calendar: findCalendar(core.settings.workspace, workspace?.calendar ?? null),
    timeZone,
  };
  return findNextInstantNotQuiet(quiet, at);
}

/**
 * Instant until which a notice waits for others of its storm; null where it may go at once. One that is held and overdue
 * takes it along.
 */
export function findStormEnd(core: Core, notice: Pick<StoredNotice, 'person' | 'template' | 'event'>): number | null {
  const latest = describeStorm(notice.event) === null ? null : findLatestNotice(core.sql, notice);
  if (latest === null || latest.state === 'held') return latest?.dueAt ?? null;
  const end = latest.dueAt + stormMs;
  return end > core.clock.now() ? end : null;
}
