import type { Page } from '#domain/base/page.ts';
import type { EventAttemptJson, EventChannelJson } from '#domain/json/settings-json.ts';
import { toIsoText, toIsoTextOrNull } from '#domain/time/units.ts';
import { listEventChannels } from '../basics/case-events.ts';
import type { Core } from '../core.ts';
import * as store from '../store/index.ts';
import { pageOf } from './serializers.ts';

/** Channels that get events of cases. */
export const listEventChannelsJson = (core: Core): EventChannelJson[] =>
  listEventChannels(core).map((name) => {
    const { events = 'all', 'personal-data': personalData = false } = core.settings.workspace.channels[name] ?? {};
    const ended = store.endedChannels.find(core.sql, { channel: name });
    const { waiting, error } = store.readQueueBacklog(core.sql, `notice:${name}`);
    return {
      name,
      types: events === 'all' ? [] : events,
      personalData,
      waiting,
      trouble: ended?.why ?? store.findQueue(core.sql, `notice:${name}`).pausedWhy ?? error,
      takenAt: toIsoTextOrNull(store.findLastEventTakenAt(core.sql, name)),
      endedAt: toIsoTextOrNull(ended?.at ?? null),
    };
  });

/** Tries to post events to a channel, newest first. */
export function listEventAttemptsJson(
  { sql }: Core,
  channel: string,
  { cursor, limit }: { cursor: string | null; limit: number },
): Page<EventAttemptJson> {
  const before = Number(cursor ?? Number.MAX_SAFE_INTEGER) || 0;
  const rows = store.eventAttempts.page(sql, { channel }, before, limit + 1);
  return pageOf(
    rows,
    limit,
    ({ seq }) => seq,
    ({ eventId, caseId, sequence, type, at, error }) => {
      return { id: eventId, sequence, type, case: caseId, at: toIsoText(at), error };
    },
  );
}
