import { OutsideError } from '#domain/errors.ts';
import { record } from '../../cases/timeline.ts';
import { getCase } from '../../store/cases.ts';
import { handleOf } from '../../store/case-record.ts';
import type { Kind } from '../kind.ts';
import { type CasePayload, needTracker, settlesCase, targetOf } from './of-case.ts';

export interface LinkPayload extends CasePayload {
  /** The other case, whose issue is in the same tracker. */
  other: string;
}

/** A link that is there already is left as it is. */
export const linkKind: Kind = {
  unknown: 'repeat',
  prepare: needTracker,

  async call(core, row) {
    const { tracker, issue, payload } = await targetOf<LinkPayload>(core, row);
    const other = getCase(core.sql, payload.other).issue;
    if (!other)
      throw new OutsideError('unavailable', row.kind, { detail: 'the other case has no issue yet' });
    await tracker.linkIssues(issue.id, other.id);
    return {};
  },

  settle: settlesCase((core, found, row) => {
    const { other }: LinkPayload = JSON.parse(row.payload);
    const linked = getCase(core.sql, other);
    record(core, found.id, 'issues linked', `to ${handleOf(linked)}`, {
      evidence: linked.issue?.key ?? other,
    });
  }),
};
