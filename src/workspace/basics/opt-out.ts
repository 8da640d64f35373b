import type { Core } from '../core.ts';
import { findCustomer } from '../store/customers.ts';
import { addNoMailMark, hasNoMailMark, removeNoMailMark } from '../store/opt-outs.ts';

/**
 * Opt-outs by customer key and address: two keys with one address are one person. The list holds keyed marks only, so
 * that it outlives an erasure.
 */
const markOf = (core: Core, what: 'key' | 'address', text: string): string =>
  core.keys.mac('opt-out.1', core.workspace, what, text.trim().toLowerCase());

function computeOptOutMarks(core: Core, customerKey: string, address: string | null): string[] {
  const known = [findCustomer(core.sql, customerKey)?.email, address].filter((value) => value);
  return [markOf(core, 'key', customerKey), ...known.map((value) => markOf(core, 'address', value ?? ''))];
}

/**
 * Takes effect immediately for the customer key and its current address. Idempotent.
 *
 * @param address address that opts out, if it differs from the current one
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
