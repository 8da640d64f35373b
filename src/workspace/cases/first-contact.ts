import { createRandomId } from '#domain/base/key.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { demandCase } from '../basics/demand-case.ts';
import { wording } from '../basics/field-text.ts';
import { formatTime } from '../basics/format-time.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { notify } from '../mail/notify.ts';
import { findCase, updateCase } from '../store/cases.ts';
import { addComment } from '../store/comments.ts';
import { clearTimer } from '../store/schedule.ts';

interface Contact {
  who: string;
  /** Such as `by phone`; no words of the customer. */
  how: string;
  /** What was said, for people who see the customer. */
  note?: string;
  /** Idempotency key of the note. */
  once?: string | null;
}

/** Records a contact with the customer; the first one ends its clock. Call it inside a transaction. */
export function markContacted(core: Core, caseId: string, { who, how, note = '', once }: Contact): void {
  const caseRecord = demandCase(core, caseId);
  const isFirst = storeFirstContact(core, caseRecord);
  const text = note === '' ? '' : wording('note', note, 'write what was said');
  const id = once ?? createRandomId(core.random, 'call');
  const call = { caseId, id, kind: 'call' as const, author: who, text: `${how}\n${text}`, at: core.clock.now() };
  const isNoted = text !== '' && addComment(core.sql, call);
  if (isFirst || isNoted) record(core, caseId, 'customer contacted', how, { who });
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
