import type { MailEvent } from '#domain/integrations/mailer.ts';
import { basics, type Core, store } from '../kit.ts';
import { markAddressUndeliverable } from '../mail/undeliverable.ts';
import { skipAsksOfFailedMail, stopAsking } from './withdraw.ts';

const rank = { delivered: 1, bounced: 2, complained: 3 };

/** Stores a delivery report: a permanent bounce blocks the address, and a complaint is an opt-out. */
export function applyMailEvent(core: Core, event: MailEvent): void {
  const mail = store.findMailOfProviderReport(core.sql, event.provider, event.address);
  if (!mail) return;
  if (mail.fate !== null && rank[mail.fate] >= rank[event.what]) return;
  store.setMailProviderReport(core.sql, mail.id, event.what);
  core.log.info('mail-reported', { mail: mail.id, report: event.what });
  if (event.what === 'bounced') {
    markAddressUndeliverable(core, event.address);
    bounced(core, mail, event.why);
  }
  if (event.what === 'complained') complained(core, mail);
}

function bounced(core: Core, mail: store.Mail, why: string): void {
  if (mail.caseId) basics.record(core, mail.caseId, 'mail bounced', why, { evidence: mail.id });
  // A closer also reads the case page, and may answer there.
  if (mail.kind !== 'closer-survey') skipAsksOfFailedMail(core, mail, `the mail could not be delivered (${why})`);
}

/** Only customers opt out: people of the workspace need the mails about their work. */
function complained(core: Core, mail: store.Mail): void {
  if (mail.kind === 'notice' || mail.kind === 'closer-survey') return;
  if (basics.hasOptedOut(core, mail.person, mail.address)) return;
  basics.optOut(core, mail.person, mail.address);
  const { keys } = basics.findPersonOfCustomerKey(core, mail.person);
  stopAsking(core, keys, 'the customer asked for no more mail', mail.address);
  if (mail.caseId)
    basics.record(core, mail.caseId, 'customer opted out of mail', 'by reporting a mail as unwanted', {
      who: 'customer',
      evidence: mail.id,
    });
}
