import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { notify } from '../mail/notify.ts';
import { updateCase } from '../store/cases.ts';

/**
 * Shows that a person has to decide, and notifies the recipients of that event.
 *
 * @param state what the notice tells of the case
 */
export function requestDecision(core: Core, caseRecord: Case, why: string, state = 'waits for a decision:'): void {
  updateCase(core.sql, caseRecord.id, { needsPerson: why });
  record(core, caseRecord.id, 'needs a person', why);
  const text = `${handleOf(caseRecord)} ${state} ${why} (closing ${caseRecord.generation})`;
  notify(core, caseRecord, 'needs-a-person', text);
}
