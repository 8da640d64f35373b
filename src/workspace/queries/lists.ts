import type { Page } from '#domain/base/page.ts';
import type { CaseFilter } from '#domain/cases/case-list.ts';
import { collectAttributes } from '#domain/settings/attributes.ts';
import { findRespondents } from '#domain/settings/workspace-file.ts';
import { chooseFixedTexts, filled, formatDateInLanguage } from '#domain/text/fixed-texts.ts';
import { cut, isBlank, toShownLine } from '#domain/text/safe-text.ts';
import * as explanation from '../basics/closing-explanation.ts';
import { toDeliveryFilter } from '../intake/operator-actions.ts';
import { AppError, basics, type Core, type json, store } from '../kit.ts';
import { type AskInMail, buildAnswerFieldName, isOpenForAnswers, listAsksInMail } from '../loop/answer.ts';
import { buildWordingValues } from '../loop/ask-mail.ts';
import { checkAttributeFilter, demandSearchable, pageOfCases } from './case-lists.ts';
import * as present from './serializers.ts';

export interface ListQuery {
  what: 'cases' | 'responses' | 'deliveries' | 'follow-ups' | 'mails' | 'customers' | 'invitations' | 'resurveys';
  /** Cursor: the `next` of the page before; null for the newest. */
  cursor: string | null;
  limit: number;
  deliveries?: store.DeliveryFilter<string>;
  search?: string;
  seesNames?: boolean | undefined;
  attributes?: store.AttributeFilter;
  responses?: store.ResponseFilter;
  cases?: CaseFilter;
}

/** The workspace as pages present it; viewers without the right to the page's operation are refused. */
export function about({ sql, settings: { workspace, templates } }: Core, _operation: string | null) {
  return {
    name: workspace.name,
    timeZone: workspace['time-zone'],
    people: Object.fromEntries(Object.entries(workspace.people).map(([person, { name }]) => [person, name])),
    respondents: Object.fromEntries(
      Object.keys(workspace.sources).map((source) => [source, findRespondents(workspace, source)]),
    ),
    templates: Object.fromEntries([...templates].map(([template, { name }]) => [template, name])),
    attributes: Object.fromEntries(collectAttributes(workspace)),
    access: Object.fromEntries(
      Object.keys(workspace.people).map((person) => [person, basics.determineAccess(workspace, person)]),
    ),
    person: null as string | null,
    /** Operations that the person may run; forms of others are not shown. */
    may: [] as string[],
    isHeld: store.findHold(sql) !== null,
  };
}

export function list(
  core: Core,
  { what, cursor, limit, deliveries, search = '', seesNames, attributes = {}, cases, responses }: ListQuery,
): Page<
  | json.CaseJson
  | json.ResponseJson
  | json.DeliveryJson
  | json.FollowUpJson
  | json.MailJson
  | json.CustomerJson
  | json.InvitationJson
  | json.ResurveyJson
> {
  if (what === 'cases') {
    const page = pageOfCases(core, { show: 'all', ...cases, search, seesNames, attributes, cursor, limit });
    return { items: page.items.map((caseRecord) => present.toCaseJson(core, caseRecord)), next: page.next };
  }
  checkAttributeFilter(core, attributes);
  const { sql } = core;
  const page = <Row extends { seq: number }, Json>(
    read: (before: number, more: number) => Row[],
    toJson: (row: Row) => Json,
  ) => present.pageOf({ cursor, limit }, read, toJson);
  const asks = <Kind extends 'customer' | 'closer' | 'resurvey' | 'invitation', Json>(
    kinds: Kind[],
    toJson: (row: store.Ask & { kind: Kind }) => Json,
  ) => page((before, more) => store.listAsks(sql, kinds, { before, limit: more }), toJson);
  const rows = (kind: 'responses' | 'customers') =>
    search === '' ? undefined : store.searchRows(sql, kind, demandSearchable(search));
  switch (what) {
    case 'responses':
      return page(
        (before, more) => store.listResponses(sql, before, more, { rows: rows('responses'), ...responses, attributes }),
        (row) => present.toResponseJson(core, row),
      );
    case 'deliveries': {
      const filter = toDeliveryFilter(core, deliveries);
      return page((before, more) => store.listDeliveries(sql, before, more, filter), present.toDeliveryJson);
    }
    case 'customers':
      return page(
        (before, more) => store.listCustomers(sql, before, more, { rows: rows('customers'), attributes }),
        (row) => present.toCustomerJson(core, row),
      );
    case 'follow-ups':
      return asks(['customer', 'closer'], present.toFollowUpJson);
    case 'resurveys':
      return asks(['resurvey'], present.toResurveyJson);
    case 'invitations':
      return asks(['invitation'], present.toInvitationJson);
    case 'mails':
      return page((before, more) => store.mails.page(sql, {}, before, more), present.toMailJson);
  }
}

