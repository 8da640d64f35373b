import { AppError, InvalidInputError } from '#domain/base/errors.ts';
import type { Page } from '#domain/base/page.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import type { DeliveryJson, ResponseJson } from '#domain/json/intake-json.ts';
import type {
  FollowUpJson,
  InvitationJson,
  MailJson,
  ResurveyJson,
  SurveyPage,
  SurveyPageQuestion,
} from '#domain/json/loop-json.ts';
import type { CustomerJson } from '#domain/json/people-json.ts';
import { type Attribute, collectAttributes, explainUnknownAttribute } from '#domain/settings/attributes.ts';
import { fillSurveyOptions } from '#domain/templates/options.ts';
import { translateSurvey } from '#domain/templates/survey.ts';
import { chooseFixedTexts, filled } from '#domain/text/fixed-texts.ts';
import { dayMs } from '#domain/time/units.ts';
import {
  describeWhatWasDone,
  hasDeclineExplanation,
  nameCaseForCustomer,
  readDeclineExplanation,
} from '../basics/closing-explanation.ts';
import { demandCase } from '../basics/demand-case.ts';
import { renderWordingOrDefault } from '../basics/render-wording.ts';
import { type Access, determineAccess } from '../basics/roles.ts';
import type { Core } from '../core.ts';
import { buildAnswerFieldName, type FollowUpInMail, isOpenForAnswers, listFollowUpsInMail } from '../loop/answer.ts';
import { buildResurveyPage } from '../loop/resurvey.ts';
import { buildWordingValues, findRecipientLanguage } from '../loop/wording-values.ts';
import { listCases } from '../store/case-lists.ts';
import { responseIdsOfCase } from '../store/case-responses.ts';
import { type AttributeFilter, findCustomer, listCustomers } from '../store/customers.ts';
import { type DeliveryFilter, listDeliveries } from '../store/deliveries.ts';
import { listFollowUps } from '../store/follow-ups.ts';
import { listInvitations } from '../store/invitations.ts';
import { listMails, mailsToCustomers } from '../store/mails.ts';
import { findResponse, listResponses } from '../store/responses.ts';
import { findResurvey, listResurveys } from '../store/resurveys.ts';
import {
  pageOf,
  toCaseJson,
  toCustomerJson,
  toDeliveryJson,
  toFollowUpJson,
  toInvitationJson,
  toMailJson,
  toResponseJson,
  toResurveyJson,
} from './serializers.ts';

export interface ListQuery {
  what: 'cases' | 'responses' | 'deliveries' | 'follow-ups' | 'mails' | 'customers' | 'invitations' | 'resurveys';
  /** Cursor: the `next` of the page before; null for the newest. */
  cursor: string | null;
  limit: number;
  deliveries?: DeliveryFilter;
  /** Part of a customer's key, name or address. */
  search?: string;
  /** Narrows lists of cases and customers. */
  attributes?: AttributeFilter;
  /** Narrows cases to the work of this person. */
  workOf?: string;
}

/**
 * The workspace as pages present it.
 *
 * @param _operation that the page leads to; viewers without the right to it are refused
 */
export function about(
  { settings: { workspace } }: Core,
  _operation: string | null,
): {
  name: string;
  timeZone: string;
  people: Record<string, string>;
  attributes: Record<string, Attribute>;
  access: Record<string, Access>;
} {
  return {
    name: workspace.name,
    timeZone: workspace['time-zone'],
    people: Object.fromEntries(Object.entries(workspace.people).map(([person, { name }]) => [person, name])),
    attributes: Object.fromEntries(collectAttributes(workspace)),
    access: Object.fromEntries(
      Object.keys(workspace.people).map((person) => [person, determineAccess(workspace, person)]),
    ),
  };
}

export function list(
  core: Core,
  { what, cursor, limit, deliveries, search, attributes = {}, workOf }: ListQuery,
): Page<
  CaseJson | ResponseJson | DeliveryJson | FollowUpJson | MailJson | CustomerJson | InvitationJson | ResurveyJson
> {
  const before = cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor);
  if (!Number.isSafeInteger(before)) throw new AppError('invalid-input', 'cursor: is not a "next" of an earlier page');
  checkAttributeFilter(core, attributes);
  const { sql } = core;
  const more = limit + 1;
  switch (what) {
    case 'cases':
      return pageOf(
        listCases(sql, before, more, { attributes, work: workOf === undefined ? null : describeWork(core, workOf) }),
        limit,
        ({ number }) => number,
        (row) => toCaseJson(core, row),
      );
    case 'responses':
      return pageOf(
        listResponses(sql, before, more),
        limit,
        ({ seq }) => seq,
        (row) => toResponseJson(core, row),
      );
    case 'deliveries':
      return pageOf(listDeliveries(sql, before, more, deliveries), limit, ({ seq }) => seq, toDeliveryJson);
    case 'customers':
      return pageOf(
        listCustomers(sql, before, more, { search: search ?? '', attributes }),
        limit,
        ({ seq }) => seq,
        (row) => toCustomerJson(core, row),
      );
    case 'follow-ups':
      return pageOf(listFollowUps(sql, before, more), limit, ({ seq }) => seq, toFollowUpJson);
    case 'resurveys':
      return pageOf(listResurveys(sql, before, more), limit, ({ seq }) => seq, toResurveyJson);
    case 'invitations':
      return pageOf(listInvitations(sql, before, more), limit, ({ seq }) => seq, toInvitationJson);
    case 'mails':
      return pageOf(listMails(sql, before, more), limit, ({ seq }) => seq, toMailJson);
  }
}

