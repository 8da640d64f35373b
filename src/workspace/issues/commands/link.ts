import { handleOf } from '#domain/cases/case-record.ts';
import { invalidField } from '../../basics/field-text.ts';
import { record } from '../../basics/record-activity.ts';
import { addCaseLink } from '../../store/case-links.ts';
import { findCaseByHandle, findCaseByIssueKey } from '../../store/cases.ts';
import { linkIssues, linkToIssue } from '../../tracker-requests/link-issues.ts';
import type { Operation } from './command-input.ts';

/** Links two cases, or a case's issue with another issue of the same tracker. */
export const link: Operation = (core, { caseRecord, who, value, because }) => {
  const name = value.replace(/^(?:to|with)\s+/i, '').trim();
  const other = /^c-/i.test(name) ? findCaseByHandle(core.sql, name) : null;
  const behind = other ?? findCaseByIssueKey(core.sql, caseRecord.tracker, name.replace(/^#/, ''));
  if (behind?.id === caseRecord.id) invalidField('link', 'names this case itself; write as in C-12');
  if (!behind && (/^c-\d+$/i.test(name) || !isIssueKey(name)))
    invalidField('link', 'names no other case and no issue of this tracker; write as in C-12 or SUP-12');
  if (!behind) {
    linkToIssue(core, caseRecord, name.replace(/^#/, ''), who);
    return `Linking it to ${name}.`;
  }
  const why = because ?? 'linked by a person';
  const link = {
    caseId: caseRecord.id,
    linkedId: behind.id,
    kind: 'related' as const,
    why,
    at: core.clock.now(),
  };
  if (!addCaseLink(core.sql, link)) return `It was linked to ${handleOf(behind)} before.`;
  addCaseLink(core.sql, { ...link, caseId: behind.id, linkedId: caseRecord.id });
  record(core, caseRecord.id, 'case linked', `${handleOf(behind)}: ${why}`, { who, evidence: behind.id });
  record(core, behind.id, 'case linked', `${handleOf(caseRecord)}: ${why}`, { who, evidence: caseRecord.id });
  linkIssues(core, caseRecord, behind);
  return `Linking it to ${handleOf(behind)}.`;
};

const isIssueKey = (name: string) => /^(?:#?\d{1,9}|[a-z][a-z0-9_]{0,20}-\d{1,9})$/i.test(name);