/** @param id or handle of a case */
export const readCaseJson = (core: Core, id: string): json.CaseJson =>
  present.toCaseJson(
    core,
    basics.demandCase(core, /^c-\d/i.test(id) ? (store.findCaseByHandle(core.sql, id)?.id ?? id) : id),
  );

/** The newest responses of a case, newest first. */
export const listNewestResponsesOfCase = (core: Core, caseId: string, limit: number): json.ResponseJson[] =>
  present.listResponsesById(core, store.responseIdsOfCase(core.sql, caseId).slice(-limit).toReversed());

export function readResponseJson(core: Core, id: string): json.ResponseJson {
  const [response] = present.listResponsesById(core, [id]);
  if (!response) throw new AppError('not-found', 'There is no such response.');
  return response;
}

/** The name and the language in which an unsubscribe page speaks. */
export function buildUnsubscribePage(core: Core, askId: string): { workspaceName: string; language: string } {
  const workspaceName = core.settings.workspace.name;
  try {
    return { workspaceName, language: buildSurveyPage(core, askId).language };
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return { workspaceName, language: 'en' };
    throw error;
  }
}

const mostAnswersRecalled = 4;
const longestAnswerRecalled = 300;

/** When a customer answered, and what, as the survey page reminds them; null where nothing is stored. */
export function recallAnswers(core: Core, id: string | null, language: string) {
  const content = store.findResponse(core.sql, id)?.content;
  const answers = (content?.answers ?? []).filter(({ text, type }) => !isBlank(text) && type !== 'file');
  if (!content || answers.length === 0) return null;
  const date = formatDateInLanguage(language, content.submittedAt, core.settings.workspace['time-zone']);
  return {
    when: filled(chooseFixedTexts(language).recall, { date }),
    answers: answers
      .slice(0, mostAnswersRecalled)
      .map(({ question, text }) => ({ question: toShownLine(question.title), text: cut(text, longestAnswerRecalled) })),
  };
}

function findResponseToRecall(core: Core, asked: AskInMail): string | null {
  if (asked.ask.kind === 'resurvey') return asked.ask.originId;
  return asked.ask.kind === 'closer' ? null : explanation.findResponseOfAsk(core, asked);
}

/** Content of a survey page. It reveals about the cases only what the recipient may know. */
export function buildSurveyPage(core: Core, askId: string) {
  const [first, ...rest] = listAsksInMail(core, askId);
  if (first?.ask.id !== askId) throw new AppError('not-found', 'There is no such survey.');
  const { ask, survey } = first;
  const { language, page } = survey;
  const texts = chooseFixedTexts(language);
  const values = buildWordingValues(core, first, language);
  const isOpen = (asked: AskInMail) => isOpenForAnswers(core, asked);
  const more = rest.filter((asked) => isOpen(asked) && !explanation.isSameReport(core, first, asked));
  const open = isOpen(first) ? [first, ...more] : more;
  const buildPageQuestions = (asked: AskInMail) =>
    asked.survey.questions.map(({ id, type, label, required, options, ends }) => ({
      id: buildAnswerFieldName(askId, asked.ask.id, id),
      type,
      label,
      required: required && open.length === 1,
      options,
      ends: ends ?? null,
    }));
  return {
    state: open.length > 0 ? ('open' as const) : ('closed' as const),
    kind: ask.kind === 'closer' ? ('closer' as const) : ('customer' as const),
    language,
    workspaceName: core.settings.workspace.name,
    title: basics.renderWordingOrDefault(survey.questions[0]?.label ?? '', page.title, values),
    intro: basics.renderWordingOrDefault('', page.intro, values),
    recall: recallAnswers(core, findResponseToRecall(core, first), language),
    thanks: basics.renderWordingOrDefault('', page.thanks, values),
    questions: isOpen(first) ? buildPageQuestions(first) : [],
    more: more.flatMap((asked) => {
      const { ask: other, caseRecord } = asked;
      if (!caseRecord) return [];
      const done = explanation.hasDeclineExplanation(caseRecord)
        ? explanation.readDeclineExplanation(caseRecord)
        : explanation.describeWhatWasDone(caseRecord, texts);
      const answer = explanation.nameCaseForCustomer(core, caseRecord, other.person, language);
      return { about: filled(texts.also, { answer }), done, questions: buildPageQuestions(asked) };
    }),
    given: Object.fromEntries(
      open.flatMap(({ ask: { id, answers } }) =>
        Object.entries(answers ?? {}).map(([question, value]) => [buildAnswerFieldName(askId, id, question), value]),
      ),
    ),
  };
}
