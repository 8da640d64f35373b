import type { IssueDraft } from '#domain/tracker.ts';
import { record } from '../../cases/timeline.ts';
import type { Kind } from '../kind.ts';
import { createKind } from './issue-create.ts';
import { type CasePayload, settlesCase, targetOf } from './of-case.ts';

export interface SubPayload extends CasePayload, IssueDraft {}

/** An issue under the case's own; it has a marker of its own, by which a lost answer is looked up like a create. */
export const subKind: Kind = {
  ...createKind,

  async call(core, row) {
    const { tracker, issue, payload } = await targetOf<SubPayload>(core, row);
    const { caseId: _, ...draft } = payload;
    return { issue: await tracker.addSubIssue(issue.id, draft) };
  },

  settle: settlesCase((core, found, _, { issue }) => {
    if (issue) record(core, found.id, 'sub-issue made', issue.title, { evidence: issue.key });
  }),
};
