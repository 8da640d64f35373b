import type { Case, Core } from '../core.ts';
import * as store from '../store/index.ts';
import { findAddressForCaseMail, findListedAddress } from './case-address.ts';
import { listFreeTexts } from './draft-issue.ts';

export interface Person {
  keys: string[];
  /** Keyed marks of the keys and of the addresses that mail goes to, which reveal nothing and outlive an erasure. */
  marks: string[];
  /** Marks without those of merged keys, so that parting them restores what was counted. */
  ownMarks: string[];
  hasOptedOut: boolean;
}

/** The person by their mailbox: an address that a response merely names makes nobody the same person. */
export function findPersonOfCustomerKey(core: Core, customerKey: string, address: string | null = null): Person {
  const keys = store.listKeysOfPerson(core.sql, customerKey);
  return {
    keys,
    ownMarks: listMarks(core, 'contact.1', [customerKey], address),
    marks: listMarks(core, 'contact.1', keys, address),
    hasOptedOut: keys.some((key) => hasOptedOut(core, key, address)),
  };
}

const markOf = ({ keys, workspace }: Core, text: string, purpose: string, ...what: string[]): string =>
  keys.mac(purpose, workspace, ...what, text.trim().toLowerCase());

/** Marks of the keys of one person, of the address that the customer list has for the first, and of another. */
function listMarks(core: Core, purpose: string, keys: string[], address: string | null): string[] {
  const addresses = [findListedAddress(core, keys[0] ?? ''), address].flatMap((text) => text || []);
  return [
    ...keys.map((key) => markOf(core, key, purpose, 'key')),
    ...[...new Set(addresses)].map((text) => markOf(core, text, purpose, 'address')),
  ];
}

/** Opt-out of a customer key, its listed address and the given one; immediate and idempotent. */
export function optOut(core: Core, customerKey: string, address: string | null = null): void {
  for (const person of listMarks(core, 'opt-out.1', [customerKey], address))
    store.optOuts.add(core.sql, { person, at: core.clock.now() });
}

export const hasOptedOut = (core: Core, customerKey: string, address: string | null = null): boolean =>
  store.optOuts.has(core.sql, { person: listMarks(core, 'opt-out.1', [customerKey], address) });

const markOfBounced = (core: Core, address: string): string => markOf(core, address, 'undeliverable.1');

export const markAddressUndeliverable = (core: Core, address: string): boolean =>
  store.optOuts.add(core.sql, { person: markOfBounced(core, address), at: core.clock.now() });

/** Allows mail to a bounced address again, because a person vouches for it. */
export const allowMailToAddress = (core: Core, address: string): void =>
  store.optOuts.delete(core.sql, { person: markOfBounced(core, address) });

export const isUndeliverable = (core: Core, address: string): boolean =>
  store.optOuts.has(core.sql, { person: markOfBounced(core, address) });

/** A keyed pseudonym of a customer, such as `erased-0f1e…`: the same before and after an erasure, but for its prefix. */
export const derivePseudonym = (core: Core, prefix: 'erased' | 'customer', key: string): string =>
  `${prefix}-${core.keys.mac('erased.1', core.workspace, key).slice(0, 16)}`;

/** A key of a survey may begin like a pseudonym. */
export const isErasedKey = (key: string | null): boolean => /^erased-[0-9a-f]{16}$/.test(key ?? '');

/** Shorter names are too often ordinary words. */
const shortestName = 4;
/** Shorter texts are too common to identify anybody. */
const shortestFreeText = 12;

/** Scripts that write words without spaces, or names together with what follows them. */
const unspaced = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/gu;

/** Length of a text, in which a character of such a script counts as two. */
const measureLength = (text: string): number => text.length + (text.match(unspaced)?.length ?? 0);

/** Whether a name is long enough to be searched for in what people write. */
export const isTellingName = (name: string): boolean => measureLength(name) >= shortestName;

/** A name, and what of it people call its bearer, as `containsWholeWords` looks for them. */
export function listPartsOfName(name: string | null | undefined): string[] {
  const whole = plain(name ?? '');
  const parts = whole.split(' ');
  const called = whole.match(unspaced) ? [parts.join(''), ...parts] : parts.slice(-1);
  return [whole, ...called.filter(isTellingName)].filter((part) => part !== '');
}

/** Whether a text names a customer of the case, by name, surname or address, or repeats a free-text answer. */
export function identifiesCustomer(core: Core, caseRecord: Case, text: string): boolean {
  const given = plain(text);
  return [...listCustomerNamesAndAddresses(core, caseRecord), ...listLongFreeTexts(core, caseRecord)].some((fact) =>
    containsWholeWords(given, fact),
  );
}

const listCustomerNamesAndAddresses = (core: Core, caseRecord: Case): string[] =>
  store.listAffectedCustomers(core.sql, caseRecord.id).flatMap(({ key }) => {
    const { email, name } = store.findCustomer(core.sql, key) ?? {};
    // Some sources use addresses as customer keys.
    const addresses = [email, findAddressForCaseMail(core, caseRecord.id, key).address, key.includes('@') ? key : null];
    return [...addresses.flatMap((address) => (address ? plain(address) : [])), ...listPartsOfName(name)];
  });

const listLongFreeTexts = (core: Core, caseRecord: Case): string[] =>
  store
    .responseIdsOfCase(core.sql, caseRecord.id)
    .flatMap((id) => listFreeTexts(core, id).map(({ text }) => plain(text)))
    .filter((text) => measureLength(text) >= shortestFreeText);

export const plain = (text: string): string => text.normalize().toLowerCase().replace(/\s+/g, ' ').trim();

/** Whether the wanted text occurs as whole words: “Al” is not in “also”. */
export function containsWholeWords(text: string, wanted: string): boolean {
  const isSpaced = (char = '') => /[\p{L}\p{N}]/u.test(char) && !char.match(unspaced);
  const isWithinWord = (at: number) => isSpaced(text[at - 1]) && isSpaced(text[at]);
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1))
    if (!isWithinWord(at) && !isWithinWord(at + wanted.length)) return true;
  return false;
}
