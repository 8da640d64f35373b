import { AppError } from '#domain/base/errors.ts';
import { createRandomId } from '#domain/base/key.ts';
import type { LinkedCustomer } from '#domain/json/people-json.ts';
import { record, refuseField } from '../basics/case-operation.ts';
import type { Core } from '../core.ts';
import { findCustomer } from '../store/customers.ts';
import { deleteMergedKey, listKeysOfPerson, storeMergedKeys } from '../store/merged-keys.ts';
import { caseIdsOfCustomer, listAddressesOfKey, listKeysOfAddress } from '../store/personal.ts';

const listKeysOf = (core: Core, person: string): string[] =>
  findCustomer(core.sql, person.trim()) ? [person.trim()] : listKeysOfAddress(core.sql, person.trim());

/**
 * Keys of one customer, and of those that the caller names beside it. Nobody else goes along.
 *
 * @param person customer key, or an address that a single customer has
 * @throws AppError for an address of several customers; InvalidInputError for an unknown key in `others`
 */
export function readKeysOfPerson(core: Core, person: string, others: string[] = []): string[] {
  const keys = listKeysOf(core, person);
  if (keys.length > 1)
    throw new AppError(
      'conflict',
      'Several customers have this address. Name one by its key, and the others under with.',
    );
  for (const other of others) if (!findCustomer(core.sql, other)) refuseField('with', 'names a key of no customer');
  return [...new Set([...keys, ...others])];
}

/** Customers who may be the same person: merged by a case manager, or only with the same address, which proves nothing. */
export function listLinkedCustomers(core: Core, customerKey: string): LinkedCustomer[] {
  const merged = listKeysOfPerson(core.sql, customerKey).slice(1);
  const sharing = listAddressesOfKey(core.sql, customerKey).flatMap((address) => listKeysOfAddress(core.sql, address));
  const shared = [...new Set(sharing)].filter((key) => key !== customerKey && !merged.includes(key));
  return [...merged, ...shared].flatMap((key) => {
    const customer = findCustomer(core.sql, key);
    if (!customer) return [];
    const { seq: id, name } = customer;
    const by = merged.includes(key) ? ('merge' as const) : ('address' as const);
    return [{ id, key, name, addresses: listAddressesOfKey(core.sql, key), by }];
  });
}

/** @throws AppError for a person whom nobody knows */
export function readLinkedCustomers(core: Core, person: string): { keys: string[]; linked: LinkedCustomer[] } {
  const keys = listKeysOf(core, person);
  if (keys.length === 0) throw new AppError('not-found', 'No person has this key or address.');
  const linked = keys.flatMap((key) => listLinkedCustomers(core, key)).filter(({ key }) => !keys.includes(key));
  return { keys, linked: [...new Map(linked.map((customer) => [customer.key, customer])).values()] };
}

/**
 * Makes one person of customer keys: one quarantine, one opt-out, one follow-up per case. No row of theirs changes, so
 * that parting a key restores everything.
 *
 * @throws InvalidInputError for fewer than two keys and for unknown ones
 */
export function mergeKeys(core: Core, { keys, who }: { keys: string[]; who: string }): { keys: string[] } {
  const all = new Set(keys.map((key) => key.trim()));
  if (all.size < 2) refuseField('keys', 'are fewer than two different ones');
  for (const key of all) if (!findCustomer(core.sql, key)) refuseField('keys', 'name a customer whom nobody knows');
  const row = { person: createRandomId(core.random, 'p'), who, at: core.clock.now() };
  storeMergedKeys(core.sql, [...all], row);
  recordOnCases(core, [...all], 'customer merged', 'a case manager vouches that two customer keys are one person', who);
  return { keys: listKeysOfPerson(core.sql, keys[0]?.trim() ?? '') };
}

/**
 * Parts a key from the person that it was merged into.
 *
 * @throws AppError for a key that is not merged
 */
export function partKey(core: Core, { key, who }: { key: string; who: string }): { keys: string[] } {
  const keys = listKeysOfPerson(core.sql, key);
  if (keys.length < 2) throw new AppError('conflict', 'This customer key is merged with no other.');
  deleteMergedKey(core.sql, key);
  recordOnCases(core, [key], 'customer parted', 'its customer key is a person of its own again', who);
  return { keys: listKeysOfPerson(core.sql, key) };
}

function recordOnCases(
  core: Core,
  keys: string[],
  what: 'customer merged' | 'customer parted',
  why: string,
  who: string,
): void {
  for (const id of new Set(keys.flatMap((key) => caseIdsOfCustomer(core.sql, key))))
    record(core, id, what, why, { who });
}
