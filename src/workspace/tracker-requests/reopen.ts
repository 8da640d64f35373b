import type { Case } from '#domain/cases/case-record.ts';
import { personName } from '../basics/people.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { addToOutbox } from '../store/outbox.ts';
import { comment } from './comment.ts';

/**
 * Asks the tracker to reopen the issue, and says there why. The case itself starts its next generation when
 * the tracker shows the issue as open.
 *
 * @param once the reason's own key: the same reason reopens once
 * @param who the person who wants it
 */
export function reopen(core: Core, caseRecord: Case, why: string, once: string, who = 'Caselite'): void {
  const at = core.clock.now();
  const orderingKey = `case:${caseRecord.id}`;
  const isNew = addToOutbox(core.sql, {
    key: `reopen:${caseRecord.id}:${once}`,
    queue: caseRecord.tracker,
    orderingKey,
    kind: 'issue.reopen',
    payload: { caseId: caseRecord.id, why, who },
    at,
  });
  if (!isNew) return;
  const name = personName(core, who) ?? who;
  const by = who === 'Caselite' ? 'Caselite' : `Caselite for ${name}`;
  comment(core, caseRecord, `reopened:${once}`, `Reopened by ${by}: ${why.replace(/\.$/, '')}.`, []);
  record(core, caseRecord.id, 'reopening', why, { who, evidence: once });
}
