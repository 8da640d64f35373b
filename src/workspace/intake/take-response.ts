import { toAttributeValues, toCustomerFields } from '#domain/responses/customer.ts';
import { describe, learnQuestionsFromResponse, needsFormDescription } from '#domain/responses/question.ts';
import * as responses from '#domain/responses/response.ts';
import { listScores, longestScale } from '#domain/responses/unhappy.ts';
import { scoreKinds } from '#domain/settings/workspace-file.ts';
import { convertToFollowUpAnswers } from '#domain/templates/survey.ts';
import { followScores } from '../cases/watch-risks.ts';
import { AppError, type Core, collectAttributes, deriveResponseId, port, store, verifyToken } from '../kit.ts';
import { answerAsk } from '../loop/answer.ts';
import { applyTemplates } from './apply-templates.ts';
import { queueQuestionsFetch } from './source-calls.ts';
import { triageAgain } from './triage.ts';
import { findUnreadPart, notifyOfLostQuestions } from './unread-answers.ts';

interface SurveyAndAsk {
  survey: string;
  /** Null for a token that is not genuine. */
  ask: store.Ask | null;
}

/** The follow-up that a response answers by its case token; null for other responses. */
export function findAnsweredAsk(
  core: Core,
  source: string,
  incoming: port.IncomingResponse,
  content: responses.SurveyResponse,
): SurveyAndAsk | null {
  for (const [survey, { via }] of core.settings.surveys) {
    const token = via?.source === source && responses.readRespondentField(via.token, incoming, content.answers);
    if (!token) continue;
    const read = verifyToken(core.keys, 'own-survey', token);
    const ask = read?.workspace === core.workspace ? store.findAsk(core.sql, read.subject) : null;
    return { survey, ask: ask?.survey === survey ? ask : null };
  }
  return null;
}

/** Takes a response with a genuine token as the answer to a follow-up. @returns the outcome, as a readable line */
function storeAnswerToAsk(core: Core, { survey: name, ask }: SurveyAndAsk, content: responses.SurveyResponse): string {
  const survey = core.settings.surveys.get(name);
  if (!ask || !survey) return 'its case token is not genuine: it counts as no answer';
  if (content.partial) return 'an answer to a follow-up that is not finished yet';
  const result = answerAsk(core, ask.id, convertToFollowUpAnswers(survey, content.answers));
  if (result.status === 'closed') return 'an answer to a follow-up that is no longer open';
  return result.status === 'thanks'
    ? `the answer to a follow-up (${ask.id})`
    : `an answer to a follow-up that cannot be read: ${result.problems.map(({ field, message }) => `${field}: ${message}`).join('; ')}`;
}

