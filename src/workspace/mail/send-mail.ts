import { type MailContent, renderMailHtml, renderMailText, toHeaderLine } from '#domain/text/mail-layout.ts';
import { basics, type Core, dayMs, deriveId, minuteMs, type port, store } from '../kit.ts';

/** A mail with the parts of its idempotency key. It asks nothing, and the quarantine does not count it, unless it says so. */
export type OutgoingMail = { once: string[]; content: MailContent } & Pick<
  store.Mail,
  'kind' | 'person' | 'address' | 'subject'
> &
  Partial<
    Pick<store.Mail, 'caseId' | 'askId' | 'asks' | 'counts' | 'at'> & Pick<port.MailMessage, 'replyTo' | 'headers'>
  >;

/** Programs that answer mail by themselves leave such mail alone (RFC 3834). */
const notByPerson = { 'Auto-Submitted': 'auto-generated' };

/** Id of a mail; a repeated one is known by it. */
export const deriveMailId = (core: Core, kind: store.MailKind, once: string[]): string =>
  deriveId(core.keys, 'm', core.workspace, kind, ...once);

/** Records the intent to send, with the bytes frozen, in the caller's transaction. @returns its id; null when known */
export function queueMail(core: Core, mail: OutgoingMail): string | null {
  const at = mail.at ?? core.clock.now();
  const id = deriveMailId(core, mail.kind, mail.once);
  const subject = toHeaderLine(mail.subject);
  const { once: _, content, headers, replyTo = null, ...ledger } = mail;
  const defaults = { caseId: null, askId: null, asks: false, counts: false };
  if (store.mails.count(core.sql, { id }) > 0) return null;
  store.mails.insert(core.sql, { ...defaults, ...ledger, id, subject, at, state: 'intent' });
  const refusal = { state: 'refused', provider: null, why: 'mail to this address could not be delivered' } as const;
  const lost = findLostOutcome(core, { ...mail, subject });
  const outcome = lost ?? (basics.isUndeliverable(core, mail.address) ? refusal : null);
  if (outcome) {
    store.mails.update(core.sql, { id }, { ...outcome, endedAt: at });
    return id;
  }
  const message: port.MailMessage = {
    key: id,
    from: core.settings.workspace.mail.from,
    to: mail.address,
    replyTo,
    subject,
    text: renderMailText(content),
    html: renderMailHtml(content, subject),
    // A mailbox that alerts come to knows what Caselite sent, and takes none of it for an alert.
    headers: { 'X-Caselite': core.workspace, ...(mail.kind !== 'personal' && notByPerson), ...headers },
  };
  // A person who signs in waits for the mail.
  const rank = mail.kind === 'sign-in' ? 0 : 3;
  store.addToOutbox(core.sql, { key: `mail:${id}`, queue: 'mail', kind: 'mail.send', payload: message, at, rank });
  return id;
}

/** Records a notice by mail to a person of the team. It asks nothing, and no quarantine counts it. */
export const queueNoticeMail = (core: Core, notice: Omit<OutgoingMail, 'kind'>): string | null =>
  queueMail(core, { ...notice, kind: 'notice' });

const catchUpMs = 10 * minuteMs;
const rememberedMs = 30 * dayMs;

/** When a case is due may differ where the work of the lost time is done again. */
const withoutDueTime = (subject: string): string => subject.replace(/ · (?:due [^·]*|\d+ \w+ late)(?= ·|$)/u, '');

export const markOfMail = (core: Core, address: string, subject: string): string =>
  core.keys.mac('later-mail.1', core.workspace, address.trim().toLowerCase(), withoutDueTime(subject));

/** Outcome of a mail that left between a backup and its restore, or may have; null for every other mail. */
export function findLostOutcome(
  core: Core,
  { address, subject, kind }: Pick<store.Mail, 'address' | 'subject' | 'kind'>,
): Pick<store.Mail, 'state' | 'provider' | 'why'> | null {
  const restore = store.restores.find(core.sql, {});
  if (!restore || kind === 'sign-in') return null;
  const now = core.clock.now();
  const released = restore.releasedAt ?? now;
  const isCatchingUp = now <= released + catchUpMs;
  if (now > released + rememberedMs || (kind === 'notice' && !isCatchingUp)) return null;
  const provider = store.takeLaterMail(core.sql, markOfMail(core, address, subject));
  if (provider) return { state: 'sent', provider, why: 'it left before the restore' };
  if (!isCatchingUp || restore.listsMails !== false) return null;
  const why = 'it may have left before the restore, and the mail host lists no mail';
  return { state: 'unknown', provider: null, why };
}
