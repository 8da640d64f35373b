import { deriveUuid } from '#domain/base/marker.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { Core } from '../core.ts';
import { requestCall } from './request-call.ts';

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
