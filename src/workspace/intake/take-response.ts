import { AppError } from '#domain/base/errors.ts';
import { responseId } from '#domain/base/key.ts';
import { bounded, joined } from '#domain/integrations/incoming-issue.ts';
import type { IncomingResponse } from '#domain/integrations/survey-source.ts';
import { toFields, toValues } from '#domain/responses/customer.ts';
import { describe, learnFromResponse, needsDescription } from '#domain/responses/question.ts';
import { type Customer, type SurveyResponse, toResponse } from '#domain/responses/response.ts';
import { attributesOf } from '#domain/settings/attributes.ts';
import type { Core } from '../core.ts';
import { findCustomer, listedByEmail, writeToPerson } from '../store/customers.ts';
import { addForm } from '../store/forms.ts';
import { addQuestionChange, questionsOf, saveQuestion } from '../store/questions.ts';
import { findResponse, setDecisions, upsertResponse } from '../store/responses.ts';
import { applyTemplates } from './apply-templates.ts';
import { wantQuestions } from './source-calls.ts';
import { findLinkedAnswer, storeAnswer } from './take-answer.ts';

interface Origin {
  deliveryId: string;
  receivedAt: number;
  via: 'push' | 'back-fill';
}

/** Takes in one response from any path: stores it, learns its questions and customer, and applies the templates. */
export function storeResponse(
  core: Core,
  source: string,
  given: IncomingResponse,
  origin: Origin,
): { id: string; kept: 'new' | 'updated' | 'duplicate' } {
  const { sql } = core;
  const { form } = given;
  const id = responseId(core.keys, source, form, given.responseId);
  const before = given.adds ? (findResponse(sql, id)?.incoming ?? null) : null;
  const incoming = bounded(before ? joined(before, given) : given);
  addForm(sql, source, form, incoming.formTitle, origin.receivedAt);
  const known = questionsOf(sql, source, form);
  const isUnknown = needsDescription(incoming, known);
  const learned = learnFromResponse(known, incoming, incoming.submittedAt);
  for (const question of learned.questions) saveQuestion(sql, source, form, question);
  for (const change of learned.changes) addQuestionChange(sql, source, form, change);
  const undescribed = wantQuestions(core, source, form, isUnknown);
  for (const question of learned.questions) known.set(question.id, question);
  const { content, reported } = readIncoming(core, source, incoming, known);
  const linkedAnswer = findLinkedAnswer(core, source, incoming, content);
  const asked = linkedAnswer?.followUp?.kind === 'customer' ? linkedAnswer.followUp.person : null;
  const customerKey = asked ?? content.customer.key ?? id;
  const { deliveryId, receivedAt, via } = origin;
  const kept = upsertResponse(sql, { id, customerKey, receivedAt, content, incoming, deliveryId });
  if (kept === 'duplicate') return { id, kept };
  if (linkedAnswer) {
    const why = [storeAnswer(core, linkedAnswer, content)];
    setDecisions(sql, id, [{ template: linkedAnswer.survey, opened: false, why }], content.revision);
    return { id, kept };
  }
  writeToPerson(sql, customerKey, toValues(reported), {
    submittedAt: content.submittedAt,
    now: core.clock.now(),
  });
  applyTemplates(core, { id, customerKey, content }, { undescribed, isBackFilled: via === 'back-fill' });
  return { id, kept };
}

/**
 * Applies titles, aliases and the customer list to a response as its vendor's adapter read it.
 *
 * @returns the response, and what it reported about its customer
 */
export function readIncoming(
  core: Core,
  source: string,
  incoming: IncomingResponse,
  known = questionsOf(core.sql, source, incoming.form),
): { content: SurveyResponse; reported: Customer } {
  const { workspace } = core.settings;
  const settings = workspace.sources[source];
  if (!settings) throw new AppError('config', `source ${source} is no longer in the workspace file`);
  const content = toResponse(source, settings, describe(incoming, known), attributesOf(workspace));
  const reported = content.customer;
  const isByEmail = reported.key !== null && reported.key === reported.email;
  const key = (isByEmail && reported.email && listedByEmail(core.sql, reported.email)) || reported.key;
  return { content: { ...content, customer: withList(core, { ...reported, key }) }, reported };
}

function withList(core: Core, reported: Customer): Customer {
  const known = reported.key === null ? null : findCustomer(core.sql, reported.key);
  if (!known?.isListed) return reported;
  const fromList = Object.keys(known.from).filter((name) => known.from[name] === 'list');
  const values = new Map(Object.entries(toValues(known)));
  const own = Object.fromEntries(fromList.map((name) => [name, values.get(name)]));
  return { key: reported.key, ...toFields({ ...toValues(reported), ...own }), fromList };
}
