import type { Notice } from '#domain/notifier.ts';
import type { Kind } from '../kind.ts';

/** A notice for a channel beside mail; sending it again does no harm. */
export const noticeKind: Kind = {
  unknown: 'repeat',

  async call(core, row) {
    const channel = await core.outside.channel(row.lane.replace(/^notice:/, ''));
    const notice: Notice = JSON.parse(row.payload);
    await channel.send(notice);
    return {};
  },

  settle() {},
};
