import { AppError } from '#domain/base/errors.ts';
import type { Page } from '#domain/base/page.ts';
import type { CaseShape } from '#domain/json/case-json.ts';
import type { DeliveryShape, ResponseShape } from '#domain/json/intake-json.ts';
import type {
  FollowUpShape,
  InvitationShape,
  MailShape,
  ResurveyShape,
  SurveyPage,
  SurveyPageQuestion,
} from '#domain/json/loop-json.ts';
import type { CustomerShape } from '#domain/json/people-json.ts';
import { surveyFor } from '#domain/templates/options.ts';
import { surveyIn } from '#domain/templates/survey.ts';
import { filled, fixedTexts } from '#domain/text/fixed-texts.ts';
import { answerText, explanationOf, isDeclined, whatWasDone } from '../basics/closing-explanation.ts';
import { renderWording } from '../basics/render-wording.ts';
import { type Access, accessOf } from '../basics/roles.ts';
import type { Core } from '../core.ts';
import { type AskedByMail, askedByMail, fieldName, isOpenForAnswers } from '../loop/answer.ts';
import { languageOf } from '../loop/language.ts';
import { resurveyPage } from '../loop/resurvey.ts';
import { wordingValues } from '../loop/wording-values.ts';
import { listCases } from '../store/case-lists.ts';
import { findCase } from '../store/cases.ts';
import { findCustomer, listCustomers } from '../store/customers.ts';
import { type DeliveryFilter, listDeliveries } from '../store/deliveries.ts';
import { listFollowUps } from '../store/follow-ups.ts';
import { listInvitations } from '../store/invitations.ts';
import { listMails, mailsToCustomers } from '../store/mails.ts';
import { findResponse, listResponses } from '../store/responses.ts';
import { findResurvey, listResurveys } from '../store/resurveys.ts';
import { customerShape } from './intake.ts';
import {
  caseShape,
  deliveryShape,
  followUpShape,
  invitationShape,
  mailShape,
  pageOf,
  responseShape,
  resurveyShape,
} from './serializers.ts';

export interface ListQuery {
  what:
    | 'cases'
    | 'responses'
    | 'deliveries'
    | 'follow-ups'
    | 'mails'
    | 'customers'
    | 'invitations'
    | 'resurveys';
  /** The `next` of the page before; null for the newest. */
  cursor: string | null;
  limit: number;
  /** Narrows a list of deliveries. */
  deliveries?: DeliveryFilter;
  /** A part of a customer's key, name or address. */
  search?: string;
}

/** What a page says of the workspace itself. */
export function about({ settings: { workspace } }: Core): {
  name: string;
  timeZone: string;
  people: Record<string, string>;
  access: Record<string, Access>;
} {
  return {
    name: workspace.name,
    timeZone: workspace['time-zone'],
    people: Object.fromEntries(Object.entries(workspace.people).map(([person, { name }]) => [person, name])),
    access: Object.fromEntries(
      Object.keys(workspace.people).map((person) => [person, accessOf(workspace, person)]),
    ),
  };
}

/** One page of a list, newest first. */
export function list(
  core: Core,
  { what, cursor, limit, deliveries, search }: ListQuery,
): Page<
  | CaseShape
  | ResponseShape
  | DeliveryShape
  | FollowUpShape
  | MailShape
  | CustomerShape
  | InvitationShape
  | ResurveyShape
> {
  const before = cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor);
  if (!Number.isSafeInteger(before))
    throw new AppError('invalid-input', 'cursor: is not a "next" of an earlier page');
  const { sql } = core;
  const more = limit + 1;
  switch (what) {
    case 'cases':
      return pageOf(
        listCases(sql, before, more),
        limit,
        ({ number }) => number,
        (row) => caseShape(core, row),
      );
    case 'responses':
      return pageOf(listResponses(sql, before, more), limit, ({ seq }) => seq, responseShape);
    case 'deliveries':
      return pageOf(listDeliveries(sql, before, more, deliveries), limit, ({ seq }) => seq, deliveryShape);
    case 'customers':
      return pageOf(listCustomers(sql, before, more, search ?? ''), limit, ({ seq }) => seq, customerShape);
    case 'follow-ups':
      return pageOf(listFollowUps(sql, before, more), limit, ({ seq }) => seq, followUpShape);
    case 'resurveys':
      return pageOf(listResurveys(sql, before, more), limit, ({ seq }) => seq, resurveyShape);
    case 'invitations':
      return pageOf(listInvitations(sql, before, more), limit, ({ seq }) => seq, invitationShape);
    case 'mails':
      return pageOf(listMails(sql, before, more), limit, ({ seq }) => seq, mailShape);
  }
}

export function oneCase(core: Core, id: string): CaseShape {
  const found = findCase(core.sql, id);
  if (!found) throw new AppError('not-found', 'There is no such case.');
  return caseShape(core, found);
}

const mostMails = 20;

export function mailsOfCase(core: Core, id: string): MailShape[] {
  return mailsToCustomers(core.sql, id, mostMails).map(mailShape);
}

export function oneResponse(core: Core, id: string): ResponseShape {
  const stored = findResponse(core.sql, id);
  if (!stored) throw new AppError('not-found', 'There is no such response.');
  return responseShape(stored);
}

/** What stands on a survey page: nothing about the cases but what the person asked may know. */
export function surveyPage(core: Core, followUpId: string): SurveyPage {
  const again = findResurvey(core.sql, followUpId);
  const page = again && resurveyPage(core, again);
  if (page) return page;
  const [first, ...rest] = askedByMail(core, followUpId);
  if (!first || first.followUp.id !== followUpId) throw new AppError('not-found', 'There is no such survey.');
  const { followUp, found } = first;
  const { workspace } = core.settings;
  const customer = followUp.kind === 'customer' ? findCustomer(core.sql, followUp.person) : null;
  const language = languageOf(core, followUp);
  const survey = surveyIn(first.survey, language);
  const texts = fixedTexts(survey.language);
  const values = wordingValues(core, { followUp, found }, { customer, language: survey.language });
  const isOpen = (one: AskedByMail) => isOpenForAnswers(core, one.followUp, one.found);
  const more = rest.filter(isOpen);
  const open = isOpen(first) ? [first, ...more] : more;
  const questionsOf = (one: AskedByMail): SurveyPageQuestion[] =>
    surveyFor(surveyIn(one.survey, language), workspace, one.found.team).questions.map(
      ({ id, type, label, required, options, ends }) => ({
        id: fieldName(followUpId, one.followUp.id, id),
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
    title: renderWording(survey.page.title, values),
    intro: renderWording(survey.page.intro, values),
    thanks: renderWording(survey.page.thanks, values),
    questions: isOpen(first) ? questionsOf(first) : [],
    more: more.map((one) => ({
      about: filled(texts.andAbout, { answer: answerText(core, one, survey.language) }),
      done: isDeclined(one.found) ? explanationOf(one.found) : whatWasDone(one.found, texts),
      questions: questionsOf(one),
    })),
    given: Object.fromEntries(
      open.flatMap((one) =>
        Object.entries(one.followUp.answers ?? {}).map(([id, value]) => [
          fieldName(followUpId, one.followUp.id, id),
          value,
        ]),
      ),
    ),
  };
}
