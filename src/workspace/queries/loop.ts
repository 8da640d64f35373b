import { AppError } from '#domain/base/errors.ts';
import type { Page } from '#domain/base/page.ts';
import { handleOf } from '#domain/cases/case-record.ts';
import type { FollowUpRow, LedgerJson } from '#domain/json/loop-json.ts';
import { toIsoText } from '#domain/time/units.ts';
import { findPersonOfCustomerKey } from '../basics/person.ts';
import type { Core } from '../core.ts';
import { isUndeliverable } from '../mail/undeliverable.ts';
import { type FollowUp, listAsks, listFollowUpsWithCases } from '../store/asks.ts';
import { findCustomer } from '../store/customers.ts';
import { lastFirstFollowUpAt, listAddressesWrittenTo, mailsToPerson } from '../store/mails.ts';
import { pageOf, toFollowUpJson, toInvitationJson, toMailJson, toResurveyJson } from './serializers.ts';

const most = 200;

const rowOf = ({ followUp, number, ...facts }: ReturnType<typeof listFollowUpsWithCases>[number]): FollowUpRow => ({
  ...toFollowUpJson(followUp),
  ...facts,
  handle: handleOf({ number }),
});

/** Follow-ups of all cases with their reasons, newest first. */
export function listFollowUpRows(
  core: Core,
  { state, cursor, limit }: { state: FollowUp['state'] | null; cursor: string | null; limit: number },
): Page<FollowUpRow> {
  const before = cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor);
  if (!Number.isSafeInteger(before)) throw new AppError('invalid-input', 'cursor: is not a "next" of an earlier page');
  const rows = listFollowUpsWithCases(core.sql, { before, limit: limit + 1, state, keys: null });
  return pageOf(rows, limit, ({ followUp }) => followUp.seq, rowOf);
}

/**
 * Every contact with one person: sent, waiting and skipped, with the reason.
 *
 * @throws AppError for an unknown key
 */
export function ledger(core: Core, customerKey: string): LedgerJson {
  const customer = findCustomer(core.sql, customerKey);
  if (!customer) throw new AppError('not-found', 'No customer has this key.');
  const { keys, marks, hasOptedOut } = findPersonOfCustomerKey(core, customerKey);
  const now = core.clock.now();
  const asked = lastFirstFollowUpAt(core.sql, marks, now);
  const until = asked === null ? null : asked + core.settings.workspace['follow-up'].quarantine;
  const rows = listFollowUpsWithCases(core.sql, { before: Number.MAX_SAFE_INTEGER, limit: most, state: null, keys });
  return {
    keys,
    hasOptedOut,
    isUndeliverable: [customer.email, ...listAddressesWrittenTo(core.sql, keys)].some(
      (address) => address !== null && isUndeliverable(core, address),
    ),
    quarantineUntil: until !== null && until > now ? toIsoText(until) : null,
    followUps: rows.map(rowOf),
    mails: mailsToPerson(core.sql, keys, most).map(toMailJson),
    resurveys: listAsks(core.sql, ['resurvey'], { limit: most, keys }).map(toResurveyJson),
    invitations: listAsks(core.sql, ['invitation'], { limit: most, keys }).map(toInvitationJson),
  };
}
