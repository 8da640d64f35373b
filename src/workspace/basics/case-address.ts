import { type Case, type Core, createCaseMailbox, feedback, findAddressOfSender, isAddressOfPerson } from '../core.ts';
import * as store from '../store/index.ts';
import { determineAccess, findPerson, listPeopleByAddress, record } from './case-operation.ts';

export type CustomerMailAddress = { address: string; why: null } | { address: null; why: string };

const remedy = 'put the customer’s address on the customer list';
const noPersonReads = 'the address is a sender or a mailbox that no person reads';

/** Address of the list, else accepted last, else of the opening: a later response may come from anybody. */
export function findAddressForCaseMail(core: Core, caseId: string, customerKey: string): CustomerMailAddress {
  const named = store.findMailAddress(core.sql, caseId, customerKey);
  const address = findListedAddress(core, customerKey) ?? named?.address;
  if (address) return demandPerson(core, address);
  const note = store
    .findResponse(core.sql, named?.responseId ?? '')
    ?.content.notes?.find((text) => text.startsWith(feedback.addressNote));
  if (note) return { address: null, why: `${note}; ${remedy}` };
  const opener = named?.responseId ? 'the response that opened the case' : 'the person who opened the case';
  return { address: null, why: whyNoAddress(core, customerKey, `${opener} gave`) };
}

/** Refuses mail to the workspace's own sender, and to mailboxes that no person reads. */
export function demandPerson(core: Core, address: string): CustomerMailAddress {
  const { from } = core.settings.workspace.mail;
  if (isAddressOfPerson(address, [findAddressOfSender(from)])) return { address, why: null };
  return { address: null, why: `${noPersonReads}; ${remedy}` };
}

/** @param giver beginning of the reason, such as "the event named" */
export const whyNoAddress = (core: Core, customerKey: string, giver: string): string =>
  store.findCustomer(core.sql, customerKey)?.email
    ? `${giver} no e-mail address, and another is not proven; ${remedy}`
    : 'no e-mail address is known';

/** Whether a follow-up was skipped for a reason of `findAddressForCaseMail`. */
export const isSkippedForAddress = ({ state, why }: store.FollowUp): boolean =>
  state === 'skipped' && ['no e-mail address', feedback.addressNote, noPersonReads].some((lack) => why.includes(lack));

/** Address for mail about one response: of the customer list, else of the response itself. */
export const findAddressForResponseMail = (core: Core, responseId: string, customerKey: string): string | null =>
  findListedAddress(core, customerKey) ?? store.findResponse(core.sql, responseId)?.content.customer.email ?? null;

/** The customer list's address for a key, or for one that was merged with it. */
export function findListedAddress(core: Core, customerKey: string): string | null {
  const customers = store.listKeysOfPerson(core.sql, customerKey).map((key) => store.findCustomer(core.sql, key));
  return customers.find((customer) => customer?.from.email === 'list')?.email ?? null;
}

/** Pins the address of the first response of a customer to a case; a different one of a later response waits. */
export function noteAddressOfResponse(core: Core, caseId: string, customerKey: string, responseId: string): void {
  const address = store.findResponse(core.sql, responseId)?.content.customer.email ?? '';
  const isFirst = !store.caseAddresses.has(core.sql, { caseId, customerKey, state: 'pinned' });
  const named = { caseId, customerKey, address, responseId };
  if (isFirst) add(core, named, 'pinned');
  else if (address !== '' && address !== findListedAddress(core, customerKey)) keepWaiting(core, named);
}

/** Pins the address that a manager or a program opens a case with. A member's address waits for a manager. */
export function pinEnteredAddress(
  core: Core,
  caseId: string,
  customerKey: string,
  { address, who }: { address: string; who: string },
): void {
  const isOfMember = findPerson(core, who) !== undefined && determineAccess(core.settings.workspace, who) === 'member';
  const named = { caseId, customerKey, address, responseId: null };
  add(core, isOfMember ? { ...named, address: '' } : named, 'pinned');
  if (isOfMember && address !== '') keepWaiting(core, named);
}

/** Where a customer's reply about a case goes: to the case itself, else to the loop owner. */
export function findReplyAddress(core: Core, caseRecord: Pick<Case, 'number' | 'loopOwner'> | null): string | null {
  const { inbound } = core.settings.workspace;
  if (inbound && caseRecord)
    return `${createCaseMailbox(core.keys, core.workspace, caseRecord.number)}@${inbound.domain}`;
  return findPerson(core, caseRecord?.loopOwner ?? null)?.email ?? null;
}

/** Keeps the proved sender of a reply as an address of a case's customer, for a manager to decide. */
export function noteAddressOfReply(core: Core, { id, customerKey }: Case, address: string): void {
  if (customerKey !== null && listPeopleByAddress(core, address).length === 0)
    keepWaiting(core, { caseId: id, customerKey, address, responseId: null });
}

type NamedAddress = Pick<store.CaseAddress, 'caseId' | 'customerKey' | 'address' | 'responseId'>;

const add = (core: Core, named: NamedAddress, state: 'pinned' | 'waiting'): boolean =>
  store.caseAddresses.add(core.sql, { ...named, state, at: core.clock.now(), decidedAt: null });

function keepWaiting(core: Core, named: NamedAddress): void {
  if (!add(core, named, 'waiting')) return;
  const why = 'it waits for a case manager, who accepts or refuses it; until then mail goes on as before';
  const { caseId, responseId: evidence } = named;
  record(core, caseId, 'another address given', why, evidence === null ? {} : { evidence });
}

/** Addresses of a case that wait, except where the customer list settles it. */
export const listAddressesToDecide = (core: Core, caseId: string): store.CaseAddress[] =>
  store.caseAddresses
    .list(core.sql, { caseId, state: 'waiting' })
    .filter(({ customerKey }) => findListedAddress(core, customerKey) === null);
