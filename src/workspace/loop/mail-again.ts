import { AppError } from '#domain/base/errors.ts';
import { wording } from '../basics/field-text.ts';
import { findPerson } from '../basics/person.ts';
import { record } from '../basics/record-activity.ts';
import { accessOf } from '../basics/roles.ts';
import type { Core } from '../core.ts';
import { allowMail, isUndeliverable } from '../mail/undeliverable.ts';
import { findCase, updateCase } from '../store/cases.ts';
import { findCustomer } from '../store/customers.ts';
import { followUpRows, updateFollowUp } from '../store/follow-ups.ts';
import { addressesWrittenTo } from '../store/mails.ts';
import { casesOf } from '../store/personal.ts';
import { setTimer } from '../store/schedule.ts';

const longestReason = 300;
const most = 500;

/**
 * Allows mail to a bounced address of a customer or colleague again. Follow-ups that were skipped for it and concern
 * the newest closing are planned anew, by all rules of the ledger.
 *
 * @param person customer key, or person of the workspace
 * @throws InvalidInputError without a reason; AppError for people who manage nothing, and where no mail is held back
 */
export function mailAgain(core: Core, person: string, { reason, who }: { reason: string; who: string }): void {
  const { workspace } = core.settings;
  const isMember = Object.hasOwn(workspace.people, who) && accessOf(workspace, who) === 'member';
  if (isMember) throw new AppError('forbidden', 'Only case managers and admins may do that.');
  const { people } = workspace;
  const colleague = Object.hasOwn(people, person) ? people[person]?.email : undefined;
  const { keys } = findPerson(core, person);
  const known = [findCustomer(core.sql, person)?.email ?? colleague, ...addressesWrittenTo(core.sql, keys)];
  const addresses = known.filter((value) => value);
  if (addresses.length === 0)
    throw new AppError('not-found', 'No e-mail address is known of this customer or colleague.');
  const why = wording('reason', reason, 'give the reason why mail will arrive now', longestReason);
  const heldBack = addresses.flatMap((value) => (value && isUndeliverable(core, value) ? [value] : []));
  if (heldBack.length === 0) throw new AppError('conflict', 'Mail to this address is not blocked.');
  for (const address of heldBack) allowMail(core, address);
  for (const id of new Set(keys.flatMap((key) => casesOf(core.sql, key))))
    record(core, id, 'mail allowed again', why, { who });
  for (const { followUp } of followUpRows(core.sql, {
    before: Number.MAX_SAFE_INTEGER,
    limit: most,
    state: 'skipped',
    keys,
  }))
    if (followUp.why.includes('could not be delivered')) askAnew(core, followUp);
}

function askAnew(core: Core, { id, caseId, generation }: { id: string; caseId: string; generation: number }) {
  const caseRecord = findCase(core.sql, caseId);
  if (
    !caseRecord ||
    caseRecord.generation !== generation ||
    caseRecord.loop === 'working' ||
    caseRecord.loop === 'dropped'
  )
    return;
  const dueAt = core.clock.now();
  updateFollowUp(core.sql, id, {
    state: 'due',
    why: 'asked again: mail allowed again',
    dueAt,
    sentAt: null,
    expiresAt: null,
    mergedInto: null,
  });
  setTimer(core.sql, 'follow-up', id, dueAt);
  if (caseRecord.kind === 'tactical') updateCase(core.sql, caseId, { loop: 'resolved', needsPerson: null });
}
