import type { CaseJson } from '#domain/json/case-json.ts';
import type { DeliveryDetail, ResponseJson } from '#domain/json/intake-json.ts';
import { maskCase, maskCustomer, maskKey, maskResponse, maskStrategic } from '#domain/json/mask.ts';
import type { CustomerDetail } from '#domain/json/people-json.ts';
import type { StrategicJson } from '#domain/json/strategic-json.ts';
import { seesCustomers, type Viewer } from './basics/viewer.ts';
import type { Core } from './core.ts';
import type { Operations, Rest } from './operations.ts';
import type { ListQuery } from './queries/lists.ts';
import { responsesOfCase } from './store/case-responses.ts';
import { findCase } from './store/cases.ts';

/** The part of an operation's result that a viewer may see. */
type Mask<Name extends keyof Operations> = (
  core: Core,
  viewer: Viewer,
  result: ReturnType<Operations[Name]>,
  ...values: Rest<Operations[Name]>
) => ReturnType<Operations[Name]>;

type Row = ReturnType<Operations['list']>['items'][number];

const maskedCase = (core: Core, viewer: Viewer, result: CaseJson): CaseJson =>
  seesCustomers(core, viewer, result) ? result : maskCase(result);

const maskedStrategic = (core: Core, viewer: Viewer, result: StrategicJson): StrategicJson =>
  seesCase(core, viewer, result.id) ? result : maskStrategic(result, responsesOfCase(core.sql, result.id));

function seesCase(core: Core, viewer: Viewer, caseId: string): boolean {
  const caseRecord = findCase(core.sql, caseId);
  return seesCustomers(core, viewer, ...(caseRecord ? [caseRecord] : []));
}

/**
 * The masks of operations whose results say who a customer is. An operation without a mask answers everybody who
 * may run it alike.
 */
export const masks: { [Name in keyof Operations]?: Mask<Name> } = {
  list: (core, viewer, { items, next }) => ({
    items: seesCustomers(core, viewer) ? items : items.map((item) => maskedRow(core, viewer, item)),
    next,
  }),
  case: maskedCase,
  response: (core, viewer, result) => (seesCustomers(core, viewer) ? result : maskResponse(result)),
  responsesOfCase: (core, viewer, result, caseId) =>
    seesCase(core, viewer, caseId) ? result : result.map(maskResponse),
  delivery: (core, viewer, result) => (seesCustomers(core, viewer) ? result : withoutText(result)),
  customer: maskedCustomer,
  followUpList: (core, viewer, { items, next }) => ({
    items: items.map((row) => (seesCustomers(core, viewer, row) ? row : { ...row, customer: maskKey(row.customer) })),
    next,
  }),
  mailsOfCase: (core, viewer, result, caseId) => (seesCase(core, viewer, caseId) ? result : null),

  openByHand: maskedCase,
  changeGoal: maskedCase,
  changeClock: maskedCase,
  acknowledge: maskedCase,
  snooze: maskedCase,
  markContacted: maskedCase,
  act: maskedCase,
  tickPlan: maskedCase,
  invite: maskedCase,
  revokeInvitation: maskedCase,
  writeToCustomer: maskedCase,
  decideClosing: maskedCase,
  setWhatChanged: maskedCase,
  endWaiting: maskedCase,

  strategicCase: maskedStrategic,
  elevate: maskedStrategic,
  decide: maskedStrategic,
  measure: maskedStrategic,
  nameDecisionOwner: maskedStrategic,
  linkRelatedCase: maskedStrategic,
};

/** A search would tell what the list of customers does not show. */
export const narrowed = (core: Core, viewer: Viewer, query: ListQuery): ListQuery =>
  seesCustomers(core, viewer) ? query : { ...query, search: '' };

function maskedRow(core: Core, viewer: Viewer, row: Row): Row {
  if ('handle' in row) return maskedCase(core, viewer, row);
  if ('decisions' in row) return maskResponse(row);
  if ('isListed' in row) return maskCustomer(row);
  if ('customer' in row) return { ...row, customer: maskKey(row.customer) } as Row;
  return row;
}

const withoutText = (delivery: DeliveryDetail): DeliveryDetail => ({
  ...delivery,
  text: 'Only case managers see what was delivered.',
  fetched: null,
});

function maskedCustomer(core: Core, viewer: Viewer, customer: CustomerDetail): CustomerDetail {
  if (seesCustomers(core, viewer, ...customer.cases)) return customer;
  return {
    ...customer,
    ...maskCustomer(customer),
    responses: customer.responses.map((response: ResponseJson) => maskResponse(response)),
    cases: customer.cases.map(maskCase),
  };
}
