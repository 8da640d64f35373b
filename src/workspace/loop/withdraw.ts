import { basics, type Case, type Core, demandFound, hourMs, type port, store } from '../kit.ts';
import { computeVerdict } from './compute-verdict.ts';
import { findAddressOfAsk, isSameMailbox } from './recipient.ts';

/** Skips an ask with the reason. The caller computes the verdict anew. */
export function skip(core: Core, ask: store.Ask, why: string): void {
  const unsent = ask.state === 'sent' ? { sentAt: null, expiresAt: null } : {};
  store.asks.update(core.sql, { id: ask.id }, { state: 'skipped', why, waitsFor: null, ...unsent });
  clearAskTimers(core, ask.id);
  if (ask.caseId !== null && ask.generation !== null)
    basics.record(core, ask.caseId, 'follow-up skipped', why, { evidence: ask.id, generation: ask.generation });
}

export function clearAskTimers(core: Core, id: string): void {
  for (const kind of ['ask', 'reminder', 'window', 'settle'] as const) store.clearTimer(core.sql, kind, id);
}

/** Cancels an ask's mail that certainly has not left. @returns whether the person was never asked */
function cancelMailOfAsk(core: Core, ask: store.Ask, why: string): boolean {
  const leader = ask.mergedInto ?? ask.id;
  const at = core.clock.now();
  let wasFirstMailCancelled = false;
  for (const mail of store.mails.list(core.sql, { askId: leader, state: 'intent' })) {
    if (!store.cancelWaitingRow(core.sql, `mail:${mail.id}`, at, why)) continue;
    store.mails.update(core.sql, { id: mail.id }, { state: 'refused', provider: null, endedAt: at, why });
    wasFirstMailCancelled ||= mail.kind !== 'reminder';
  }
  if (!wasFirstMailCancelled) return false;
  for (const other of store.asksOfMail(core.sql, leader)) {
    if (other.id === ask.id || other.state !== 'sent') continue;
    clearAskTimers(core, other.id);
    store.planAskAgain(core.sql, other.id, at);
    const caseRecord = store.findCase(core.sql, other.caseId);
    if (caseRecord?.loop === 'asked' && caseRecord.kind === 'tactical')
      store.updateCase(core.sql, caseRecord.id, { loop: 'resolved' });
  }
  return true;
}

/** Cancels the waiting follow-ups of a closing. Mails already sent are no longer waited for. */
export function cancelFollowUps(core: Core, caseRecord: Case, why: { unsent: string; unanswered: string }): void {
  const { id: caseId, generation } = caseRecord;
  for (const { id } of store.followUps.list(core.sql, { caseId, generation })) {
    // A mail that was cancelled for one of them may have asked for others.
    const ask = store.findAsk(core.sql, id);
    if (!ask) continue;
    const isSent = ask.kind === 'customer' && ask.state === 'sent';
    if (ask.state === 'due' || (isSent && cancelMailOfAsk(core, ask, why.unsent))) skip(core, ask, why.unsent);
    else if (isSent) {
      clearAskTimers(core, id);
      store.asks.update(core.sql, { id }, { state: 'expired', why: why.unanswered });
    }
  }
}

/** Cancels every waiting mail to a person who wants no more, or to an `address`, in the same transaction. */
export function stopAsking(core: Core, keys: string[], why: string, address: string | null = null): void {
  const others = address === null ? [] : store.listKeysOfAddress(core.sql, address);
  for (const { id, person } of store.listOpenAsksOfPerson(core.sql, [...keys, ...others])) {
    const ask = store.findAsk(core.sql, id);
    if (!ask || (!keys.includes(person) && !isSameMailbox(findAddressOfAsk(core, ask).address, address))) continue;
    if (ask.state === 'due' || cancelMailOfAsk(core, ask, why)) skipAndComputeVerdict(core, ask, why);
  }
}

