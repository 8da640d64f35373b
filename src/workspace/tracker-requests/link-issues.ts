import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { buildCasePageUrl } from '../basics/draft-issue.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { comment } from './comment.ts';
import { requestCall } from './request-call.ts';

/** Links two cases: by the tracker's own link where both live in one, else by a comment on each. */
export function linkCases(core: Core, entry: Case, other: Case): void {
  if (entry.tracker === other.tracker) queueIssueLink(core, entry, { other: other.id });
  else {
    commentOnRelatedCase(core, entry, other);
    commentOnRelatedCase(core, other, entry);
  }
}

export function linkCaseToIssue(core: Core, caseRecord: Case, key: string, who: string): void {
  queueIssueLink(core, caseRecord, { key });
  record(core, caseRecord.id, 'link asked for', `to ${key}`, { who });
}

export function commentOnRelatedCase(core: Core, caseRecord: Case, other: Case): void {
  const page = buildCasePageUrl(core, other.id);
  comment(core, caseRecord, `linked:${other.id}`, `Related to [${handleOf(other)}](${page}).`, []);
}

function queueIssueLink(core: Core, caseRecord: Case, to: { other: string } | { key: string }): void {
  const key = 'other' in to ? to.other : to.key.toLowerCase();
  requestCall(core, caseRecord, 'issue.link', `link:${caseRecord.id}:${key}`, { caseId: caseRecord.id, ...to });
}
