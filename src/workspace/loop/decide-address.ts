import { AppError } from '#domain/base/errors.ts';
import { listAddressesToDecide } from '../basics/case-address.ts';
import { demandManagedCase } from '../basics/demand-case.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { followUpsOfCase } from '../store/asks.ts';
import { decideWaitingAddress } from '../store/case-addresses.ts';
import { planFollowUpAgain } from './mail-again.ts';

export interface AddressDecision {
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
