import type { Core } from '../core.ts';
import { findKeysAndAddresses } from '../store/personal.ts';
import { hasOptedOut } from './opt-out.ts';

/** One person with all customer keys that share an address. */
export interface Person {
  keys: string[];
  /** Keyed marks of the keys and addresses, which reveal nothing and outlive an erasure. */
  marks: string[];
  hasOptedOut: boolean;
}

/** @param address mail address of this person, if the customer is not known by it yet */
export function findPersonOfCustomerKey(core: Core, customerKey: string, address: string | null = null): Person {
  const known = findKeysAndAddresses(core.sql, customerKey);
  // A key may look like somebody else's address, so only keys linked to it count.
  const keys = known.keys.includes(customerKey) ? known.keys : [customerKey];
  const mark = (what: string, text: string) =>
    core.keys.mac('contact.1', core.workspace, what, text.trim().toLowerCase());
  const addresses = new Set([...known.addresses, ...(address ? [address.toLowerCase()] : [])]);
  return {
    keys,
    marks: [...keys.map((key) => mark('key', key)), ...[...addresses].map((text) => mark('address', text))],
    hasOptedOut: keys.some((key) => hasOptedOut(core, key, address)),
  };
}
