import type { IssueClosure } from '#domain/integrations/issue.ts';
import { mirrorIssue } from '../../issues/mirror.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { getCase, updateCase } from '../../store/cases.ts';
import { type CasePayload, needTracker, settlesCase, targetOf } from './case-row.ts';

interface ClosePayload extends CasePayload {
  kind: IssueClosure['kind'];
  /** The case whose issue a duplicate repeats. */
  canonical?: string;
}

/** Closing what is closed already changes nothing, so a lost answer is simply asked for again. */
export const closeKind: Kind = {
  unknown: 'repeat',
  prepare: needTracker,

  async call(core, row) {
    const { tracker, issue, caseRecord, payload } = await targetOf<ClosePayload>(core, row);
    const canonical = payload.canonical ? getCase(core.sql, payload.canonical) : null;
    const repeated = canonical?.tracker === caseRecord.tracker ? canonical.issue?.id : undefined;
    return { issue: await tracker.closeIssue(issue.id, payload.kind, repeated) };
  },

  settle: settlesCase(
    (core, caseRecord, _, { issue }) => {
      if (issue) mirrorIssue(core, caseRecord.id, issue);
    },
    (core, caseRecord) => updateCase(core.sql, caseRecord.id, { closing: null }),
  ),
};
