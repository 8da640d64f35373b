import type { Core } from '../core.ts';
import { addNoMailMark, hasNoMailMark, removeNoMailMark } from '../store/opt-outs.ts';
import { findListedAddress } from './case-address.ts';

/**
 * Opt-outs by customer key and by the address that mail goes to, never by one that a response merely names. The list
 * holds keyed marks only, so that it outlives an erasure.
 */
const markOf = (core: Core, what: 'key' | 'address', text: string): string =>
  core.keys.mac('opt-out.1', core.workspace, what, text.trim().toLowerCase());

function computeOptOutMarks(core: Core, customerKey: string, address: string | null): string[] {
  const known = [findListedAddress(core, customerKey), address].filter((value) => value);
  return [markOf(core, 'key', customerKey), ...known.map((value) => markOf(core, 'address', value ?? ''))];
}

/**
 * Takes effect immediately for the customer key, its listed address and the given one. Idempotent.
 *
 * @param address address whose mail is opted out of
 */
export function optOut(core: Core, customerKey: string, address: string | null = null): void {
  for (const mark of computeOptOutMarks(core, customerKey, address)) addNoMailMark(core.sql, mark, core.clock.now());
}

export function hasOptedOut(core: Core, customerKey: string, address: string | null = null): boolean {
  return hasNoMailMark(core.sql, [...computeOptOutMarks(core, customerKey, address), customerKey]);
}

/** Replaces an older row's key by its mark, before the key is erased. */
export function replaceOptOutKeyByMark(core: Core, customerKey: string): void {
  if (!hasNoMailMark(core.sql, [customerKey])) return;
  optOut(core, customerKey);
  removeNoMailMark(core.sql, customerKey);
}
