import type { Kind } from '../../queues/outbox-kind.ts';
import { requireTracker, createCaseSettler, targetOf } from './case-row.ts';

export const commentKind: Kind<'issue.comment'> = {
  prepare: requireTracker,

  async call(core, row) {
    const { tracker, issue } = await targetOf(core, row);
    await tracker.addComment(issue.id, row.payload.draft);
    return {};
  },

  async unknown(core, row) {
    const { tracker, issue } = await targetOf(core, row);
    return (await tracker.hasComment(issue.id, row.payload.draft)) ? {} : null;
  },

  settle: createCaseSettler(() => {}),
};
