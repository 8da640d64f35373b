import type { Core } from '../core.ts';
import { findCustomer } from '../store/customers.ts';
import { isListed, listMark, unlistMark } from '../store/opt-outs.ts';

/**
 * Who wants no mail, by customer key and by address: two keys with one address are one person. The list holds keyed
 * marks only, so that it goes on being honoured when the person is erased.
 */
const markOf = (core: Core, what: 'key' | 'address', text: string): string =>
  core.keys.mac('opt-out.1', core.workspace, what, text.trim().toLowerCase());

function marksOf(core: Core, customerKey: string, address: string | null): string[] {
  const known = [findCustomer(core.sql, customerKey)?.email, address].filter((value) => value);
  return [markOf(core, 'key', customerKey), ...known.map((value) => markOf(core, 'address', value ?? ''))];
}

/**
 * Takes effect immediately for the customer key and its current address. Idempotent.
 *
 * @param address the address that asks for no more mail, where it is another than the current one
 */
export function optOut(core: Core, customerKey: string, address: string | null = null): void {
  for (const mark of marksOf(core, customerKey, address)) listMark(core.sql, mark, core.clock.now());
}

export function hasOptedOut(core: Core, customerKey: string, address: string | null = null): boolean {
  // Older rows hold the key itself.
  return isListed(core.sql, [...marksOf(core, customerKey, address), customerKey]);
}

/** An older row that holds the key itself becomes a mark, before the key is forgotten. */
export function keepOptOut(core: Core, customerKey: string): void {
  if (!isListed(core.sql, [customerKey])) return;
  optOut(core, customerKey);
  unlistMark(core.sql, customerKey);
}
