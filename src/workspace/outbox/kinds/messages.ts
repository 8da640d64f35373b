import { basics, type Core, dayMs, IntegrationError, store, toIsoText } from '../../kit.ts';
import { beginAnswerWindow, skipAsksOfFailedMail } from '../../loop/withdraw.ts';
import { notifyAdmins } from '../../mail/notify.ts';
import { computeAgeMs } from '../../queues/circuit-breaker.ts';
import type { Kinds } from '../../queues/outbox-kind.ts';

/** Whether the answers that a mail asks for are still wanted. Other mails are always wanted. */
export function isMailWanted(core: Core, id: string): boolean {
  const mail = store.mails.find(core.sql, { id });
  if (!mail?.askId) return true;
  if (mail.asks && basics.hasOptedOut(core, mail.person, mail.address)) return false;
  return store.asksOfMail(core.sql, mail.askId).some(({ state }) => state === 'sent');
}

/** A channel that takes nothing for so long gets no more events until somebody replays them. */
const giveUpEventAfterMs = 5 * dayMs;
const fewestEventTries = 5;

export const messageKinds = {
  'mail.send': {
    unknown: 'same-key',

    /** A provider that is not set up fails here, before any mail may have left. A mail waits for no corrected sender. */
    async prepare(core, row) {
      await core.integrations.mailer();
      const { from, ...provider } = core.settings.workspace.mail;
      if (row.state === 'waiting' && row.payload.from !== from)
        store.setWaitingPayload(core.sql, row.id, Object.assign(row.payload, { from }));
      return JSON.stringify(provider);
    },

    async call(core, row) {
      const message = row.payload;
      // A mail that may have left is repeated unchanged, so that the provider recognises it.
      if (row.attempts === 0 && basics.isUndeliverable(core, message.to))
        throw new IntegrationError('rejected', 'send mail', { detail: 'mail to this address could not be delivered' });
      const mailer = await core.integrations.mailer();
      const { id } = await mailer.send(message);
      return { provider: id };
    },

    settle(core, row, { failed = null, isUnknown, provider = null }) {
      const { key } = row.payload;
      const state = failed === null ? 'sent' : isUnknown ? 'unknown' : 'refused';
      store.mails.update(core.sql, { id: key }, { state, provider, endedAt: core.clock.now(), why: failed });
      const mail = store.mails.find(core.sql, { id: key });
      if (!mail) return;
      if (state === 'refused')
        skipAsksOfFailedMail(core, mail, 'the mail could not be delivered: the mail provider refused it');
      else beginAnswerWindow(core, mail);
    },
  },

  'notice.send': {
    unknown: 'repeat',

    async call(core, row) {
      const channel = await core.integrations.channel(row.queue.replace(/^notice:/, ''));
      await channel.send(row.payload);
      return {};
    },

    settle(core, row, { failed }) {
      if (!failed) return;
      const notice = row.payload;
      if ('lines' in notice) return core.log.error('huddle-failed', { queue: row.queue, row: row.id });
      const caseRecord = store.findCaseByHandle(core.sql, notice.case.handle);
      const channel = row.queue.replace(/^notice:/, '');
      if (caseRecord)
        basics.record(core, caseRecord.id, 'notice not delivered', `"${notice.event}" by ${channel}: ${failed}`);
    },
  },

  /** An event of a case for a channel. Repeating it is harmless, and whatever a receiver answers may be corrected there. */
  'event.send': {
    unknown: 'repeat',

    async call(core, row) {
      const channel = row.queue.replace(/^notice:/, '');
      const { id, event } = row.payload;
      const notifier = await core.integrations.channel(channel);
      const { sequence, case: of } = event.data;
      const about = { channel, eventId: id, caseId: of.id, sequence, type: event.type };
      const note = (error: string | null) => store.addEventAttempt(core.sql, { ...about, at: core.clock.now(), error });
      try {
        await notifier.sendEvent?.(id, event);
      } catch (error) {
        if (!(error instanceof IntegrationError)) throw error;
        note(error.message);
        const { operation, status, retryAfterMs } = error;
        const isTooOld = computeAgeMs(core, row) > giveUpEventAfterMs && row.attempts > fewestEventTries;
        const code = isTooOld ? 'rejected' : error.code === 'rate-limited' ? error.code : 'unavailable';
        throw new IntegrationError(code, operation, { status, retryAfterMs });
      }
      note(null);
      return {};
    },

    settle(core, row, { failed: why }) {
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
        subject: isDead
          ? `Events of cases no longer go to ${channel}`
          : `An event of ${handle} did not reach ${channel}`,
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
  },
} satisfies Partial<Kinds>;
