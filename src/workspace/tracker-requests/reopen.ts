import type { Case } from '#domain/cases/case-record.ts';
import { findPersonName } from '../basics/people.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { comment } from './comment.ts';
import { requestCall } from './request-call.ts';

/**
 * Requests that the tracker reopen the issue, with a comment. The case starts its next generation when the tracker
 * shows the issue as open.
 *
 * @param once idempotency key: the same reason reopens once
 * @param who the acting person
 */
export function reopen(core: Core, caseRecord: Case, why: string, once: string, who = 'Caselite'): void {
  const { id: caseId } = caseRecord;
  const isNew = requestCall(core, caseRecord, 'issue.reopen', `reopen:${caseId}:${once}`, { caseId, why, who });
  if (!isNew) return;
  const name = findPersonName(core, who) ?? who;
  const by = who === 'Caselite' ? 'Caselite' : `Caselite for ${name}`;
  comment(core, caseRecord, `reopened:${once}`, `Reopened by ${by}: ${why.replace(/\.$/, '')}.`, []);
  record(core, caseRecord.id, 'reopening', why, { who, evidence: once });
}
