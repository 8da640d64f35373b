import type { Case } from '#domain/cases/case-record.ts';
import type { Core } from '../core.ts';
import * as store from '../store/index.ts';
import { findAddressForCaseMail, findListedAddress } from './case-address.ts';

/** One person with all customer keys that a case manager merged. */
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

/** Keyed marks of opt-outs, which outlive an erasure, by key and by the address that mail goes to. */
const markOf = (core: Core, what: 'key' | 'address', text: string): string =>
  core.keys.mac('opt-out.1', core.workspace, what, text.trim().toLowerCase());

function computeOptOutMarks(core: Core, customerKey: string, address: string | null): string[] {
  const known = [findListedAddress(core, customerKey), address].filter((value) => value);
  return [markOf(core, 'key', customerKey), ...known.map((value) => markOf(core, 'address', value ?? ''))];
}

/** Opt-out of a customer key, its listed address and the given one; immediate and idempotent. */
export function optOut(core: Core, customerKey: string, address: string | null = null): void {
  for (const mark of computeOptOutMarks(core, customerKey, address))
    store.addNoMailMark(core.sql, mark, core.clock.now());
}

export const hasOptedOut = (core: Core, customerKey: string, address: string | null = null): boolean =>
  store.hasNoMailMark(core.sql, [...computeOptOutMarks(core, customerKey, address), customerKey]);

/** Replaces an older row's key by its mark, before the key is erased. */
export function replaceOptOutKeyByMark(core: Core, customerKey: string): void {
  if (!store.hasNoMailMark(core.sql, [customerKey])) return;
  optOut(core, customerKey);
  store.removeNoMailMark(core.sql, customerKey);
}

/** A keyed pseudonym of a customer, such as `erased-0f1e…`: the same before and after an erasure, but for its prefix. */
export const derivePseudonym = (core: Core, prefix: 'erased' | 'customer', key: string): string =>
  `${prefix}-${core.keys.mac('erased.1', core.workspace, key).slice(0, 16)}`;

/** Shorter surnames are too often ordinary words. */
const shortestSurname = 4;
/** Shorter texts are too common to identify anybody. */
const shortestFreeText = 12;

/** Whether a text names a customer of the case, by name, surname or address, or repeats a free-text answer. */
export function identifiesCustomer(core: Core, caseRecord: Case, text: string): boolean {
  const given = plain(text);
  return [...listCustomerNamesAndAddresses(core, caseRecord), ...listLongFreeTexts(core, caseRecord)].some((fact) =>
    containsWholeWords(given, plain(fact)),
  );
}

const listCustomerNamesAndAddresses = (core: Core, caseRecord: Case): string[] =>
  store.listAffectedCustomers(core.sql, caseRecord.id).flatMap(({ key }) => {
    const customer = store.findCustomer(core.sql, key);
    const name = customer?.name?.trim() ?? '';
    const surname = name.split(/\s+/).at(-1) ?? '';
    // Some sources use addresses as customer keys.
    const address = key.includes('@') ? key : '';
    const facts = [
      customer?.email ?? '',
      findAddressForCaseMail(core, caseRecord.id, key).address ?? '',
      address,
      name,
      surname.length < shortestSurname ? '' : surname,
    ];
    return facts.filter((fact) => fact !== '');
  });

const listLongFreeTexts = (core: Core, caseRecord: Case): string[] =>
  store
    .responseIdsOfCase(core.sql, caseRecord.id)
    .flatMap((id) =>
      (store.findResponse(core.sql, id)?.content.answers ?? [])
        .filter(({ freeText, text }) => freeText && text.trim().length >= shortestFreeText)
        .map(({ text }) => text),
    );

export const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim();

/** Whether the wanted text occurs as whole words: “Al” is not in “also”. */
export function containsWholeWords(text: string, wanted: string): boolean {
  const isLetterOrDigit = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}]/u.test(char);
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    if (!isLetterOrDigit(text[at - 1]) && !isLetterOrDigit(text[at + wanted.length])) return true;
  }
  return false;
}
