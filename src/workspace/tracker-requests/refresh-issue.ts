import { randomId } from '#domain/base/key.ts';
import type { Core } from '../core.ts';
import { addToOutbox, hasEdit } from '../store/outbox.ts';

/** Asks for the issue's text to be brought up to date; one waiting edit serves all that came before it. */
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
