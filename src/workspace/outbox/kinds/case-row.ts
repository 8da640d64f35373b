import { IntegrationError } from '#domain/base/errors.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { record } from '../../basics/record-activity.ts';
import type { Core } from '../../core.ts';
import { notify } from '../../mail/notify.ts';
import type { Kind, Settled } from '../../queues/outbox-kind.ts';
import { type Case, handleOf } from '../../store/case-record.ts';
import { findCase, getCase, updateCase } from '../../store/cases.ts';
import type { OutboxRow } from '../../store/outbox.ts';

/** What every call about an issue names. */
export interface CasePayload {
  caseId: string;
}

/** Tells early where a tracker is not set up, before anything may have been done. */
export async function needTracker(core: Core, row: OutboxRow): Promise<null> {
  await core.integrations.tracker(row.queue);
  return null;
}

interface Target<Payload> {
  tracker: Tracker;
  found: Case;
  issue: NonNullable<Case['issue']>;
  payload: Payload;
}

/** The case of a row with its issue, and the tracker that holds it. */
export async function targetOf<Payload extends CasePayload>(
  core: Core,
  row: OutboxRow,
): Promise<Target<Payload>> {
  const tracker = await core.integrations.tracker(row.queue);
  const payload: Payload = JSON.parse(row.payload);
  const found = getCase(core.sql, payload.caseId);
  if (!found.issue) throw new IntegrationError('rejected', row.kind, { detail: 'the case has no issue' });
  return { tracker, found, issue: found.issue, payload };
}

/** Settles what concerns a case: trouble is shown to a person, anything else goes on. */
export function settlesCase(
  done: (core: Core, found: Case, row: OutboxRow, settled: Settled) => void,
  failed: (core: Core, found: Case, row: OutboxRow) => void = () => {},
): Kind['settle'] {
  return (core, row, settled) => {
    const found = findCase(core.sql, row.subject.replace(/^case:/, ''));
    if (!found) return;
    const trouble = settled.refused ?? settled.unknown;
    if (!trouble) return done(core, found, row, settled);
    // On an issue that was never made: why it was not stands there already.
    if (row.kind !== 'issue.create' && !found.issue) return;
    failed(core, found, row);
    const why = `${row.kind.replace('.', ' ')} did not go through: ${trouble}`;
    // A comment that is missing hides nothing that a person has to decide.
    if (row.kind === 'issue.comment' && getCase(core.sql, found.id).needsPerson !== null) {
      record(core, found.id, 'needs a person', why);
      return;
    }
    updateCase(core.sql, found.id, { needsPerson: why });
    record(core, found.id, 'needs a person', why);
    notify(core, found, 'needs-a-person', `${handleOf(found)} needs a person`);
  };
}
