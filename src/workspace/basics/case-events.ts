import { AppError, casework, type Core, type CorePorts, deriveId, handleOf, type port, timing } from '../core.ts';
import * as store from '../store/index.ts';

export const listEventChannels = ({ settings }: Pick<Core, 'settings'>, type?: port.CaseEventType): string[] =>
  Object.entries(settings.workspace.channels).flatMap(([name, { events }]) =>
    events !== undefined && (events === 'all' || type === undefined || events.includes(type)) ? [name] : [],
  );

/** Queues the newest entry of a timeline for the channels that want it; those that ended get it by a replay. */
export function queueCaseEvents(core: Core, type: port.CaseEventType): void {
  const channels = listEventChannels(core, type).filter(
    (name) => store.endedChannels.find(core.sql, { channel: name }) === null,
  );
  const entry = channels.length > 0 && store.timeline.find(core.sql, { seq: store.findLastTimelineNumber(core.sql) });
  for (const channel of entry ? channels : []) if (entry) queueCaseEvent(core, channel, entry);
}

/** Posts an entry of a timeline to a channel, under the same id each time; events of a case go in order. */
function queueCaseEvent(core: Core, channel: string, entry: store.NumberedEntry, once = ''): boolean {
  const { seq, caseId, at } = entry;
  const orderingKey = `event:${channel}:${caseId}`;
  if (store.isEventOnItsWay(core.sql, orderingKey, seq)) return false;
  return store.addToOutbox(core.sql, {
    key: `event:${channel}:${seq}${once}`,
    queue: `notice:${channel}`,
    orderingKey,
    kind: 'event.send',
    payload: {
      id: deriveId(core.keys, 'e', core.workspace, caseId, String(seq), String(at)),
      event: buildCaseEvent(core, entry),
    },
    at: core.clock.now(),
  });
}

export function demandEventChannel(core: Core, channel: string): void {
  if (!listEventChannels(core).includes(channel))
    throw new AppError('not-found', 'There is no channel with events of that name in the workspace file.');
}

const mostReplayedAtOnce = 1000;

/** Posts events again under their ids: one by its number, or those since an instant, oldest first. It resumes the channel. */
export function replayEvents(
  core: Core,
  channel: string,
  { since, sequence, who }: { since?: string; sequence?: number; who: string },
): { replayed: number; until: string | null } {
  demandEventChannel(core, channel);
  const one = sequence === undefined ? null : store.timeline.find(core.sql, { seq: sequence });
  const from = since ? timing.readInstant(since, core.settings.workspace['time-zone']) : core.clock.now();
  const found = one ? [one] : store.listTimelineSince(core.sql, from, mostReplayedAtOnce + 1);
  const entries = found.slice(0, mostReplayedAtOnce);
  const more = found[mostReplayedAtOnce];
  store.endedChannels.delete(core.sql, { channel });
  const isWanted = (entry: store.NumberedEntry) =>
    listEventChannels(core, casework.toCaseEventType(entry.what)).includes(channel);
  const queued = entries
    .filter(isWanted)
    .filter((entry) => queueCaseEvent(core, channel, entry, `:${core.clock.now()}`));
  audit(core, { who, what: 'events replayed', about: channel, details: `${queued.length} events` });
  return { replayed: queued.length, until: more ? timing.toIsoText(more.at) : null };
}

function buildCaseEvent(core: Core, { seq, caseId, at, what, who, generation }: store.NumberedEntry): port.CaseEvent {
  const caseRecord = store.getCase(core.sql, caseId);
  const { id, kind, template, category, severity, tier, status, loop, team, assignee, loopOwner, issue } = caseRecord;
  const isNamed = who === 'Caselite' || Object.hasOwn(core.settings.workspace.people, who);
  return {
    type: casework.toCaseEventType(what),
    timestamp: timing.toIsoText(at),
    data: {
      workspace: core.workspace,
      sequence: seq,
      event: what,
      who: isNamed ? who : 'somebody else',
      generation,
      case: {
        ...{ id, kind, template, category, severity, tier, status, loop, team, assignee, loopOwner },
        handle: handleOf(caseRecord),
        dueAt: timing.toIsoText(caseRecord.dueAt),
        url: `${core.publicUrl}/w/${core.workspace}/cases/${id}`,
        issue: issue && { key: issue.key, url: issue.url },
      },
    },
  };
}

export type AuditEntry = { who: string; what: string; about?: string; details?: string };

/** Repeated views and refusals within this time share one line, so that nobody can flood the log. */
const repetitionMs = 15 * timing.minuteMs;

/** Adds a line to the audit log. It holds no name, address or key of a customer. Call it inside a transaction. */
export function audit({ sql, clock }: Pick<CorePorts, 'sql' | 'clock'>, entry: AuditEntry, mayRepeat = true): void {
  const line = { about: '', details: '', ...entry };
  const at = clock.now();
  if (mayRepeat || !store.hasAuditLineSince(sql, { ...line, at: at - repetitionMs }))
    store.auditLog.insert(sql, { ...line, at });
}
