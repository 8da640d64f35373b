import type { CommentDraft } from '#domain/integrations/issue.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { type CasePayload, needTracker, settlesCase, targetOf } from './case-row.ts';

interface CommentPayload extends CasePayload {
  draft: CommentDraft;
}

export const commentKind: Kind = {
  prepare: needTracker,

  async call(core, row) {
    const { tracker, issue, payload } = await targetOf<CommentPayload>(core, row);
    await tracker.addComment(issue.id, payload.draft);
    return {};
  },

  async unknown(core, row) {
    const { tracker, issue, payload } = await targetOf<CommentPayload>(core, row);
    return (await tracker.findComment(issue.id, payload.draft)) ? {} : null;
  },

  settle: settlesCase(() => {}),
};