const unverifiedShownMs = 60 * dayMs;

const describeWork = ({ settings, clock }: Core, person: string) => ({
  person,
  teams: Object.entries(settings.workspace.teams).flatMap(([name, { managers }]) =>
    managers.includes(person) ? [name] : [],
  ),
  unverifiedSince: clock.now() - unverifiedShownMs,
});

/** @throws InvalidInputError naming the attribute that the workspace does not have */
function checkAttributeFilter(core: Core, filter: AttributeFilter): void {
  const attributes = collectAttributes(core.settings.workspace);
  for (const name of Object.keys(filter))
    if (!attributes.has(name)) {
      const message = explainUnknownAttribute(name, attributes);
      throw new InvalidInputError(`customer.${name}: ${message}`, [{ field: `customer.${name}`, message }]);
    }
}

export function readCaseJson(core: Core, id: string): CaseJson {
  return toCaseJson(core, demandCase(core, id));
}

const mostMailsShown = 20;

export function listMailsOfCase(core: Core, id: string): MailJson[] {
  return mailsToCustomers(core.sql, id, mostMailsShown).map(toMailJson);
}

/** The newest responses of a case, newest first. */
export function listNewestResponsesOfCase(core: Core, caseId: string, limit: number): ResponseJson[] {
  return responseIdsOfCase(core.sql, caseId)
    .slice(-limit)
    .toReversed()
    .flatMap((id) => findResponse(core.sql, id) ?? [])
    .map((stored) => toResponseJson(core, stored));
}

export function readResponseJson(core: Core, id: string): ResponseJson {
  const stored = findResponse(core.sql, id);
  if (!stored) throw new AppError('not-found', 'There is no such response.');
  return toResponseJson(core, stored);
}

/** The name and the language in which an unsubscribe page speaks. */
export function buildUnsubscribePage(core: Core, followUpId: string): { workspaceName: string; language: string } {
  const workspaceName = core.settings.workspace.name;
  try {
    return { workspaceName, language: buildSurveyPage(core, followUpId).language };
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return { workspaceName, language: 'en' };
    throw error;
  }
}

/** Content of a survey page. It reveals about the cases only what the recipient may know. */
export function buildSurveyPage(core: Core, followUpId: string): SurveyPage {
  const again = findResurvey(core.sql, followUpId);
  const page = again && buildResurveyPage(core, again);
  if (page) return page;
  const [first, ...rest] = listFollowUpsInMail(core, followUpId);
  if (!first || first.followUp.id !== followUpId) throw new AppError('not-found', 'There is no such survey.');
  const { followUp, caseRecord } = first;
  const { workspace } = core.settings;
  const customer = followUp.kind === 'customer' ? findCustomer(core.sql, followUp.person) : null;
  const language = findRecipientLanguage(core, followUp);
  const survey = translateSurvey(first.survey, language);
  const texts = chooseFixedTexts(survey.language);
  const values = buildWordingValues(core, { followUp, caseRecord }, { customer, language: survey.language });
  const isOpen = (asked: FollowUpInMail) => isOpenForAnswers(core, asked.followUp, asked.caseRecord);
  const more = rest.filter(isOpen);
  const open = isOpen(first) ? [first, ...more] : more;
  const buildPageQuestions = (asked: FollowUpInMail): SurveyPageQuestion[] =>
    fillSurveyOptions(translateSurvey(asked.survey, language), workspace, asked.caseRecord.team).questions.map(
      ({ id, type, label, required, options, ends }) => ({
        id: buildAnswerFieldName(followUpId, asked.followUp.id, id),
        type,
        label,
        required: required && open.length === 1,
        options,
        ends: ends ?? null,
      }),
    );
  return {
    state: open.length > 0 ? 'open' : 'closed',
    kind: followUp.kind,
    language: survey.language,
    workspaceName: workspace.name,
    title: renderWordingOrDefault(survey.questions[0]?.label ?? '', survey.page.title, values),
    intro: renderWordingOrDefault('', survey.page.intro, values),
    thanks: renderWordingOrDefault('', survey.page.thanks, values),
    questions: isOpen(first) ? buildPageQuestions(first) : [],
    more: more.map((asked) => ({
      about: filled(texts.furtherCaseHeading, { answer: nameCaseForCustomer(core, asked, survey.language) }),
      done: hasDeclineExplanation(asked.caseRecord)
        ? readDeclineExplanation(asked.caseRecord)
        : describeWhatWasDone(asked.caseRecord, texts),
      questions: buildPageQuestions(asked),
    })),
    given: Object.fromEntries(
      open.flatMap((asked) =>
        Object.entries(asked.followUp.answers ?? {}).map(([id, value]) => [
          buildAnswerFieldName(followUpId, asked.followUp.id, id),
          value,
        ]),
      ),
    ),
  };
}
