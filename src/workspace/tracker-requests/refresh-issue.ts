import { randomId } from '#domain/base/key.ts';
import type { Core } from '../core.ts';
import { addToOutbox, hasEdit } from '../store/outbox.ts';

/** Requests an update of the issue's text. One waiting edit serves all earlier requests. */
export function refreshIssue(core: Core, caseId: string, tracker: string): void {
  const orderingKey = `case:${caseId}`;
  if (hasEdit(core.sql, orderingKey, 'text')) return;
  addToOutbox(core.sql, {
    key: `edit:${randomId(core.random, 'o')}`,
    queue: tracker,
    orderingKey,
    kind: 'issue.edit',
    payload: { caseId, text: true },
    at: core.clock.now(),
  });
}
