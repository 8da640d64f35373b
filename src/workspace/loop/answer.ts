import { deriveId } from '#domain/base/key.ts';
import type { Case } from '#domain/cases/case-record.ts';
import { fillSurveyOptions } from '#domain/templates/options.ts';
import { type FollowUpSurvey, readPostedAnswers, type SurveySubmissionResult } from '#domain/templates/survey.ts';
import { findAddressForCaseMail } from '../basics/case-address.ts';
import { hasOptedOut, optOut } from '../basics/opt-out.ts';
import { findPersonOfCustomerKey } from '../basics/person.ts';
import { record } from '../basics/record-activity.ts';
import { elevateByRules } from '../cases/elevate.ts';
import type { Core } from '../core.ts';
import { findCase } from '../store/cases.ts';
import {
  type FollowUp,
  findFollowUp,
  followUpsOfCase,
  followUpsOfMail,
  insertFollowUp,
  updateFollowUp,
} from '../store/follow-ups.ts';
import { findInvitation } from '../store/invitations.ts';
import { findResurvey } from '../store/resurveys.ts';
import { clearFollowUpTimers, stopAsking } from './cancel-follow-ups.ts';
import { computeVerdict } from './compute-verdict.ts';
import { answerResurvey } from './resurvey.ts';

/**
 * Stores a person's answers from a survey page. Until the answer window ends the last answer counts. A mail about
 * several cases has one page; field names of further cases begin with the id of their follow-up.
 */
export function answerFollowUp(core: Core, id: string, form: Map<string, string>): SurveySubmissionResult {
  const again = findResurvey(core.sql, id);
  if (again) return answerResurvey(core, again, form);
  const open = listFollowUpsInMail(core, id).filter(({ followUp, caseRecord }) =>
    isOpenForAnswers(core, followUp, caseRecord),
  );
  const read = open.map(({ followUp, caseRecord, survey }) => {
    const own = followUp.id === id ? form : selectFollowUpFields(form, followUp.id);
    const questions = fillSurveyOptions(survey, core.settings.workspace, caseRecord.team);
    // On a page about several cases a person may leave some out.
    const isLeft = open.length > 1 && !own.get(questions.questions[0]?.id ?? '');
    return { followUp, result: isLeft ? null : readPostedAnswers(questions, own) };
  });
  const answered = read.filter(({ result }) => result !== null);
  const problems = answered.flatMap(({ followUp, result }) =>
    result && 'problems' in result
      ? result.problems.map(({ field, message }) => ({ field: buildAnswerFieldName(id, followUp.id, field), message }))
      : [],
  );
  if (open.length === 0) return { status: 'closed' };
  if (answered.length === 0)
    return {
      status: 'invalid',
      problems: [{ field: 'resolved', message: 'Please answer for one of them.' }],
    };
  if (problems.length > 0) return { status: 'invalid', problems };
  for (const { followUp, result } of answered)
    if (result && 'answers' in result) recordAnswers(core, followUp, result.answers, 'the survey page');
  return { status: 'thanks' };
}

/** Field name on the page of one mail; for a further case it begins with the id of its follow-up. */
export const buildAnswerFieldName = (leader: string, followUp: string, question: string): string =>
  followUp === leader ? question : `${followUp}.${question}`;

function selectFollowUpFields(form: Map<string, string>, followUp: string): Map<string, string> {
  const prefix = `${followUp}.`;
  return new Map(
    [...form].flatMap(([name, value]): [string, string][] =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

export interface FollowUpInMail {
  followUp: FollowUp;
  caseRecord: Case;
  survey: FollowUpSurvey;
}

/** All follow-ups of one mail, first the one that the link names. */
export function listFollowUpsInMail(core: Core, id: string): FollowUpInMail[] {
  return followUpsOfMail(core.sql, id).flatMap((followUp) => {
    const survey = core.settings.surveys.get(followUp.survey);
    const caseRecord = findCase(core.sql, followUp.caseId);
    return survey && caseRecord ? [{ followUp, caseRecord, survey }] : [];
  });
}

/** A customer is asked about the newest closing only; a closer may still answer for an older one. */
export function isOpenForAnswers(core: Core, followUp: FollowUp, caseRecord: Case): boolean {
  if (followUp.state !== 'sent' && followUp.state !== 'answered') return false;
  if (followUp.expiresAt !== null && followUp.expiresAt <= core.clock.now()) return false;
  return followUp.kind === 'closer' || (followUp.generation === caseRecord.generation && caseRecord.loop !== 'working');
}

/** Stores a closer's answer by a command in a comment. No earlier mail is needed. */
export function storeCloserAnswerByCommand(
  core: Core,
  caseRecord: Case,
  person: string,
  answers: Record<string, string>,
  evidence: string,
): void {
  const generation =
    caseRecord.loop === 'working' && caseRecord.generation > 1 ? caseRecord.generation - 1 : caseRecord.generation;
  const existing = followUpsOfCase(core.sql, caseRecord.id, generation).find(
    (entry) => entry.kind === 'closer' && entry.person === person,
  );
  const id = existing?.id ?? deriveId(core.keys, 'f', caseRecord.id, String(generation), 'closer', person);
  if (!existing) {
    const survey = core.settings.workspace['follow-up']['closer-survey'];
    const why = 'answered by a comment';
    insertFollowUp(core.sql, {
      id,
      caseId: caseRecord.id,
      generation,
      kind: 'closer',
      person,
      survey,
      why,
      dueAt: core.clock.now(),
    });
  }
  const followUp = findFollowUp(core.sql, id);
  if (followUp) recordAnswers(core, followUp, answers, `a comment (${evidence})`);
}

function recordAnswers(core: Core, followUp: FollowUp, answers: Record<string, string>, via: string): void {
  const first = followUp.kind === 'customer' ? answers.resolved : answers.closed;
  updateFollowUp(core.sql, followUp.id, { state: 'answered', answeredAt: core.clock.now(), answers });
  clearFollowUpTimers(core, followUp.id);
  const who = followUp.kind === 'customer' ? 'customer' : followUp.person;
  record(core, followUp.caseId, `${followUp.kind} answered: ${first ?? 'no choice'}`, `through ${via}`, {
    who,
    evidence: followUp.id,
    generation: followUp.generation,
  });
  computeVerdict(
    core,
    followUp.caseId,
    followUp.generation,
    followUp.kind === 'customer' ? followUp.person : undefined,
  );
  if (followUp.kind === 'closer') elevateByRules(core, followUp.caseId, 'root-cause', 'blocker');
}

const optedOutReason = 'the customer asked for no more mail';

/** Opts a person out immediately and cancels waiting mails. Idempotent. */
export function unsubscribe(core: Core, followUpOrInvitationId: string): boolean {
  const invited = findInvitation(core.sql, followUpOrInvitationId) ?? findResurvey(core.sql, followUpOrInvitationId);
  if (invited) {
    optOut(core, invited.customerKey);
    stopAsking(core, findPersonOfCustomerKey(core, invited.customerKey).keys, optedOutReason);
    return true;
  }
  const followUp = findFollowUp(core.sql, followUpOrInvitationId);
  if (followUp?.kind !== 'customer') return false;
  const { address } = findAddressForCaseMail(core, followUp.caseId, followUp.person);
  const person = findPersonOfCustomerKey(core, followUp.person);
  if (!hasOptedOut(core, followUp.person, address)) {
    optOut(core, followUp.person, address);
    record(core, followUp.caseId, 'customer opted out of mail', 'by the link in a mail', {
      who: 'customer',
      evidence: followUp.id,
    });
  }
  stopAsking(core, person.keys, optedOutReason);
  return true;
}
