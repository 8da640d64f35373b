import type { Core } from '../core.ts';

/** A keyed pseudonym of a customer, such as `erased-0f1e…`: the same before and after an erasure, but for its prefix. */
export const derivePseudonym = (core: Core, prefix: 'erased' | 'customer', key: string): string =>
  `${prefix}-${core.keys.mac('erased.1', core.workspace, key).slice(0, 16)}`;
