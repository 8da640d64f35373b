import type { Case } from '#domain/cases/case-record.ts';
import type { Core } from '../core.ts';
import * as store from '../store/index.ts';
import { findAddressForCaseMail } from './case-address.ts';

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
