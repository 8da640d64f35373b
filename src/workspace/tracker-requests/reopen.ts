import type { Case } from '#domain/cases/case-record.ts';
import { findPersonName } from '../basics/people.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { comment } from './comment.ts';
import { requestCall } from './request-call.ts';

/**
 * Requests that the tracker reopen the issue; a comment follows once it did. The case starts its next generation when
 * the tracker shows the issue as open.
 *
 * @param once idempotency key: the same reason reopens once
 * @param who the acting person
 */
export function reopen(core: Core, caseRecord: Case, why: string, once: string, who = 'Caselite'): void {
  const { id: caseId } = caseRecord;
  const isNew = requestCall(core, caseRecord, 'issue.reopen', `reopen:${caseId}:${once}`, { caseId, why, who });
  if (isNew) record(core, caseRecord.id, 'reopening', why, { who, evidence: once });
}

/** Tells the reopened issue why. */
export function commentOnReopening(
  core: Core,
  caseRecord: Case,
  key: string,
  { who, why }: Record<'who' | 'why', string>,
): void {
  const name = findPersonName(core, who) ?? who;
  const by = who === 'Caselite' ? 'Caselite' : `Caselite for ${name}`;
  const once = key.slice(`reopen:${caseRecord.id}:`.length);
  comment(core, caseRecord, `reopened:${once}`, `Reopened by ${by}: ${why.replace(/\.$/, '')}.`, []);
}
