import { isAnswerToCheck } from '#domain/json/loop-json.ts';
import { fillSurveyOptions } from '#domain/templates/options.ts';
import * as surveying from '#domain/templates/survey.ts';
import { elevateByRules } from '../cases/elevate.ts';
import { AppError, basics, type Case, type Core, store } from '../kit.ts';
import { isReopeningUnderWay } from '../tracker-requests/reopen.ts';
import { findRecipientLanguage } from './ask-mail.ts';
import { computeVerdict } from './compute-verdict.ts';
import { requestDecision } from './gates.ts';
import { findAddressOfAsk } from './recipient.ts';
import { deriveFollowUpId, findSurveyName } from './schedule.ts';
import { clearAskTimers, endMailTo } from './withdraw.ts';

/** Stores answers of a survey page, the last of which count; fields of further cases begin with a follow-up's id. */
export function answerAsk(core: Core, id: string, form: Map<string, string>): surveying.SurveySubmissionResult {
  const open = listAsksInMail(core, id).filter((asked) => isOpenForAnswers(core, asked));
  if (open.length === 0) return { status: 'closed' };
  const read = open.flatMap((asked) => {
    const { ask, survey } = asked;
    const isOwn = ask.id === id || (open[0] && basics.isSameReport(core, open[0], asked));
    const own = isOwn ? form : selectFieldsOfAsk(form, ask.id);
    const isLeft = open.length > 1 && !own.get(survey.questions[0]?.id ?? '');
    return isLeft ? [] : { ask, result: surveying.readPostedAnswers(survey, own) };
  });
  if (read.length === 0)
    return { status: 'invalid', problems: [{ field: 'resolved', message: 'Please answer for one of them.' }] };
  const problems = read.flatMap(({ ask, result }) =>
    'problems' in result
      ? result.problems.map(({ field, message }) => ({ field: buildAnswerFieldName(id, ask.id, field), message }))
      : [],
  );
  if (problems.length > 0) return { status: 'invalid', problems };
  for (const { ask, result } of read)
    if ('answers' in result)
      if (ask.kind !== 'resurvey' && comesWithMail(core, ask)) keepToCheck(core, ask, result.answers);
      else recordAnswers(core, ask, result.answers, 'the survey page');
  return { status: 'thanks' };
}

function comesWithMail(core: Core, { id, state, sentAt, mergedInto }: store.FollowUp): boolean {
  const mailedAt = Math.max(sentAt ?? 0, store.findLastMailTime(core.sql, mergedInto ?? id) ?? 0);
  return state === 'sent' && core.clock.now() - mailedAt < core.integrations.answerSettleMs;
}

function keepToCheck(core: Core, { id, kind, caseId, generation }: store.FollowUp, answers: Record<string, string>) {
  store.asks.update(core.sql, { id }, { answeredAt: core.clock.now(), answers });
  const first = kind === 'customer' ? answers.resolved : answers.closed;
  const why = `an answer (${first ?? 'no choice'}) came within seconds of its mail, as programs that check mail do; count it, or wait for a later one`;
  const caseRecord = store.findCase(core.sql, caseId);
  if (caseRecord?.generation === generation && caseRecord.needsPerson !== why) requestDecision(core, caseRecord, why);
}

/** Counts the answers of a case that are to be checked. @throws AppError where there is none */
export function countCheckedAnswers(core: Core, caseId: string, who: string): void {
  const caseRecord = basics.demandCase(core, caseId);
  const kept = store.followUps.list(core.sql, { caseId, generation: caseRecord.generation }).filter(isAnswerToCheck);
  if (kept.length === 0) throw new AppError('conflict', 'No answer of this case is to be checked.');
  const via = `the survey page, counted by ${basics.findPersonName(core, who) ?? who}`;
  for (const ask of kept) recordAnswers(core, ask, ask.answers ?? {}, via);
}

/** Acts on a customer's answer that was not corrected. */
export function settleAnswer(core: Core, id: string): void {
  const ask = store.findAsk(core.sql, id);
  if (ask?.kind === 'customer' && ask.state === 'answered')
    computeVerdict(core, ask.caseId, ask.generation, ask.person);
}

/** Field name on the page of one mail; for a further case it begins with the id of its follow-up. */
export const buildAnswerFieldName = (leader: string, ask: string, question: string): string =>
  ask === leader ? question : `${ask}.${question}`;

