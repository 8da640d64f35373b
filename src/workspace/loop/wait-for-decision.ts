import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { notify } from '../mail/notify.ts';
import { updateCase } from '../store/cases.ts';

/** Shows that a person has to decide, and notifies the recipients of that event. */
export function waitForDecision(core: Core, caseRecord: Case, why: string): void {
  updateCase(core.sql, caseRecord.id, { needsPerson: why });
  record(core, caseRecord.id, 'needs a person', why);
  notify(
    core,
    caseRecord,
    'needs-a-person',
    `${handleOf(caseRecord)} waits for a decision: ${why} (closing ${caseRecord.generation})`,
  );
}
