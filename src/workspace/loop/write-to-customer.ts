import { toHeaderLine } from '#domain/text/mail-layout.ts';
import { storeFirstContact } from '../cases/acknowledge.ts';
import { AppError, basics, type Case, type Core, fixed, store } from '../kit.ts';
import { queueMail } from '../mail/send-mail.ts';
import { applyGateEvent } from './gates.ts';

export interface PersonalMessage {
  to?: string | null;
  /** Whether all customers of a strategic case get it. A key may be any text, so it is no value of `to`. */
  everybody?: boolean;
  subject: string;
  text: string;
  who: string;
}

const longestSubject = 150;
const maxTextLength = 10_000;

/**
 * Sends a message to the customer of a case, or to one or all of a strategic case, once to each; it asks nothing and
 * never goes into a tracker.
 */
export function writeToCustomer(core: Core, caseId: string, message: PersonalMessage): void {
  const caseRecord = basics.demandCase(core, caseId);
  const { who, to = null, everybody = false } = message;
  const subject = basics.wording('subject', message.subject, 'write a subject', longestSubject);
  const text = basics.wording('text', message.text, 'write what the customer should know', maxTextLength);
  const affected = store.listAffectedCustomers(core.sql, caseId).map(({ key }) => key);
  const isStrategic = caseRecord.kind === 'strategic';
  if (isStrategic && everybody && to !== null)
    basics.refuseField('to', 'names one customer, and everybody is to get the message; leave it empty');
  if (isStrategic && !everybody && !affected.some((key) => key === to))
    basics.refuseField('to', 'is no customer of this case; name one of them, or choose everybody');
  const customers = isStrategic ? (everybody ? affected : [to]) : [caseRecord.customerKey];
  const recipients = new Map<string, { address: string; customer: string }>();
  let refusal = 'This case has no customer to write to.';
  for (const customer of customers) {
    if (customer === null) continue;
    const found = findWritableAddress(core, caseId, customer);
    if ('refusal' in found) ({ refusal } = found);
    else recipients.set(found.address.toLowerCase(), { ...found, customer });
  }
  if (recipients.size === 0) throw new AppError('conflict', refusal);
  const sent = [...recipients.values()].filter((to) => queueMessage(core, caseRecord, { ...to, subject, text, who }));
  if (sent.length === 0) return;
  const many = isStrategic && everybody ? ` to ${sent.length} of ${affected.length} customers` : '';
  basics.record(core, caseId, 'customer contacted', `by a personal message${many}`, { who });
  storeFirstContact(core, caseRecord);
  applyGateEvent(core, caseId, { kind: 'message' }, { who, why: 'the personal message' });
}

function findWritableAddress(core: Core, caseId: string, customer: string): { address: string } | { refusal: string } {
  const { address, why } = basics.findAddressForCaseMail(core, caseId, customer);
  if (address === null) return { refusal: `This customer cannot be written to: ${why}.` };
  if (basics.isUndeliverable(core, address))
    return { refusal: 'Mail to this address could not be delivered; call, or find another address.' };
  if (basics.hasOptedOut(core, customer, address))
    return { refusal: 'This customer asked for no more mail; call, or write by another way.' };
  return { address };
}

/** @returns whether the same message was not sent before; one that reached nobody goes again */
function queueMessage(
  core: Core,
  caseRecord: Case,
  { address, customer, subject, text, who }: Record<'address' | 'customer' | 'subject' | 'text' | 'who', string>,
): boolean {
  const { name } = core.settings.workspace;
  const language = store.findCustomer(core.sql, customer)?.language ?? 'en';
  const texts = fixed.chooseFixedTexts(language);
  const failed = store.mails
    .list(core.sql, { caseId: caseRecord.id, kind: 'personal', person: customer, subject: toHeaderLine(subject) })
    .filter(({ state, fate }) => state === 'refused' || fate === 'bounced').length;
  const of = caseRecord.kind === 'strategic' ? [customer] : [];
  const id = queueMail(core, {
    once: [caseRecord.id, subject, text, ...of, ...(failed > 0 ? [String(failed)] : [])],
    kind: 'personal',
    caseId: caseRecord.id,
    person: customer,
    address,
    replyTo: basics.findReplyAddress(core, caseRecord) ?? basics.findPerson(core, who)?.email ?? null,
    subject,
    content: {
      language,
      paragraphs: text.split(/\r?\n\s*\r?\n/).map((paragraph) => paragraph.replaceAll('\r\n', '\n')),
      button: null,
      footer: [`${basics.findPersonName(core, who) ?? who}, ${name}`, texts.replyReachesPerson],
    },
  });
  return id !== null;
}

const longestReason = 300;
const most = 500;

/** Allows mail to a bounced address again; skipped follow-ups of the newest closing are planned anew. */
export function allowMailToBounced(core: Core, person: string, { reason, who }: { reason: string; who: string }): void {
  const { keys } = basics.findPersonOfCustomerKey(core, person);
  const own = store.findCustomer(core.sql, person)?.email ?? basics.findPerson(core, person)?.email;
  const addresses = [own, ...store.listAddressesWrittenTo(core.sql, keys)].flatMap((address) => address || []);
  if (addresses.length === 0)
    throw new AppError('not-found', 'No e-mail address is known of this customer or colleague.');
  const why = basics.wording('reason', reason, 'give the reason why mail will arrive now', longestReason);
  const bouncedAddresses = addresses.filter((address) => basics.isUndeliverable(core, address));
  if (bouncedAddresses.length === 0) throw new AppError('conflict', 'Mail to this address is not blocked.');
  for (const address of bouncedAddresses) basics.allowMailToAddress(core, address);
  basics.recordOnCasesOf(core, keys, 'mail allowed again', why, who);
  for (const followUp of store.followUps.page(core.sql, { kind: 'customer', state: 'skipped', person: keys }, most))
    if (followUp.why.includes('could not be delivered'))
      planFollowUpAgain(core, followUp, 'asked again: mail allowed again');
}

/** Plans a skipped follow-up anew, unless its closing is over. */
function planFollowUpAgain(core: Core, { id, caseId, generation }: store.FollowUp, why: string): void {
  const caseRecord = store.findCase(core.sql, caseId);
  if (caseRecord?.generation !== generation || ['working', 'dropped'].includes(caseRecord.loop)) return;
  store.planAskAgain(core.sql, id, core.clock.now(), { why });
  if (caseRecord.kind === 'tactical') store.updateCase(core.sql, caseId, { loop: 'resolved', needsPerson: null });
}

type AddressDecision = { address: number; accept: boolean; who: string };

/** Accepts or refuses an address that waits; a follow-up that was skipped for want of one is planned anew. */
export function decideAddress(core: Core, caseId: string, { address, accept, who }: AddressDecision): void {
  basics.demandManagedCase(core, caseId, who);
  const waiting = basics.listAddressesToDecide(core, caseId).find(({ seq }) => seq === address);
  if (!waiting) throw new AppError('conflict', 'No such address waits on this case; it may be decided already.');
  const state = accept ? 'accepted' : 'refused';
  store.caseAddresses.update(core.sql, { seq: waiting.seq }, { state, decidedAt: core.clock.now() });
  const why = accept ? 'mail of this case goes to it from now on' : 'mail of this case goes on as before';
  basics.record(core, caseId, `address ${state}`, why, { who });
  if (!accept) return;
  for (const followUp of store.followUps.list(core.sql, { caseId, person: waiting.customerKey }))
    if (basics.isSkippedForAddress(followUp))
      planFollowUpAgain(core, followUp, 'asked after all: an address was accepted');
}
