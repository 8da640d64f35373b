import { derivedUuid } from '#domain/base/marker.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { Core } from '../core.ts';
import { addToOutbox } from '../store/outbox.ts';

/**
 * Adds a comment to the issue once. `body` is Caselite's own text, without words of the customer.
 *
 * @returns whether it is new
 */
export function comment(core: Core, caseRecord: Case, once: string, body: string, mention: string[]): boolean {
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