const listAsksOfFirstMail = ({ sql }: Core, { askId, kind }: store.Mail): store.Ask[] =>
  askId && ['follow-up', 'closer-survey', 'invitation'].includes(kind)
    ? store.asksOfMail(sql, askId).filter(({ state }) => state === 'sent')
    : [];

/** Records that a mail failed for good: its recipient was never asked, which is different from silence. */
export function skipAsksOfFailedMail(core: Core, mail: store.Mail, why: string): void {
  for (const ask of listAsksOfFirstMail(core, mail)) skipAndComputeVerdict(core, ask, why);
}

/** The days to answer begin when a mail that waited for long has left. */
export function beginAnswerWindow(core: Core, mail: store.Mail): void {
  const until = core.clock.now() + core.settings.workspace['follow-up'].window;
  for (const ask of listAsksOfFirstMail(core, mail))
    if (ask.expiresAt !== null && until - ask.expiresAt > hourMs) setAnswerWindow(core, ask, until);
}

export function setAnswerWindow({ sql }: Core, { id, kind }: store.Ask, expiresAt: number): void {
  store.asks.update(sql, { id }, { expiresAt });
  if (kind === 'customer') store.setTimer(sql, 'window', id, expiresAt);
}

function skipAndComputeVerdict(core: Core, ask: store.Ask, why: string): void {
  skip(core, ask, why);
  const caseRecord = store.findCase(core.sql, ask.caseId);
  if (caseRecord?.generation === ask.generation && caseRecord.loop !== 'working' && caseRecord.loop !== 'dropped')
    computeVerdict(core, caseRecord.id, caseRecord.generation);
}

const rank = { delivered: 1, bounced: 2, complained: 3 };

/** Stores a delivery report: a permanent bounce blocks the address, and a complaint is an opt-out. */
export function applyMailEvent(core: Core, event: port.MailEvent): void {
  const mail = store.findMailOfProviderReport(core.sql, event.provider, event.address);
  if (!mail) return;
  if (mail.fate !== null && rank[mail.fate] >= rank[event.what]) return;
  store.mails.update(core.sql, { id: mail.id }, { fate: event.what });
  core.log.info('mail-reported', { mail: mail.id, report: event.what });
  const { what, why } = event;
  if (what === 'bounced') basics.markAddressUndeliverable(core, event.address);
  if (what === 'bounced' && mail.caseId) basics.record(core, mail.caseId, 'mail bounced', why, { evidence: mail.id });
  // A closer also reads the case page and may answer there. People of the workspace need the mails about their work.
  if (mail.kind === 'closer-survey') return;
  if (what === 'bounced') skipAsksOfFailedMail(core, mail, `the mail could not be delivered (${why})`);
  if (what === 'complained' && store.kindsToOutside.includes(mail.kind))
    endMailTo(core, mail, 'by reporting a mail as unwanted', mail.id);
}

type Mailed = { person: string; address: string | null; caseId: string | null };

/** Opts a customer out who asked a person for it. @throws AppError for an unknown key */
export function stopMail(core: Core, customer: string, { reason, who }: { reason: string; who: string }): void {
  const known = demandFound(store.findCustomer(core.sql, customer), 'No customer has this key.');
  const why = basics.wording('reason', reason, 'say how the customer asked for it', 300);
  const { keys, hasOptedOut } = basics.findPersonOfCustomerKey(core, customer, known.email);
  endMailTo(core, { person: customer, address: known.email, caseId: null }, why, '');
  if (!hasOptedOut) basics.recordOnCasesOf(core, keys, 'customer opted out of mail', why, who);
}

/** Opts a person out of mail immediately, and cancels what waits. Idempotent. */
export function endMailTo(core: Core, { person, address, caseId }: Mailed, how: string, evidence: string): void {
  if (!basics.hasOptedOut(core, person, address)) {
    basics.optOut(core, person, address);
    if (caseId) basics.record(core, caseId, 'customer opted out of mail', how, { who: 'customer', evidence });
  }
  const { keys } = basics.findPersonOfCustomerKey(core, person);
  stopAsking(core, keys, 'the customer asked for no more mail', address);
}
