import { AppError } from '#domain/base/errors.ts';
import { listAddressesToDecide } from '../basics/case-address.ts';
import { demandManagedCase, record, wording } from '../basics/case-operation.ts';
import { findPersonOfCustomerKey } from '../basics/person.ts';
import type { Core } from '../core.ts';
import { allowMailToAddress, isUndeliverable } from '../mail/undeliverable.ts';
import { followUpsOfCase, listFollowUpsWithCases, planAskAgain } from '../store/asks.ts';
import { decideWaitingAddress } from '../store/case-addresses.ts';
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
function planFollowUpAgain(
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

interface AddressDecision {
  /** Number of the address among those of the case. */
  address: number;
  accept: boolean;
  who: string;
}

/**
 * Accepts or refuses an address that waits. Mail of the case goes to an accepted one from now on; a follow-up that was
 * skipped for want of an address is planned anew.
 *
 * @throws AppError for people who do not manage the case, and where no such address waits
 */
export function decideAddress(core: Core, caseId: string, { address, accept, who }: AddressDecision): void {
  demandManagedCase(core, caseId, who);
  const waiting = listAddressesToDecide(core, caseId).find(({ seq }) => seq === address);
  if (!waiting) throw new AppError('conflict', 'No such address waits on this case; it may be decided already.');
  decideWaitingAddress(core.sql, waiting.seq, accept ? 'accepted' : 'refused', core.clock.now());
  const why = accept ? 'mail of this case goes to it from now on' : 'mail of this case goes on as before';
  record(core, caseId, accept ? 'address accepted' : 'address refused', why, { who });
  if (!accept) return;
  for (const followUp of followUpsOfCase(core.sql, caseId))
    if (
      followUp.person === waiting.customerKey &&
      followUp.state === 'skipped' &&
      /no e-mail address/.test(followUp.why)
    )
      planFollowUpAgain(core, followUp, 'asked after all: an address was accepted');
}
