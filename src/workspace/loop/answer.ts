import { derivedId } from '#domain/key.ts';
import { surveyFor } from '#domain/options.ts';
import { readAnswers } from '#domain/survey.ts';
import { elevateByRules } from '../cases/elevate.ts';
import { record } from '../cases/timeline.ts';
import type { Core } from '../core.ts';
import { type Case, findCase } from '../store/cases.ts';
import {
  type FollowUp,
  findFollowUp,
  followUpsOfCase,
  insertFollowUp,
  updateFollowUp,
} from '../store/follow-ups.ts';
import { findInvitation } from '../store/invitations.ts';
import { clearTimer } from '../store/schedule.ts';
import { hasOptedOut, optOut } from './opt-out.ts';
import { weigh } from './weigh.ts';

export type AnswerResult =
  | { status: 'thanks' }
  | { status: 'closed' }
  | { status: 'invalid'; problems: { field: string; message: string }[] };

/** Takes the answers that a person gave on a survey page. Until the window ends the last answer counts. */
export function answerFollowUp(core: Core, id: string, form: Map<string, string>): AnswerResult {
  const followUp = findFollowUp(core.sql, id);
  const survey = followUp && core.settings.surveys.get(followUp.survey);
  const found = followUp && findCase(core.sql, followUp.caseId);
  if (!followUp || !survey || !found || !isOpenForAnswers(core, followUp, found)) return { status: 'closed' };
  const read = readAnswers(surveyFor(survey, core.settings.workspace, found.team), form);
  if ('problems' in read) return { status: 'invalid', problems: read.problems };
  keepAnswers(core, followUp, read.answers, 'the survey page');
  return { status: 'thanks' };
}

/** A customer is asked about the newest closing only; a closer may still say what happened at an older one. */
export function isOpenForAnswers(core: Core, followUp: FollowUp, found: Case): boolean {
  if (followUp.state !== 'sent' && followUp.state !== 'answered') return false;
  if (followUp.expiresAt !== null && followUp.expiresAt <= core.clock.now()) return false;
  return followUp.kind === 'closer' || (followUp.generation === found.generation && found.loop !== 'working');
}

/** A closer answered by a command in a comment. Whoever closed need not have been asked by mail before. */
export function answerByCommand(
  core: Core,
  found: Case,
  person: string,
  answers: Record<string, string>,
  evidence: string,
): void {
  const generation =
    found.loop === 'working' && found.generation > 1 ? found.generation - 1 : found.generation;
  const existing = followUpsOfCase(core.sql, found.id, generation).find(
    (one) => one.kind === 'closer' && one.person === person,
  );
  const id = existing?.id ?? derivedId(core.keys, 'f', found.id, String(generation), 'closer', person);
  if (!existing) {
    const survey = core.settings.workspace['follow-up']['closer-survey'];
    const why = 'answered by a comment';
    insertFollowUp(core.sql, {
      id,
      caseId: found.id,
      generation,
      kind: 'closer',
      person,
      survey,
      why,
      dueAt: core.clock.now(),
    });
  }
  const followUp = findFollowUp(core.sql, id);
  if (followUp) keepAnswers(core, followUp, answers, `a comment (${evidence})`);
}

function keepAnswers(core: Core, followUp: FollowUp, answers: Record<string, string>, via: string): void {
  const first = followUp.kind === 'customer' ? answers.resolved : answers.closed;
  updateFollowUp(core.sql, followUp.id, { state: 'answered', answeredAt: core.clock.now(), answers });
  clearTimer(core.sql, 'follow-up', followUp.id);
  clearTimer(core.sql, 'reminder', followUp.id);
  clearTimer(core.sql, 'window', followUp.id);
  const who = followUp.kind === 'customer' ? 'customer' : followUp.person;
  record(core, followUp.caseId, `${followUp.kind} answered: ${first ?? 'no choice'}`, `through ${via}`, {
    who,
    evidence: followUp.id,
    generation: followUp.generation,
  });
  weigh(core, followUp.caseId, followUp.generation);
  if (followUp.kind === 'closer') elevateByRules(core, followUp.caseId, 'root-cause', 'blocker');
}

/** One click and it holds from now on; saying it again changes nothing. */
export function unsubscribe(core: Core, followUpId: string): boolean {
  const invited = findInvitation(core.sql, followUpId);
  if (invited) {
    optOut(core, invited.customerKey);
    return true;
  }
  const followUp = findFollowUp(core.sql, followUpId);
  if (followUp?.kind !== 'customer') return false;
  if (!hasOptedOut(core, followUp.person)) {
    optOut(core, followUp.person);
    record(core, followUp.caseId, 'customer opted out of mail', 'by the link in a mail', {
      who: 'customer',
      evidence: followUp.id,
    });
  }
  return true;
}
