import { IntegrationError } from '#domain/base/errors.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { describeFailure } from '#domain/cases/edit-parts.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { record } from '../../basics/record-activity.ts';
import type { Core } from '../../core.ts';
import { notify } from '../../mail/notify.ts';
import type { Kind, Settled } from '../../queues/outbox-kind.ts';
import { findCase, getCase, updateCase } from '../../store/cases.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import type { OutboxKind, Payload } from '../../store/payloads.ts';

/** Kinds whose payload names the case. */
type OutboxKindOfCase = {
  [Name in OutboxKind]: Payload<Name> extends { caseId: string } ? Name : never;
}[OutboxKind];

/** Fails early, without any effect, where a tracker is not set up. */
export async function requireTracker(core: Core, row: OutboxRow): Promise<null> {
  await core.integrations.tracker(row.queue);
  return null;
}

export async function requireTrackerAndIssue(
  core: Core,
  { kind, queue, payload }: OutboxRow<OutboxKindOfCase>,
): Promise<{ tracker: Tracker; caseRecord: Case; issue: NonNullable<Case['issue']> }> {
  const tracker = await core.integrations.tracker(queue);
  const caseRecord = getCase(core.sql, payload.caseId);
  if (!caseRecord.issue) throw new IntegrationError('rejected', kind, { detail: 'the case has no issue' });
  return { tracker, caseRecord, issue: caseRecord.issue };
}

/** An optional interface of a tracker. A tracker without it counts as one that refuses the call. */
export function requireTrackerInterface<Interface>(
  optional: Interface | undefined,
  row: OutboxRow,
  name: string,
): Interface {
  if (optional) return optional;
  throw new IntegrationError('rejected', row.kind, { detail: `the tracker has no ${name}` });
}

/** Settles a call about a case: a failure is shown to a person. */
export function createCaseSettler<Name extends OutboxKind>(
  done: (core: Core, caseRecord: Case, row: OutboxRow<Name>, settled: Settled) => void,
  failed: (core: Core, caseRecord: Case, row: OutboxRow<Name>) => void = () => {},
): Kind<Name>['settle'] {
  return (core, row, settled) => {
    const caseRecord = findCase(core.sql, row.orderingKey.replace(/^case:/, ''));
    if (!caseRecord) return;
    const trouble = settled.refused ?? settled.unknown;
    if (!trouble) return done(core, caseRecord, row, settled);
    // An earlier issue may be locked, and work goes on in another one.
    if ('former' in row.payload && row.payload.former !== undefined)
      return record(core, caseRecord.id, 'former issue left as it is', `${describeFailure(row.kind)}: ${trouble}`);
    // The reason why the issue was never created is shown already.
    if (row.kind !== 'issue.create' && !caseRecord.issue) return;
    failed(core, caseRecord, row);
    const why = `${describeFailure(row.kind)}: ${trouble}`;
    // A missing comment must not hide a decision that a person has to make.
    if (row.kind === 'issue.comment' && getCase(core.sql, caseRecord.id).needsPerson !== null) {
      record(core, caseRecord.id, 'needs a person', why);
      return;
    }
    updateCase(core.sql, caseRecord.id, { needsPerson: why });
    record(core, caseRecord.id, 'needs a person', why);
    notify(core, caseRecord, 'needs-a-person', `${handleOf(caseRecord)} needs a person`);
  };
}
