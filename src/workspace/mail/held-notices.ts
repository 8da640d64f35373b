import { describeStorm } from '#domain/settings/notice-event.ts';
import { basics, type Core, store } from '../kit.ts';
import { findNoticeTime } from './notice-time.ts';
import { findNoticeAddress, nameStorm, sendNotices } from './send-notices.ts';

export function setHeldNoticesTimer(core: Core, person: string): void {
  const next = store.findNextHeldNoticeAt(core.sql, person);
  if (next === null) store.clearTimer(core.sql, 'notices', person);
  else store.setTimer(core.sql, 'notices', person, next);
}

/** Sends held notices after quiet hours: one mail per case, one per storm, or one digest. */
export function sendHeldNotices(core: Core, person: string): void {
  const now = core.clock.now();
  const ready: store.StoredNotice[] = [];
  for (const notice of store.listDueHeldNotices(core.sql, person, now)) {
    const dueAt = notice.dueAt < now ? findDeferredNoticeTime(core, notice, now) : now;
    if (dueAt > now) {
      store.updateNotice(core.sql, notice.id, { dueAt });
      continue;
    }
    const isKnown = notice.caseId === null || store.findCase(core.sql, notice.caseId) !== null;
    const isWanted = isKnown && (person.startsWith('channel:') || findNoticeAddress(core, person) !== null);
    store.updateNotice(core.sql, notice.id, { state: isWanted ? 'sent' : 'dropped', dueAt: now });
    if (isWanted) ready.push(notice);
  }
  for (const group of basics.findPerson(core, person)?.digest ? [ready] : groupByStorm(ready))
    if (group.length > 0) sendNotices(core, person, group);
  setHeldNoticesTimer(core, person);
}

/** Notices of one case together, and single ones about an event that happened to many cases of a template. */
function groupByStorm(notices: store.StoredNotice[]): store.StoredNotice[][] {
  const bySubject = [...Map.groupBy(notices, ({ caseId, id }) => caseId ?? id).values()];
  const storms = Map.groupBy(bySubject, ([first, ...rest]) =>
    first && rest.length === 0 && describeStorm(first.event) !== null ? nameStorm(first) : first?.id,
  );
  return [...storms.values()].map((subjects) => subjects.flat());
}

/** The alarm came late, into the next quiet hours. Notices for a digest go out all the same. */
function findDeferredNoticeTime(core: Core, notice: store.StoredNotice, now: number): number {
  const { person } = notice;
  const goesAnyway = basics.findPerson(core, person)?.digest || person.startsWith('channel:');
  return goesAnyway ? now : findNoticeTime(core, notice, now);
}
