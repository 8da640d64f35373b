import { describeStorm, findGatherMs, isUrgent } from '#domain/settings/notice-event.ts';
import { findCalendar } from '#domain/templates/due.ts';
import * as quietHours from '#domain/time/quiet-hours.ts';
import { basics, type Core, type Settings, store } from '../kit.ts';
import { findNoticeAddress, nameStorm, sendNotices } from './send-notices.ts';

/** Instant for a notice: now, after quiet hours, or with the digest; urgent first notices pass quiet hours. */
export function findNoticeTime(
  core: Core,
  { person, event, caseId }: Pick<store.StoredNotice, 'person' | 'event' | 'caseId'>,
  now: number,
): number {
  const { 'time-zone': zone, 'quiet-hours': workspace } = core.settings.workspace;
  if (workspace?.exempt.includes(event)) return now;
  const settings = basics.findPerson(core, person);
  const timeZone = settings?.['time-zone'] ?? zone;
  const digest = isUrgent(event) ? undefined : settings?.digest;
  const [hour = 0, minute = 0] = (digest ?? '').split(':').map(Number);
  const at = digest ? quietHours.findNextWallClockInstant(hour * 60 + minute, timeZone, now) : now;
  const isFirstOfUrgent = event === 'opened' && store.findCase(core.sql, caseId)?.severityRank === 1;
  if (isFirstOfUrgent && !digest) return now;
  const own = settings?.['quiet-hours'];
  if (own === 'none') return at;
  const hours = own ?? workspace?.hours;
  const quiet: quietHours.Quiet = {
    hours: hours ? quietHours.parseQuietHours(hours) : null,
    calendar: findCalendar(core.settings.workspace, workspace?.calendar ?? null),
    timeZone,
  };
  return quietHours.findNextInstantNotQuiet(quiet, at);
}

/** Instant until which a notice waits for others of its storm, but not for quiet hours; null where it may go at once. */
export function findStormEnd(
  core: Core,
  notice: Pick<store.StoredNotice, 'person' | 'template' | 'event'>,
): number | null {
  if (describeStorm(notice.event) === null) return null;
  const [now, gatherMs] = [core.clock.now(), findGatherMs(notice.event)];
  const latest = store.findLatestNotice(core.sql, { ...notice, until: now + gatherMs });
  if (latest === null || latest.state === 'held') return latest?.dueAt ?? null;
  return latest.dueAt + gatherMs > now ? latest.dueAt + gatherMs : null;
}

/** Sets the timer of each huddle; one that is due already goes out first. */
export function setHuddleTimers(
  { sql, clock }: Pick<Core, 'sql' | 'clock'>,
  { workspace }: Pick<Settings, 'workspace'>,
): void {
  const now = clock.now();
  for (const [name, huddle] of Object.entries(workspace.huddles)) {
    const due = store.findTimerDueAt(sql, 'huddle', name);
    const next = quietHours.findNextRegularInstant(huddle, workspace['time-zone'], now);
    if (due === null || due > now) store.setTimer(sql, 'huddle', name, next);
  }
}

export function setHeldNoticesTimer(core: Core, person: string): void {
  const next = store.findNextHeldNoticeAt(core.sql, person);
  if (next === null) store.clearTimer(core.sql, 'notices', person);
  else store.setTimer(core.sql, 'notices', person, next);
}

/** Sends held notices after quiet hours: one mail per case, one per storm, or one digest, which goes out however late. */
export function sendHeldNotices(core: Core, person: string): void {
  const now = core.clock.now();
  const isChannel = person.startsWith('channel:');
  const digest = basics.findPerson(core, person)?.digest;
  const ready: store.StoredNotice[] = [];
  for (const notice of store.listDueHeldNotices(core.sql, person, now)) {
    // An alarm that came late may have come into the next quiet hours.
    const dueAt = notice.dueAt < now && !digest && !isChannel ? findNoticeTime(core, notice, now) : now;
    if (dueAt > now) {
      store.notices.update(core.sql, { id: notice.id }, { dueAt });
      continue;
    }
    const isKnown = notice.caseId === null || store.findCase(core.sql, notice.caseId) !== null;
    const isWanted = isKnown && (isChannel || findNoticeAddress(core, person) !== null);
    store.notices.update(core.sql, { id: notice.id }, { state: isWanted ? 'sent' : 'dropped', dueAt: now });
    if (isWanted) ready.push(notice);
  }
  for (const group of digest ? [ready] : groupByStorm(ready)) if (group.length > 0) sendNotices(core, person, group);
  setHeldNoticesTimer(core, person);
}

function groupByStorm(notices: store.StoredNotice[]): store.StoredNotice[][] {
  const bySubject = [...Map.groupBy(notices, ({ caseId, id }) => caseId ?? id).values()];
  const storms = Map.groupBy(bySubject, ([first, ...rest]) =>
    first && rest.length === 0 && describeStorm(first.event) !== null ? nameStorm(first) : first?.id,
  );
  return [...storms.values()].map((subjects) => subjects.flat());
}
