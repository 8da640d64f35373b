import { type Core, store } from '../kit.ts';

/** Bounced addresses, as keyed marks beside those of the opt-outs. */
const markOf = (core: Core, address: string): string =>
  core.keys.mac('undeliverable.1', core.workspace, address.trim().toLowerCase());

export const markAddressUndeliverable = (core: Core, address: string): void =>
  store.addNoMailMark(core.sql, markOf(core, address), core.clock.now());

/** Allows mail to a bounced address again, because a person vouches for it. */
export const allowMailToAddress = (core: Core, address: string): void =>
  store.removeNoMailMark(core.sql, markOf(core, address));

export const isUndeliverable = (core: Core, address: string): boolean =>
  store.hasNoMailMark(core.sql, [markOf(core, address)]);
