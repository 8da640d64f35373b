import type { CaseFilter } from '#domain/cases/case-list.ts';
import type { Days, PeriodQuery } from '#domain/reports/report.ts';
import { findBoundsOfDays } from '#domain/time/quiet-hours.ts';
import { toDeliveryFilter } from '../intake/operator-actions.ts';
import { basics, collectAttributes, type Core, findRespondents, json, type Page, store } from '../kit.ts';
import { checkAttributeFilter, demandSearchable, pageOfCases } from './case-lists.ts';
import * as present from './serializers.ts';

export interface ListQuery {
  what: 'cases' | 'responses' | 'deliveries' | 'mails' | 'customers';
  /** Cursor: the `next` of the page before; null for the newest. */
  cursor: string | null;
  limit: number;
  deliveries?: store.DeliveryFilter<string>;
  search?: string;
  seesNames?: boolean | undefined;
  attributes?: store.AttributeFilter;
  responses?: Omit<store.ResponseFilter, keyof Days> & Pick<PeriodQuery, keyof Days>;
  cases?: CaseFilter;
}

/** The workspace as pages present it; callers without the right to the page's operation are refused. */
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
  { what, cursor, limit, deliveries, search = '', seesNames, attributes = {}, cases, responses = {} }: ListQuery,
): Page<json.CaseJson | json.ResponseJson | json.DeliveryJson | json.MailJson | json.CustomerJson> {
  if (what === 'cases') {
    const page = pageOfCases(core, { show: 'all', ...cases, search, seesNames, attributes, cursor, limit });
    return { items: page.items.map((caseRecord) => present.toCaseJson(core, caseRecord)), next: page.next };
  }
  checkAttributeFilter(core, attributes);
  const { sql } = core;
  const page = { cursor, limit };
  const rows = (kind: 'responses' | 'customers') =>
    search === '' ? undefined : store.searchRows(sql, kind, demandSearchable(search));
  switch (what) {
    case 'responses': {
      const days = findBoundsOfDays(responses, core.settings.workspace['time-zone']);
      const filter = { ...responses, ...days, rows: rows('responses'), attributes };
      const read = (before: number, more: number) => store.listResponses(sql, before, more, filter);
      return present.pageOf(page, read, (row) => present.toResponseJson(core, row));
    }
    case 'deliveries': {
      const filter = toDeliveryFilter(core, deliveries);
      const read = (before: number, more: number) => store.listDeliveries(sql, before, more, filter);
      return present.pageOf(page, read, present.toDeliveryJson);
    }
    case 'customers':
      return present.pageOf(
        page,
        (before, more) => store.listCustomers(sql, before, more, { rows: rows('customers'), attributes }),
        (row) => present.toCustomerJson(core, row),
      );
    case 'mails':
      return present.pageOf(page, (before, more) => store.mails.page(sql, {}, more, before), present.toMailJson);
  }
}

/** @param id or handle of a case */
export function readCaseJson(core: Core, id: string): json.CaseJson {
  const named = /^c-\d/i.test(id) ? store.findCaseByHandle(core.sql, id) : null;
  return present.toCaseJson(core, named ?? basics.demandCase(core, id));
}

export const listNewestResponsesOfCase = (core: Core, caseId: string, limit: number): json.ResponseJson[] =>
  present.listResponsesById(core, store.listNewestResponseIds(core.sql, caseId, limit));

export const readResponseJson = (core: Core, id: string): json.ResponseJson =>
  present.toResponseJson(core, basics.demandResponse(core, id));

const most = 200;

const personalLink = /https?:\/\/\S+\/(?:s|u|a|c|f|sign-in)\/[^\s)]+/g;

/** What was written about a case beside its timeline. */
export function listMessagesOfCase(core: Core, caseId: string): json.CaseMessageJson[] {
  const { tracker } = basics.demandCase(core, caseId);
  const mails = store
    .mailsToCustomers(core.sql, caseId, most)
    .map(({ subject: title, fate, state, why, text, ...mail }) => ({
      ...mail,
      who: null,
      title,
      text: text?.replace(personalLink, '(personal link)') ?? null,
      state: [json.mailStateTexts[fate ?? state], why].filter(Boolean).join(': '),
    }));
  const notices = store.listNoticesOfCase(core.sql, caseId, most).map(({ id, at, headline: title, people }) => {
    const who = people
      .split(',')
      .map((person) => (person.includes('@') ? 'a watcher' : basics.findPersonName(core, person)));
    return { id, at, kind: 'notice', who: who.join(', '), title, text: null, state: null };
  });
  const comments = store.comments
    .list(core.sql, { caseId }, most)
    .map(({ kind, author, deletedAt, editedAt, ...comment }) => {
      const person = kind === 'tracker' ? (basics.findPersonByAccount(core, author, tracker) ?? author) : author;
      const state = deletedAt ? 'deleted there' : editedAt ? 'edited' : (replyStates[kind] ?? null);
      const who = kind.endsWith('reply') ? (author ?? 'erased') : basics.findPersonName(core, person);
      return { ...comment, kind, who: who ?? 'a program of the tracker', title: null, state };
    });
  return [...mails, ...notices, ...comments].map((message) => json.presentFields(json.CaseMessageJson, message));
}

const replyStates: Record<string, string> = {
  'other-reply': 'The sender is not proved to be the customer.',
  'automatic-reply': 'A program sent this.',
};
