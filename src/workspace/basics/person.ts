import type { Core } from '../core.ts';
import { listKeysOfPerson } from '../store/merged-keys.ts';
import { findListedAddress } from './case-address.ts';
import { hasOptedOut } from './opt-out.ts';

/** One person with all customer keys that a case manager merged. */
export interface Person {
  keys: string[];
  /** Keyed marks of the keys and of the addresses that mail goes to, which reveal nothing and outlive an erasure. */
  marks: string[];
  /** Marks without those of merged keys, so that parting them restores what was counted. */
  ownMarks: string[];
  hasOptedOut: boolean;
}

/**
 * An address that a response merely names makes nobody the same person; the mailbox that mail goes to does.
 *
 * @param address address that mail to this person goes to
 */
export function findPersonOfCustomerKey(core: Core, customerKey: string, address: string | null = null): Person {
  const keys = listKeysOfPerson(core.sql, customerKey);
  const mark = (what: string, text: string) =>
    core.keys.mac('contact.1', core.workspace, what, text.trim().toLowerCase());
  const addresses = new Set([address, findListedAddress(core, customerKey)]);
  const ofAddresses = [...addresses].flatMap((text) => (text ? [mark('address', text)] : []));
  return {
    keys,
    ownMarks: [mark('key', customerKey), ...ofAddresses],
    marks: [...keys.map((key) => mark('key', key)), ...ofAddresses],
    hasOptedOut: keys.some((key) => hasOptedOut(core, key, address)),
  };
}
