import type { Case } from '#domain/cases/case-record.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { findCase, updateCase } from '../store/cases.ts';
import {
  type FollowUp,
  findFollowUp,
  followUpsOfCase,
  followUpsOfMail,
  listOpenFollowUpsOfPerson,
  updateFollowUp,
} from '../store/follow-ups.ts';
import { endInvitation, findInvitation, listDueOrSentInvitations } from '../store/invitations.ts';
import { type Mail, type MailKind, pendingMailsOfFollowUp, setMailOutcome } from '../store/mails.ts';
import { cancelWaitingRow } from '../store/outbox.ts';
import { findResurvey, listOpenResurveysOfPerson, updateResurvey } from '../store/resurveys.ts';
import { clearTimer, setTimer } from '../store/schedule.ts';
import { computeVerdict } from './compute-verdict.ts';

/** Skips a follow-up with the reason. The caller computes the verdict anew. */
export function skip(core: Core, followUp: FollowUp, why: string): void {
  updateFollowUp(core.sql, followUp.id, {
    state: 'skipped',
    why,
    waitsFor: null,
    ...(followUp.state === 'sent' ? { sentAt: null, expiresAt: null } : {}),
  });
  clearFollowUpTimers(core, followUp.id);
  record(core, followUp.caseId, 'follow-up skipped', why, {
    evidence: followUp.id,
    generation: followUp.generation,
  });
}

export function clearFollowUpTimers(core: Core, id: string): void {
  for (const kind of ['follow-up', 'reminder', 'window'] as const) clearTimer(core.sql, kind, id);
}

/**
 * Cancels the mail of a follow-up that certainly has not left: its call has not begun, or was refused. Other follow-ups
 * of the same mail are planned anew. At most the mail under way still leaves.
 *
 * @returns whether the first mail was cancelled, so that the person was never asked
 */
function cancelFollowUpMail(core: Core, followUp: FollowUp, why: string): boolean {
  const leader = followUp.mergedInto ?? followUp.id;
  const at = core.clock.now();
  let wasFirstMailCancelled = false;
  for (const mail of pendingMailsOfFollowUp(core.sql, leader)) {
    if (!cancelWaitingRow(core.sql, `mail:${mail.id}`, at, why)) continue;
    setMailOutcome(core.sql, mail.id, { state: 'refused', provider: null, at, why });
    wasFirstMailCancelled ||= mail.kind === 'follow-up';
  }
  if (!wasFirstMailCancelled) return false;
  for (const other of followUpsOfMail(core.sql, leader)) {
    if (other.id === followUp.id || other.state !== 'sent') continue;
    clearFollowUpTimers(core, other.id);
    updateFollowUp(core.sql, other.id, {
      state: 'due',
      dueAt: at,
      sentAt: null,
      expiresAt: null,
      mergedInto: null,
    });
    setTimer(core.sql, 'follow-up', other.id, at);
    const caseRecord = findCase(core.sql, other.caseId);
    if (caseRecord?.loop === 'asked' && caseRecord.kind === 'tactical')
      updateCase(core.sql, caseRecord.id, { loop: 'resolved' });
  }
  return true;
}

/** Cancels the waiting follow-ups of a closing. Mails already sent are no longer waited for. */
export function cancelFollowUps(core: Core, caseRecord: Case, why: { unsent: string; unanswered: string }): void {
  for (const { id } of followUpsOfCase(core.sql, caseRecord.id, caseRecord.generation)) {
    const followUp = findFollowUp(core.sql, id);
    if (!followUp) continue;
    const isUnsent =
      followUp.state === 'due' ||
      (followUp.kind === 'customer' && followUp.state === 'sent' && cancelFollowUpMail(core, followUp, why.unsent));
    if (isUnsent) skip(core, followUp, why.unsent);
    else if (followUp.kind === 'customer' && followUp.state === 'sent') {
      clearFollowUpTimers(core, id);
      updateFollowUp(core.sql, id, { state: 'expired', why: why.unanswered });
    }
  }
}

function skipResurveyOrInvitation(core: Core, id: string, why: string): void {
  clearTimer(core.sql, 'resurvey', id);
  clearTimer(core.sql, 'invitation', id);
  updateResurvey(core.sql, id, { state: 'skipped', why, sentAt: null, expiresAt: null });
  endInvitation(core.sql, id, { state: 'skipped', why, at: core.clock.now() });
}

/**
 * Cancels the mail of a re-survey or an invitation that certainly has not left.
 *
 * @returns whether it was cancelled
 */
function cancelResurveyOrInvitationMail(core: Core, id: string, why: string): boolean {
  const at = core.clock.now();
  const taken = pendingMailsOfFollowUp(core.sql, id).filter((mail) =>
    cancelWaitingRow(core.sql, `mail:${mail.id}`, at, why),
  );
  for (const mail of taken) setMailOutcome(core.sql, mail.id, { state: 'refused', provider: null, at, why });
  return taken.length > 0;
}

/** Cancels every waiting mail to a person who wants no more, in the same transaction. */
export function stopAsking(core: Core, keys: string[], why: string): void {
  for (const { id } of listOpenFollowUpsOfPerson(core.sql, keys)) {
    const followUp = findFollowUp(core.sql, id);
    const isUnsent = followUp?.state === 'due' || (followUp && cancelFollowUpMail(core, followUp, why));
    if (!followUp || !isUnsent) continue;
    skip(core, followUp, why);
    computeVerdictAfterSkip(core, followUp);
  }
  for (const { id, state } of [
    ...listOpenResurveysOfPerson(core.sql, keys),
    ...listDueOrSentInvitations(core.sql, keys),
  ])
    if (state === 'due' || cancelResurveyOrInvitationMail(core, id, why)) skipResurveyOrInvitation(core, id, why);
}

/**
 * Records that a mail bounced or was refused for good: its recipient was never asked, which is different from silence.
 */
export function skipFollowUpsOfFailedMail(core: Core, mail: Mail, why: string): void {
  const asks: MailKind[] = ['follow-up', 'closer-survey', 'invitation'];
  if (!mail.followUpId || !asks.includes(mail.kind)) return;
  for (const followUp of followUpsOfMail(core.sql, mail.followUpId)) {
    if (followUp.state !== 'sent') continue;
    skip(core, followUp, why);
    computeVerdictAfterSkip(core, followUp);
  }
  const other = findResurvey(core.sql, mail.followUpId) ?? findInvitation(core.sql, mail.followUpId);
  if (other?.state === 'sent') skipResurveyOrInvitation(core, other.id, why);
}

function computeVerdictAfterSkip(core: Core, followUp: FollowUp): void {
  const caseRecord = findCase(core.sql, followUp.caseId);
  if (caseRecord?.generation === followUp.generation && caseRecord.loop !== 'working' && caseRecord.loop !== 'dropped')
    computeVerdict(core, caseRecord.id, caseRecord.generation);
}
