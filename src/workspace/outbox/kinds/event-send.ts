import type { CaseEvent } from '#domain/integrations/case-event.ts';
import { type Core, dayMs, IntegrationError, store, toIsoText } from '../../kit.ts';
import { notifyAdmins } from '../../mail/notify-admins.ts';
import type { Kind } from '../../queues/outbox-kind.ts';

/** A channel that takes nothing for so long gets no more events until somebody replays them. */
const giveUpEventAfterMs = 5 * dayMs;

/** An event of a case for a channel. Repeating it is harmless, and whatever a receiver answers may be corrected there. */
export const eventSendKind: Kind<'event.send'> = {
  unknown: 'repeat',

  async call(core, row) {
    const channel = row.queue.replace(/^notice:/, '');
    const { id, event } = row.payload;
    const notifier = await core.integrations.channel(channel);
    const note = (error: string | null) =>
      store.addEventAttempt(core.sql, {
        channel,
        eventId: id,
        caseId: event.data.case.id,
        sequence: event.data.sequence,
        type: event.type,
        at: core.clock.now(),
        error,
      });
    try {
      await notifier.sendEvent?.(id, withPersonalData(core, channel, event));
    } catch (error) {
      if (!(error instanceof IntegrationError)) throw error;
      note(error.message);
      const { operation, status, retryAfterMs } = error;
      const isTooOld = core.clock.now() - row.createdAt > giveUpEventAfterMs;
      const code = isTooOld ? 'rejected' : error.code === 'rate-limited' ? error.code : 'unavailable';
      throw new IntegrationError(code, operation, { status, retryAfterMs });
    }
    note(null);
    return {};
  },

  settle(core, row, { refused, unknown }) {
    const why = refused ?? unknown;
    if (!why) return;
    const channel = row.queue.replace(/^notice:/, '');
    const at = core.clock.now();
    if (!Object.hasOwn(core.settings.workspace.channels, channel))
      return store.endWaitingEvents(core.sql, channel, at, 'the channel is no longer in the settings');
    const isOld = at - row.createdAt > giveUpEventAfterMs;
    const isDead = isOld && (store.findLastEventTakenAt(core.sql, channel) ?? 0) < row.createdAt;
    if (isDead) store.endChannel(core.sql, { channel, at, why });
    const { handle } = row.payload.event.data.case;
    notifyAdmins(core, {
      once: ['events', channel, isDead ? 'ended' : 'refused', toIsoText(at).slice(0, 10)],
      subject: isDead ? `Events of cases no longer go to ${channel}` : `An event of ${handle} did not reach ${channel}`,
      paragraphs: [
        isDead
          ? `The channel ${channel} took no event for 5 days. Caselite ended it: ${why}.`
          : `The channel ${channel} refused an event of ${handle} for 5 days, and Caselite gave it up: ${why}.`,
        'Nothing is lost. The page lists all tries. Correct the receiver, then replay from it what was missed.',
      ],
      path: 'settings/events',
      label: 'Open the events',
    });
  },
};

/** Personal data is added at the last moment, so that an erasure reaches what waits. */
function withPersonalData(core: Core, channel: string, event: CaseEvent): CaseEvent {
  if (!core.settings.workspace.channels[channel]?.['personal-data']) return event;
  const { customerKey } = store.getCase(core.sql, event.data.case.id);
  const { key, name, email } = (customerKey !== null && store.findCustomer(core.sql, customerKey)) || {};
  const { why = '', who = event.data.who } = store.findTimelineEntry(core.sql, event.data.sequence) ?? {};
  const customer = key === undefined ? null : { key, name: name ?? null, email: email ?? null };
  return { ...event, data: { ...event.data, who, why, customer } };
}
