import { derivedUuid } from '#domain/base/marker.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { Core } from '../core.ts';
import { addToOutbox } from '../store/outbox.ts';

/**
 * Leaves a comment on the issue once. `body` is ours alone; no words of the customer stand in it.
 *
 * @returns whether it is a new one
 */
export function comment(
  core: Core,
  caseRecord: Case,
  once: string,
  body: string,
  mention: string[],
): boolean {
  return addToOutbox(core.sql, {
    key: `comment:${caseRecord.id}:${once}`,
    queue: caseRecord.tracker,
    orderingKey: `case:${caseRecord.id}`,
    kind: 'issue.comment',
    payload: {
      caseId: caseRecord.id,
      draft: {
        ref: core.keys.mac('comment.1', caseRecord.id, once).slice(0, 24),
        uuid: derivedUuid(core.keys, 'comment-uuid.1', core.workspace, caseRecord.id, once),
        body,
        mention,
      },
    },
    at: core.clock.now(),
  });
}
