import { AppError } from '#domain/base/errors.ts';
import { wording } from '../basics/field-text.ts';
import { findPersonOfCustomerKey } from '../basics/person.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { allowMailToAddress, isUndeliverable } from '../mail/undeliverable.ts';
import { listFollowUpsWithCases, planAskAgain } from '../store/asks.ts';
import { findCase, updateCase } from '../store/cases.ts';
import { findCustomer } from '../store/customers.ts';
import { listAddressesWrittenTo } from '../store/mails.ts';
import { caseIdsOfCustomer } from '../store/personal.ts';

const longestReason = 300;
const most = 500;

/**
 * Allows mail to a bounced address of a customer or colleague again. Follow-ups that were skipped for it and concern
 * the newest closing are planned anew, by all rules of the ledger.
 *
 * @param person customer key, or person of the workspace
 * @throws InvalidInputError without a reason; AppError where no mail is held back
 */
export function allowMailToBounced(core: Core, person: string, { reason, who }: { reason: string; who: string }): void {
  const { workspace } = core.settings;
  const { people } = workspace;
  const colleague = Object.hasOwn(people, person) ? people[person]?.email : undefined;
  const { keys } = findPersonOfCustomerKey(core, person);
  const known = [findCustomer(core.sql, person)?.email ?? colleague, ...listAddressesWrittenTo(core.sql, keys)];
  const addresses = known.filter((value) => value);
  if (addresses.length === 0)
    throw new AppError('not-found', 'No e-mail address is known of this customer or colleague.');
  const why = wording('reason', reason, 'give the reason why mail will arrive now', longestReason);
  const bouncedAddresses = addresses.flatMap((value) => (value && isUndeliverable(core, value) ? [value] : []));
  if (bouncedAddresses.length === 0) throw new AppError('conflict', 'Mail to this address is not blocked.');
  for (const address of bouncedAddresses) allowMailToAddress(core, address);
  for (const id of new Set(keys.flatMap((key) => caseIdsOfCustomer(core.sql, key))))
    record(core, id, 'mail allowed again', why, { who });
  for (const { followUp } of listFollowUpsWithCases(core.sql, {
    before: Number.MAX_SAFE_INTEGER,
    limit: most,
    state: 'skipped',
    keys,
  }))
    if (followUp.why.includes('could not be delivered'))
      planFollowUpAgain(core, followUp, 'asked again: mail allowed again');
}

/** Plans a skipped follow-up anew, unless its closing is over. */
export function planFollowUpAgain(
  core: Core,
  { id, caseId, generation }: { id: string; caseId: string; generation: number },
  why: string,
): void {
  const caseRecord = findCase(core.sql, caseId);
  if (
    !caseRecord ||
    caseRecord.generation !== generation ||
    caseRecord.loop === 'working' ||
    caseRecord.loop === 'dropped'
  )
    return;
  planAskAgain(core.sql, id, core.clock.now(), { why });
  if (caseRecord.kind === 'tactical') updateCase(core.sql, caseId, { loop: 'resolved', needsPerson: null });
}