/** Takes in one response from any path: stores it, learns its questions and customer, and applies the templates. */
export function processResponse(core: Core, delivery: store.Delivery, given: port.IncomingResponse) {
  const { sql } = core;
  const { id: deliveryId, source, receivedAt } = delivery;
  const { form } = given;
  const id = deriveResponseId(core.keys, source, form, given.responseId);
  const isPushed = delivery.via === 'push';
  const before = given.adds || isPushed ? (store.findResponse(sql, id)?.incoming ?? null) : null;
  // A state without any answer, such as the event of a deletion, takes none away.
  if (before && !before.partial && before.answers.length > 0 && given.answers.length === 0 && !given.adds)
    return { id, kept: 'duplicate' as const };
  const dated = port.boundTimes(given, receivedAt, isPushed);
  const next = before ? (given.adds ? port.joined(before, dated) : port.replaced(before, dated)) : dated;
  // A copy of an earlier delivery that a later one replaced stays replaced.
  const isOldCopy =
    next !== dated && !given.adds && !(isPushed && delivery.fetched) && store.isCopy(sql, deliveryId, id);
  const incoming = port.bounded(isOldCopy ? dated : next);
  const isFormKnown = store.forms.find(sql, { source, form }) !== null;
  const receivedFrom = isFormKnown ? receivedAt : store.findOldestUnreadTime(sql, source, receivedAt);
  store.addForm(sql, source, form, incoming.formTitle, receivedFrom);
  const known = store.questionsOf(sql, source, form);
  const hasUnknownQuestions = needsFormDescription(incoming, known);
  const learned = learnQuestionsFromResponse(known, incoming, incoming.submittedAt);
  const hasLongerScale = learned.questions.some(({ id: question, highest }) => {
    const former = known.get(question)?.highest ?? 0;
    return highest > former && former <= longestScale;
  });
  for (const question of learned.questions) store.questions.put(sql, { source, form, ...question });
  for (const change of learned.changes) store.questionChanges.insert(sql, { source, form, ...change });
  queueQuestionsFetch(core, source, form, hasUnknownQuestions);
  const undescribed = findUnreadPart(core, source, incoming, hasUnknownQuestions) !== null;
  for (const question of learned.questions) known.set(question.id, question);
  const { content, reported } = applySettingsToResponse(core, source, incoming, known);
  const answered = findAnsweredAsk(core, source, incoming, content);
  const asked = answered?.ask && answered.ask.kind !== 'closer' ? answered.ask.person : null;
  const customerKey = asked ?? content.customer.key ?? id;
  const isFeedback = answered === null && !content.partial;
  const row = { id, customerKey, receivedAt, content, incoming, deliveryId, isFeedback };
  const kept = store.upsertResponse(sql, row);
  if (kept === 'duplicate') return { id, kept };
  if (answered) {
    const why = [storeAnswerToAsk(core, answered, content)];
    const decisions = [{ template: answered.survey, opened: false, why }];
    store.responses.update(sql, { id }, { decisions, decidedRevision: content.revision });
    return { id, kept };
  }
  if (storeScores(core, id, content)) followScores(core, customerKey);
  const times = { submittedAt: content.submittedAt, now: core.clock.now() };
  store.addReportedAttributes(sql, customerKey, toAttributeValues(reported), times);
  if (isPushed) notifyOfLostQuestions(core, source, incoming);
  applyTemplates(core, { id, customerKey, content }, { undescribed, isBackFilled: !isPushed });
  if (hasLongerScale) triageAgain(core, source, form);
  return { id, kept };
}

/** Stores the scores of a response that reports count. @returns whether there are some */
export function storeScores({ sql, settings }: Core, id: string, content: responses.SurveyResponse): boolean {
  const { source, form, submittedAt: at } = content;
  const wanted = settings.workspace.sources[source]?.scores ?? {};
  if (content.partial || Object.keys(wanted).length === 0) return false;
  const scores = scoreKinds.flatMap((kind) => {
    const alias = wanted[kind];
    const given = listScores(content).find(({ answer }) => alias !== undefined && responses.hasAlias(answer, alias));
    return given ? [{ kind, at, source, form, question: given.answer.question.id, score: given.score }] : [];
  });
  store.putScores(sql, id, scores);
  return scores.length > 0;
}

/** Applies titles, aliases and the customer list. @returns the response, and what it reported about its customer */
export function applySettingsToResponse(
  core: Core,
  source: string,
  incoming: port.IncomingResponse,
  known = store.questionsOf(core.sql, source, incoming.form),
): { content: responses.SurveyResponse; reported: responses.Customer } {
  const { workspace } = core.settings;
  const settings = workspace.sources[source];
  if (!settings) throw new AppError('config', `source ${source} is no longer in the workspace file`);
  const content = responses.toSurveyResponse(source, settings, describe(incoming, known), collectAttributes(workspace));
  const reported = content.customer;
  const isKeyedByEmail = reported.key !== null && reported.key.toLowerCase() === reported.email?.toLowerCase();
  const key =
    (isKeyedByEmail && reported.email && store.findListedCustomerKeyByEmail(core.sql, reported.email)) || reported.key;
  return { content: { ...content, customer: mergeCustomerListValues(core, { ...reported, key }) }, reported };
}

function mergeCustomerListValues(core: Core, reported: responses.Customer): responses.Customer {
  const known = store.findCustomer(core.sql, reported.key);
  if (!known?.isListed) return reported;
  const fromList = Object.keys(known.from).filter((name) => known.from[name] === 'list');
  const values = new Map(Object.entries(toAttributeValues(known)));
  const own = Object.fromEntries(fromList.map((name) => [name, values.get(name)]));
  return { key: reported.key, ...toCustomerFields({ ...toAttributeValues(reported), ...own }), fromList };
}
