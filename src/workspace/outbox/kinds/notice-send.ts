import { record } from '../../basics/record-activity.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { findCaseByHandle } from '../../store/cases.ts';

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
    const caseRecord = findCaseByHandle(core.sql, notice.case.handle);
    const channel = row.queue.replace(/^notice:/, '');
    if (caseRecord) record(core, caseRecord.id, 'notice not delivered', `"${notice.event}" by ${channel}: ${trouble}`);
  },
};
