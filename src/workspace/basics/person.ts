import type { Core } from '../core.ts';
import { keysOfPerson } from '../store/personal.ts';
import { hasOptedOut } from './opt-out.ts';

/** One person behind one or more customer keys: those that share an address. */
export interface Person {
  keys: string[];
  /** Keyed marks of the keys and addresses, which say nothing of the person and outlive an erasure. */
  marks: string[];
  hasOptedOut: boolean;
}

export function findPerson(core: Core, customerKey: string): Person {
  const known = keysOfPerson(core.sql, customerKey);
  // A key may look like somebody else's address: only what hangs together with the key itself counts.
  const keys = known.keys.includes(customerKey) ? known.keys : [customerKey];
  const mark = (what: string, text: string) =>
    core.keys.mac('contact.1', core.workspace, what, text.trim().toLowerCase());
  return {
    keys,
    marks: [...keys.map((key) => mark('key', key)), ...known.addresses.map((text) => mark('address', text))],
    hasOptedOut: keys.some((key) => hasOptedOut(core, key)),
  };
}
