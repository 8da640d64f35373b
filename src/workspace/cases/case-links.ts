import { type Case, handleOf } from '#domain/cases/case-record.ts';
import type { CaseLinkKind } from '#domain/json/strategic-json.ts';
import { demandManagedCase } from '../basics/demand-case.ts';
import { buildCasePageUrl } from '../basics/draft-issue.ts';
import { refuseField, wording } from '../basics/field-text.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { notify } from '../mail/notify.ts';
import { insertCaseLink } from '../store/case-links.ts';
import { findCaseByHandleOrId } from '../store/cases.ts';
import { comment } from '../tracker-requests/comment.ts';
import { linkCases } from '../tracker-requests/link-issues.ts';

export interface LinkReason {
  kind: Exclude<CaseLinkKind, 'duplicate-of'>;
  why: string;
  who: string;
  /** Reason that is shown with the link, where the timeline has a longer one. */
  label?: string;
}

/**
 * Links two cases, here and in their trackers, and records it on both.
 *
 * @returns false for an existing link
 */
export function addCaseLink(core: Core, from: Case, to: Case, { kind, why, who, label = why }: LinkReason): boolean {
  const at = core.clock.now();
  if (!insertCaseLink(core.sql, { caseId: from.id, linkedId: to.id, kind, why: label, at })) return false;
  const handle = handleOf(to);
  record(core, to.id, 'case linked', `${handleOf(from)}: ${why}`, { who, evidence: from.id });
  if (kind === 'related') {
    record(core, from.id, 'case linked', `${handle}: ${why}`, { who, evidence: to.id });
    linkCases(core, from, to);
    return true;
  }
  record(core, from.id, 'elevated', `linked to ${handle}: ${why}`, { who, evidence: to.id });
  const link = `[${handle}](${buildCasePageUrl(core, to.id)})`;
  const text = `Part of a larger problem: linked to ${link}. Work for this customer stays here.`;
  comment(core, from, `elevated:${to.id}`, text, []);
  if (from.tracker === to.tracker) linkCases(core, from, to);
  notify(core, from, 'elevated', `${handleOf(from)} was elevated to ${handle}`);
  return true;
}

export interface RequestedLink {
  /** Handle or id of the other case, or the name of a strategic template. */
  to: string;
  /** Theme of a new strategic case whose template gathers by product or theme. */
  theme?: string | null;
  reason: string;
  who: string;
}

/**
 * Links a case to a related one of the same kind, as a case manager's decision. Call it inside a transaction.
 *
 * @throws InvalidInputError with the field; AppError `forbidden` for people who do not manage the case
 */
export function linkRelatedCase(core: Core, caseId: string, { to, reason, who }: RequestedLink): void {
  const caseRecord = demandManagedCase(core, caseId, who);
  const other = findCaseByHandleOrId(core.sql, to);
  if (!other) refuseField('to', `is no case of this workspace: ${to}`);
  if (other.id === caseId) refuseField('to', 'is this case itself');
  if (other.kind !== caseRecord.kind)
    refuseField('to', `is ${other.kind}; elevate the tactical case to the strategic one instead: ${handleOf(other)}`);
  const why = wording('reason', reason, 'say in one line what both have in common', 300);
  addCaseLink(core, caseRecord, other, { kind: 'related', why, who });
}
