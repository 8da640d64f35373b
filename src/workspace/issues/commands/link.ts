import { handleOf } from '#domain/cases/case-record.ts';
import { refuseField } from '../../basics/field-text.ts';
import { addCaseLink } from '../../cases/case-links.ts';
import { findCaseByHandle, findCaseByIssueKey } from '../../store/cases.ts';
import { linkCaseToIssue } from '../../tracker-requests/link-issues.ts';
import type { Operation } from './command-input.ts';

/** Links two cases, or a case's issue with another issue of the same tracker. */
export const link: Operation = (core, { caseRecord, who, value, because }) => {
  const name = value.replace(/^(?:to|with)\s+/i, '').trim();
  const other = /^c-/i.test(name) ? findCaseByHandle(core.sql, name) : null;
  const linked = other ?? findCaseByIssueKey(core.sql, caseRecord.tracker, name.replace(/^#/, ''));
  if (linked?.id === caseRecord.id) refuseField('link', 'names this case itself; write as in C-12');
  if (!linked && (/^c-\d+$/i.test(name) || !isIssueKey(name)))
    refuseField('link', 'names no other case and no issue of this tracker; write as in C-12 or SUP-12');
  if (!linked) {
    linkCaseToIssue(core, caseRecord, name.replace(/^#/, ''), who);
    return `Linking it to ${name}.`;
  }
  if (!addCaseLink(core, caseRecord, linked, { kind: 'related', why: because ?? 'linked by a person', who }))
    return `It was linked to ${handleOf(linked)} before.`;
  return `Linking it to ${handleOf(linked)}.`;
};

const isIssueKey = (name: string) => /^(?:#?\d{1,9}|[a-z][a-z0-9_]{0,20}-\d{1,9})$/i.test(name);
