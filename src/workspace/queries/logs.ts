import { basics, type Core, json, type Page, store, toIsoText, toIsoTextOrNull } from '../kit.ts';
import { type PageQuery, pageOf } from './serializers.ts';

export const listEventChannelsJson = (core: Core): json.EventChannelJson[] =>
  basics.listEventChannels(core).map((name) => {
    const { events = 'all' } = core.settings.workspace.channels[name] ?? {};
    const ended = store.endedChannels.find(core.sql, { channel: name });
    const { waiting, error } = store.readQueueBacklog(core.sql, `notice:${name}`);
    return {
      name,
      types: events === 'all' ? [] : events,
      waiting,
      trouble: ended?.why ?? store.findQueue(core.sql, `notice:${name}`).pausedWhy ?? error,
      takenAt: toIsoTextOrNull(store.findLastEventTakenAt(core.sql, name)),
      endedAt: toIsoTextOrNull(ended?.at ?? null),
    };
  });

export function listEventAttemptsJson(core: Core, channel: string, query: PageQuery): Page<json.EventAttemptJson> {
  const page = pageOf(
    query,
    (before, limit) => store.eventAttempts.page(core.sql, { channel }, limit, before),
    ({ eventId: id, caseId, at, ...attempt }) => ({
      ...json.presentFields(json.EventAttemptJson, attempt),
      ...{ id, case: caseId, at: toIsoText(at) },
    }),
  );
  // A page without any channel asks for none.
  if (page.items.length === 0 && channel !== '') basics.demandEventChannel(core, channel);
  return page;
}

export const listAuditJson = ({ sql }: Core, query: PageQuery): Page<json.AuditLineJson> =>
  pageOf(
    query,
    (before, limit) => store.auditLog.page(sql, {}, limit, before),
    ({ seq, at, ...line }) => ({ id: seq, at: toIsoText(at), ...line }),
  );
