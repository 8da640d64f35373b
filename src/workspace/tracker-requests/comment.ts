import { deriveUuid } from '#domain/base/key.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { Core } from '../core.ts';
import { addToOutbox } from '../store/outbox.ts';
import type { OutboxKind, Payload } from '../store/payloads.ts';

/**
 * Records the intent of a call about a case to its tracker, in the caller's transaction.
 *
 * @param key idempotency key
 * @returns whether it is new
 */
export const requestCall = <Kind extends Extract<OutboxKind, `issue.${string}`>>(
  core: Core,
  { id, tracker: queue }: Pick<Case, 'id' | 'tracker'>,
  kind: Kind,
  key: string,
  payload: Payload<NoInfer<Kind>>,
): boolean => addToOutbox(core.sql, { key, queue, orderingKey: `case:${id}`, kind, payload, at: core.clock.now() });

/**
 * Adds a comment to the issue once. `body` is Caselite's own text, without words of the customer.
 *
 * @param former id of an earlier issue of the case that gets the comment instead of the present one
 * @returns whether it is new
 */
export function comment(
  core: Core,
  caseRecord: Case,
  once: string,
  body: string,
  mention: string[],
  former?: string,
): boolean {
  const caseId = caseRecord.id;
  const draft = {
    ref: core.keys.mac('comment.1', caseId, once).slice(0, 24),
    uuid: deriveUuid(core.keys, 'comment-uuid.1', core.workspace, caseId, once),
    body,
    mention,
  };
  return requestCall(core, caseRecord, 'issue.comment', `comment:${caseId}:${once}`, {
    caseId,
    draft,
    ...(former !== undefined && { former }),
  });
}
