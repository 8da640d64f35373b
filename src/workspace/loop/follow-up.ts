import { formatDuration } from '#domain/duration.ts';
import { derivedId } from '#domain/key.ts';
import { noteContact } from '../cases/first-contact.ts';
import { record } from '../cases/timeline.ts';
import type { Core } from '../core.ts';
import { customersOfCase } from '../store/case-responses.ts';
import { type Case, findCase, updateCase } from '../store/cases.ts';
import { findCustomer } from '../store/customers.ts';
import { type FollowUp, findFollowUp, insertFollowUp, updateFollowUp } from '../store/follow-ups.ts';
import { lastCountedMail } from '../store/mails.ts';
import { setTimer } from '../store/schedule.ts';
import { isUndeliverable } from '../mail/undeliverable.ts';
import { mailFollowUp } from './follow-up-mail.ts';
import { hasOptedOut } from './opt-out.ts';
import { putOff } from './pace.ts';
import { tellEveryone } from './tell-everyone.ts';
import { weigh } from './weigh.ts';

/** A closing earned it: every customer behind the case is to be asked, and the person who closed it. */
export function scheduleFollowUps(core: Core, found: Case): void {
  if (found.action === 'task') return;
  const policy = core.settings.workspace['follow-up'];
  const now = core.clock.now();
  if (found.kind === 'strategic') tellEveryone(core, found);
  for (const { key } of found.kind === 'tactical' ? customersOfCase(core.sql, found.id) : []) {
    schedule(
      core,
      found,
      'customer',
      key,
      surveyOf(core, found),
      now + policy.delay,
      `asked ${formatDuration(policy.delay)} after the closing`,
    );
  }
  const closer = found.closer ?? found.loopOwner;
  if (!closer) return;
  const why = found.closer
    ? 'closed the issue'
    : 'answers for the case; whoever closed the issue is not known here';
  schedule(core, found, 'closer', closer, policy['closer-survey'], now, why);
}

/** The survey that a case's customers are asked by. */
export function surveyOf(core: Core, found: Case): string {
  return (
    core.settings.templates.get(found.template)?.['follow-up'] ?? core.settings.workspace['follow-up'].survey
  );
}

/** @returns the follow-up's id, or null when this person is asked about this closing already */
export function schedule(
  core: Core,
  found: Case,
  kind: FollowUp['kind'],
  person: string,
  survey: string,
  dueAt: number,
  why: string,
): string | null {
  const id = derivedId(core.keys, 'f', found.id, String(found.generation), kind, person);
  const { generation } = found;
  if (insertFollowUp(core.sql, { id, caseId: found.id, generation, kind, person, survey, why, dueAt })) {
    setTimer(core.sql, 'follow-up', id, dueAt);
    return id;
  }
  return null;
}

/**
 * Sends a due follow-up, or skips it and says why. Opt-out, quarantine and reopening are looked at in the same
 * transaction that records the intent to send.
 */
export function sendFollowUp(core: Core, id: string): void {
  const followUp = findFollowUp(core.sql, id);
  const found = followUp && findCase(core.sql, followUp.caseId);
  if (!followUp || !found || followUp.state !== 'due') return;
  const skip =
    followUp.kind === 'customer' ? reasonToSkip(core, followUp, found) : closerSkip(core, followUp);
  if (skip) {
    updateFollowUp(core.sql, id, { state: 'skipped', why: skip });
    record(core, found.id, 'follow-up skipped', skip, { evidence: id });
    if (followUp.generation === found.generation) weigh(core, found.id, followUp.generation);
    return;
  }
  if (followUp.kind === 'customer' && putOff(core, followUp)) return;
  const now = core.clock.now();
  const policy = core.settings.workspace['follow-up'];
  mailFollowUp(core, followUp, found, { reminder: false, counts: countsForQuarantine(followUp) });
  updateFollowUp(core.sql, id, { state: 'sent', sentAt: now, expiresAt: now + policy.window });
  record(core, found.id, followUp.kind === 'customer' ? 'customer asked' : 'closer asked', followUp.why, {
    evidence: id,
  });
  if (followUp.kind === 'closer') return;
  setTimer(core.sql, 'reminder', id, now + policy.reminder);
  setTimer(core.sql, 'window', id, now + policy.window);
  noteContact(core, found);
  if (found.loop === 'resolved') updateCase(core.sql, found.id, { loop: 'asked' });
}

/** The one reminder, which counts for no quarantine. */
export function remind(core: Core, id: string): void {
  const followUp = findFollowUp(core.sql, id);
  const found = followUp && findCase(core.sql, followUp.caseId);
  if (!followUp || !found || followUp.state !== 'sent' || found.generation !== followUp.generation) return;
  if (hasOptedOut(core, followUp.person)) return;
  mailFollowUp(core, followUp, found, { reminder: true, counts: false });
  record(core, found.id, 'customer reminded', 'no answer yet', { evidence: id });
}

/** The customer's time is over: silence is never taken for satisfaction. */
export function endWindow(core: Core, id: string): void {
  const followUp = findFollowUp(core.sql, id);
  if (followUp?.state !== 'sent') return;
  const window = formatDuration(core.settings.workspace['follow-up'].window);
  updateFollowUp(core.sql, id, { state: 'expired', why: `no answer within ${window}` });
  weigh(core, followUp.caseId, followUp.generation);
}

function reasonToSkip(core: Core, followUp: FollowUp, found: Case): string | null {
  const customer = findCustomer(core.sql, followUp.person);
  if (found.generation !== followUp.generation || found.loop === 'working')
    return 'the case was reopened before the mail left';
  if (found.loop === 'dropped') return 'the case was dropped before the mail left';
  if (!customer?.email) return 'no e-mail address is known';
  if (isUndeliverable(core, customer.email)) return 'mail to this address could not be delivered';
  if (hasOptedOut(core, followUp.person)) return 'the customer asked for no more mail';
  if (!countsForQuarantine(followUp)) return null;
  const { quarantine } = core.settings.workspace['follow-up'];
  const last = lastCountedMail(core.sql, followUp.person, core.clock.now() - quarantine);
  return last ? `the customer was asked less than ${formatDuration(quarantine)} ago` : null;
}

function closerSkip(core: Core, followUp: FollowUp): string | null {
  return Object.hasOwn(core.settings.workspace.people, followUp.person)
    ? null
    : 'the person is no longer in the workspace file';
}

/** The next generation of a disputed case is the same conversation, not a new question. */
const countsForQuarantine = (followUp: FollowUp) => followUp.kind === 'customer' && followUp.generation === 1;
