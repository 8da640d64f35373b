import { AppError } from '#domain/base/errors.ts';
import { chooseFixedTexts } from '#domain/text/fixed-texts.ts';
import { findAddressForCaseMail } from '../basics/case-address.ts';
import { demandCase, record, wording } from '../basics/case-operation.ts';
import { findPersonName } from '../basics/people.ts';
import { hasOptedOut } from '../basics/person.ts';
import { storeFirstContact } from '../cases/acknowledge.ts';
import type { Core } from '../core.ts';
import { queueMail } from '../mail/send-mail.ts';
import { isUndeliverable } from '../mail/undeliverable.ts';
import { findCustomer } from '../store/customers.ts';
import { applyGateEvent } from './gates.ts';

export interface PersonalMessage {
  subject: string;
  text: string;
  who: string;
}

const longestSubject = 150;
const maxTextLength = 10_000;

/**
 * Sends a person's message to the customer of a case. It asks nothing, so no quarantine counts it; it may be the first
 * contact. The text never goes into a tracker. Submitting the form twice sends one mail.
 *
 * @throws InvalidInputError with the field; AppError where no address exists
 */
export function writeToCustomer(core: Core, caseId: string, message: PersonalMessage): void {
  const caseRecord = demandCase(core, caseId);
  const { who } = message;
  const subject = wording('subject', message.subject, 'write a subject', longestSubject);
  const text = wording('text', message.text, 'write what the customer should know', maxTextLength);
  if (caseRecord.customerKey === null)
    throw new AppError('conflict', 'This case has many customers; it has no single one to write to.');
  const customer = findCustomer(core.sql, caseRecord.customerKey);
  const { address, why } = findAddressForCaseMail(core, caseId, caseRecord.customerKey);
  if (address === null) throw new AppError('conflict', `This customer cannot be written to: ${why}.`);
  if (isUndeliverable(core, address))
    throw new AppError('conflict', 'Mail to this address could not be delivered; call, or find another address.');
  if (hasOptedOut(core, caseRecord.customerKey, address))
    throw new AppError('conflict', 'This customer asked for no more mail; call, or write by another way.');
  const { people, name } = core.settings.workspace;
  const owner = Object.hasOwn(people, caseRecord.loopOwner ?? '') ? people[caseRecord.loopOwner ?? ''] : undefined;
  const writer = Object.hasOwn(people, who) ? people[who] : undefined;
  const language = customer?.language ?? 'en';
  const texts = chooseFixedTexts(language);
  const isNew = queueMail(core, {
    once: [caseId, subject, text],
    kind: 'personal',
    caseId,
    person: caseRecord.customerKey,
    address,
    replyTo: (owner ?? writer)?.email ?? null,
    subject,
    content: {
      language,
      paragraphs: text.split(/\r?\n\s*\r?\n/).map((paragraph) => paragraph.replaceAll('\r\n', '\n')),
      button: null,
      footer: [`${findPersonName(core, who) ?? who}, ${name}`, texts.replyReachesPerson],
    },
  });
  if (!isNew) return;
  record(core, caseId, 'customer contacted', 'by a personal message', { who });
  storeFirstContact(core, caseRecord);
  applyGateEvent(core, caseId, { kind: 'message' }, { who, why: 'the personal message' });
}
