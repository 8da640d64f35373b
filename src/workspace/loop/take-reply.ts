import { caseMailbox, createCaseMailbox, deriveId } from '#domain/base/key.ts';
import { toShownLine, toShownText, toWellFormedCopy } from '#domain/text/safe-text.ts';
import { dayMs } from '#domain/time/units.ts';
import { AppError, basics, type Case, type Core, handleOf, InvalidInputError, type port, store } from '../kit.ts';
import { notify } from '../mail/notify.ts';

/* Customers' replies by mail. None of them is an answer to a survey, and none is answered. */

export const repliesSource = 'mail';

export type ReadReply = port.IncomingReply | AppError;

export async function readReplyDelivery(core: Core, body: Uint8Array): Promise<ReadReply> {
  try {
    if (core.integrations.replies) return toWellFormedCopy(await core.integrations.replies.read(body));
    throw new AppError('config', 'source mail is not in use: the workspace file has no inbound');
  } catch (error) {
    return error instanceof AppError ? error : new InvalidInputError('The mail cannot be read.');
  }
}

/** Case of a reply, by the header that the door put on top; null for an address that nobody was given. */
export function findCaseOfReply(core: Core, body: Uint8Array): Case | null {
  const [local] = readDoorHeader(body);
  const number = Number(caseMailbox.exec(local)?.[2] ?? 0);
  const caseRecord = number > 0 ? store.findCaseByHandle(core.sql, `C-${number}`) : null;
  const isGenuine = caseRecord && core.keys.isEqual(local, createCaseMailbox(core.keys, core.workspace, number));
  return isGenuine && !basics.isErasedKey(caseRecord.customerKey) ? caseRecord : null;
}

function readDoorHeader(body: Uint8Array): [local: string, isCut: boolean] {
  const head = new TextDecoder().decode(body.subarray(0, 200));
  const [, local = '', size] = /^X-Caselite-Reply: (\S+) (cut|whole)\r\n/.exec(head) ?? [];
  return [local, size === 'cut'];
}

const mostPerDay = 50;

/** Keeps a reply in its case and tells the loop owner; a mail of a program tells nobody. */
export function takeReply(core: Core, { seq, body }: store.Delivery, reply: ReadReply): 'stored' | 'duplicate' {
  if (reply instanceof Error) throw reply;
  const caseRecord = findCaseOfReply(core, body);
  if (!caseRecord) throw new InvalidInputError('The mail is for a case that nobody writes to any more.');
  const { id: caseId } = caseRecord;
  const { from, automatic } = reply;
  const isCustomer = reply.isProved && isAddressOfCustomer(core, caseRecord, from);
  const kind = automatic ? 'automatic-reply' : isCustomer ? 'reply' : 'other-reply';
  const text = describeReply(reply, readDoorHeader(body)[1]);
  // Whose address it is may change until the mail comes again; whether its sender is proved does not.
  const proof = automatic ? kind : reply.isProved ? 'reply' : 'other-reply';
  const id = deriveId(core.keys, 'y', caseId, proof, from.toLowerCase(), reply.id || text);
  const at = core.clock.now();
  const many = `More than ${mostPerDay} mails came to this case within a day; replay it if it matters.`;
  if (store.countReplies(core.sql, caseId, at - dayMs) >= mostPerDay) throw new InvalidInputError(many);
  const isNew = store.comments.add(core.sql, { caseId, id, kind, author: from, text, at });
  store.eraseDeliveryBytes(core.sql, seq);
  if (!isNew) return 'duplicate';
  const handle = handleOf(caseRecord);
  if (automatic) {
    basics.record(core, caseId, 'automatic reply', `${automatic}; nobody was notified`, { evidence: id });
    return 'stored';
  }
  const who = isCustomer ? 'customer' : 'somebody';
  const why = isCustomer ? 'by mail' : 'its sender is not proved to be the customer; it waits for a case manager';
  const what = isCustomer ? 'customer replied' : 'reply from another address';
  basics.record(core, caseId, what, why, { who, evidence: id });
  if (!isCustomer && reply.isProved && from !== '') basics.noteAddressOfReply(core, caseRecord, from);
  const mail = `mail ${store.countReplies(core.sql, caseId, 0)} of this case`;
  const headline = isCustomer
    ? 'the customer replied'
    : `${mail} is from a sender who is not proved to be the customer`;
  const to = isCustomer && caseRecord.loopOwner ? ['loop-owner'] : ['loop-owner', 'managers'];
  notify(core, caseRecord, 'replied', `${handle}: ${headline}`, { to, once: id });
  return 'stored';
}

function isAddressOfCustomer(core: Core, { id, customerKey }: Case, address: string): boolean {
  if (address === '') return false;
  const current = customerKey === null ? null : basics.findAddressForCaseMail(core, id, customerKey).address;
  return current?.toLowerCase() === address.toLowerCase() || store.hasMailToAddress(core.sql, id, address);
}

function describeReply({ text, attachments }: port.IncomingReply, isCut: boolean): string {
  const lines = [
    toShownText(text).trim(),
    ...attachments.map(({ name, bytes }) => `Attached: ${toShownLine(name)}, ${formatBytes(bytes)}`),
    ...(isCut ? ['The mail is larger than 1 MiB; its end was not kept.'] : []),
  ];
  return lines.filter((line) => line !== '').join('\n') || 'The mail has no text of its own.';
}

const formatBytes = (bytes: number): string => (bytes < 1000 ? `${bytes} bytes` : `${Math.round(bytes / 1000)} kB`);