function selectFieldsOfAsk(form: Map<string, string>, ask: string): Map<string, string> {
  const prefix = `${ask}.`;
  const own = [...form].filter(([name]) => name.startsWith(prefix));
  return new Map(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

export interface AskInMail extends basics.Asked {
  ask: store.FollowUp | store.Resurvey;
  survey: surveying.FollowUpSurvey;
}

/** All asks of one mail, first the one that the link names. */
export function listAsksInMail(core: Core, id: string): AskInMail[] {
  const { surveys, workspace } = core.settings;
  return store.asksOfMail(core.sql, id).flatMap((ask) => {
    const caseRecord = store.findCase(core.sql, ask.caseId);
    const asked = surveys.get(findSurveyName(core, ask, caseRecord));
    if (ask.kind === 'invitation' || !asked) return [];
    const survey = surveying.translateSurvey(asked, findRecipientLanguage(core, ask));
    return [{ ask, caseRecord, survey: caseRecord ? fillSurveyOptions(survey, workspace, caseRecord.team) : survey }];
  });
}

/** A customer is asked about the newest closing only; a closer may still answer for an older one. */
export function isOpenForAnswers(core: Core, { ask, caseRecord }: basics.Asked): boolean {
  if (ask.state !== 'sent' && ask.state !== 'answered') return false;
  if (ask.expiresAt !== null && ask.expiresAt <= core.clock.now()) return false;
  if (ask.kind !== 'customer') return true;
  if (ask.generation !== caseRecord?.generation || caseRecord.loop === 'working') return false;
  return caseRecord.loop !== 'disputed' || !isReopeningUnderWay(core, caseRecord);
}

/** Stores a closer's answer by a command in a comment. No earlier mail is needed. */
export function storeCloserAnswerByCommand(
  core: Core,
  { id: caseId, loop, generation: current }: Case,
  person: string,
  answers: Record<string, string>,
  evidence: string,
): void {
  const generation = loop === 'working' && current > 1 ? current - 1 : current;
  const asked = { caseId, generation, kind: 'closer' as const, person };
  const id = deriveFollowUpId(core, asked);
  const survey = core.settings.workspace['follow-up']['closer-survey'];
  const now = core.clock.now();
  const why = 'answered by a comment';
  store.insertAsk(core.sql, { id, ...asked, survey, why, dueAt: now }, now);
  const ask = store.findAsk(core.sql, id);
  if (ask) recordAnswers(core, ask, answers, `a comment (${evidence})`);
}

function recordAnswers(core: Core, ask: store.Ask, answers: Record<string, string>, via: string): void {
  store.asks.update(core.sql, { id: ask.id }, { state: 'answered', answeredAt: core.clock.now(), answers });
  if (ask.caseId !== null && isAnswerToCheck(ask)) store.updateCase(core.sql, ask.caseId, { needsPerson: null });
  clearAskTimers(core, ask.id);
  if (ask.kind === 'resurvey') showResurveyAnswer(core, ask, answers);
  else if (ask.kind !== 'invitation') applyFollowUpAnswers(core, ask, answers, via);
}

function applyFollowUpAnswers(core: Core, followUp: store.FollowUp, answers: Record<string, string>, via: string) {
  const { id, kind, caseId, generation, person } = followUp;
  const isOfCustomer = kind === 'customer';
  const first = isOfCustomer ? answers.resolved : answers.closed;
  const who = isOfCustomer ? 'customer' : person;
  const facts = { who, evidence: id, generation };
  basics.record(core, caseId, `${kind} answered: ${first ?? 'no choice'}`, `through ${via}`, facts);
  const { answerSettleMs: settle } = core.integrations;
  // The customer may correct a no, so that nothing is reopened for a slip.
  if (isOfCustomer && first !== 'yes' && settle > 0) store.setTimer(core.sql, 'settle', id, core.clock.now() + settle);
  else computeVerdict(core, caseId, generation, isOfCustomer ? person : undefined);
  if (!isOfCustomer) elevateByRules(core, caseId, 'root-cause', 'blocker');
}

/** A "no" is shown on the newest case of the response, else in the triage, for a person to decide. It reopens nothing. */
function showResurveyAnswer(core: Core, { id, originId }: store.Resurvey, { resolved }: Record<string, string>): void {
  const newestCase = store.casesOfResponse(core.sql, originId).at(-1);
  if (!newestCase) {
    const says = resolved === 'partly' ? 'that it is resolved only in part' : 'no';
    const why = `Asked again, the respondent says ${says}`;
    if (resolved === 'yes') store.removeFromTriage(core.sql, originId, 'no');
    else store.putInTriage(core.sql, { responseId: originId, kind: 'no', why, at: core.clock.now() });
    return;
  }
  const facts = { who: 'customer', evidence: id };
  basics.record(core, newestCase.id, `asked again: ${resolved ?? 'no choice'}`, 'by the survey some time later', facts);
  const why = 'the customer says in a re-survey that it is not resolved; decide what follows';
  if (resolved !== 'yes') requestDecision(core, store.getCase(core.sql, newestCase.id), why);
}

/** Opts a person out immediately and cancels waiting mails. Idempotent. */
export function unsubscribe(core: Core, askId: string): boolean {
  const ask = store.findAsk(core.sql, askId);
  if (!ask || ask.kind === 'closer') return false;
  const { address } = findAddressOfAsk(core, ask);
  endMailTo(core, { person: ask.person, address, caseId: ask.caseId }, 'by the link in a mail', ask.id);
  return true;
}
