import type { Core } from '../core.ts';
import { findFirstResponseOrAddress } from '../store/case-responses.ts';
import { findCustomer } from '../store/customers.ts';
import { findResponse } from '../store/responses.ts';

/** Where a customer's mail about a case goes, or why it is not sent. */
export type CustomerMailAddress = { address: string; why: null } | { address: null; why: string };

const remedy = 'put the customer’s address on the customer list';

/**
 * The address of the customer list, else of the response that opened the case for this customer, else the one given
 * when opening by hand. A later response never changes it, because anybody may claim to be this customer.
 */
export function findAddressForCaseMail(core: Core, caseId: string, customerKey: string): CustomerMailAddress {
  const opened = findFirstResponseOrAddress(core.sql, caseId, customerKey);
  const given = opened?.responseId
    ? findAddressForResponseMail(core, opened.responseId, customerKey)
    : (findListedAddress(core, customerKey) ?? opened?.address);
  if (given) return { address: given, why: null };
  const opener = opened?.responseId ? 'the response that opened the case' : 'the person who opened the case';
  return { address: null, why: whyNoAddress(core, customerKey, `${opener} gave`) };
}

/** @param giver beginning of the reason, such as "the event named" */
export const whyNoAddress = (core: Core, customerKey: string, giver: string): string =>
  findCustomer(core.sql, customerKey)?.email
    ? `${giver} no e-mail address, and another is not proven; ${remedy}`
    : 'no e-mail address is known';

/** Address for mail about one response: of the customer list, else of the response itself. */
export const findAddressForResponseMail = (core: Core, responseId: string, customerKey: string): string | null =>
  findListedAddress(core, customerKey) ?? findResponse(core.sql, responseId)?.content.customer.email ?? null;

export function findListedAddress(core: Core, customerKey: string): string | null {
  const customer = findCustomer(core.sql, customerKey);
  return customer?.from.email === 'list' ? customer.email : null;
}
