import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { demandCase } from '../basics/demand-case.ts';
import { formatTime } from '../basics/format-time.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { notify } from '../mail/notify.ts';
import { findCase, updateCase } from '../store/cases.ts';
import { clearTimer } from '../store/schedule.ts';

/**
 * Records the first contact with the customer. Idempotent. Call it inside a transaction.
 *
 * @param how such as `by phone`; no words of the customer
 */
export function markContacted(core: Core, caseId: string, who: string, how: string): void {
  const caseRecord = demandCase(core, caseId);
  if (storeFirstContact(core, caseRecord)) record(core, caseId, 'customer contacted', how, { who });
}

/** As `markContacted`, where the timeline has its entry already. @returns whether it was the first contact */
export function storeFirstContact(core: Core, { id, firstContactAt }: Case): boolean {
  if (firstContactAt !== null) return false;
  updateCase(core.sql, id, { firstContactAt: core.clock.now() });
  clearTimer(core.sql, 'first-contact', id);
  return true;
}

export function recordMissedFirstContact(core: Core, caseId: string): void {
  const caseRecord = findCase(core.sql, caseId);
  if (caseRecord?.loop !== 'working' || caseRecord.firstContactAt !== null || caseRecord.firstContactDueAt === null)
    return;
  const due = formatTime(core, caseRecord.firstContactDueAt);
  record(core, caseId, 'first contact missed', `no contact with the customer by ${due}`);
  notify(
    core,
    caseRecord,
    'first-contact-missed',
    `No contact with the customer of ${handleOf(caseRecord)} by ${due}`,
    { to: ['loop-owner'] },
  );
}
