import { basics, IntegrationError, store } from '../../kit.ts';
import { skipAsksOfFailedMail } from '../../loop/withdraw.ts';
import { isUndeliverable } from '../../mail/undeliverable.ts';
import type { Kind } from '../../queues/outbox-kind.ts';

export const mailSendKind: Kind<'mail.send'> = {
  unknown: 'same-key',

  /** A provider that is not set up fails here, before any mail may have left. */
  async prepare(core) {
    await core.integrations.mailer();
    return null;
  },

  async call(core, row) {
    const message = row.payload;
    // A mail that may have left is repeated unchanged, so that the provider recognises it.
    if (row.attempts === 0 && isUndeliverable(core, message.to))
      throw new IntegrationError('rejected', 'send mail', { detail: 'mail to this address could not be delivered' });
    const mailer = await core.integrations.mailer();
    const { id } = await mailer.send(message);
    return { provider: id };
  },

  settle(core, row, { unknown, refused, provider }) {
    const { key } = row.payload;
    const state = unknown ? 'unknown' : refused ? 'refused' : 'sent';
    store.setMailOutcome(core.sql, key, {
      state,
      provider: provider ?? null,
      at: core.clock.now(),
      why: refused ?? unknown ?? null,
    });
    const mail = refused ? store.mails.find(core.sql, { id: key }) : null;
    if (mail) skipAsksOfFailedMail(core, mail, 'the mail could not be delivered: the mail provider refused it');
  },
};

/** A notice for a channel beside mail. Repeating it is harmless. */
export const channelNoticeSendKind: Kind<'notice.send'> = {
  unknown: 'repeat',

  async call(core, row) {
    const channel = await core.integrations.channel(row.queue.replace(/^notice:/, ''));
    await channel.send(row.payload);
    return {};
  },

  settle(core, row, { refused, unknown }) {
    const trouble = refused ?? unknown;
    if (!trouble) return;
    const notice = row.payload;
    if ('lines' in notice) return core.log.error('huddle-failed', { queue: row.queue, row: row.id });
    const caseRecord = store.findCaseByHandle(core.sql, notice.case.handle);
    const channel = row.queue.replace(/^notice:/, '');
    if (caseRecord)
      basics.record(core, caseRecord.id, 'notice not delivered', `"${notice.event}" by ${channel}: ${trouble}`);
  },
};
