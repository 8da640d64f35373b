import type { CaseJson } from '#domain/json/case-json.ts';
import type { DeliveryDetail, ResponseJson } from '#domain/json/intake-json.ts';
import { maskCase, maskCustomer, maskCustomerKey, maskResponse, maskStrategicCase } from '#domain/json/mask.ts';
import type { CustomerDetailsJson } from '#domain/json/people-json.ts';
import type { StrategicCaseJson } from '#domain/json/strategic-json.ts';
import { maySeeCustomers, type Viewer } from './basics/viewer.ts';
import type { Core } from './core.ts';
import type { Operations, Rest } from './operations.ts';
import type { ListQuery } from './queries/lists.ts';
import { responseIdsOfCase } from './store/case-responses.ts';
import { findCase } from './store/cases.ts';

/** The part of an operation's result that a viewer may see. */
type Mask<Name extends keyof Operations> = (
  core: Core,
  viewer: Viewer,
  result: ReturnType<Operations[Name]>,
  ...values: Rest<Operations[Name]>
) => ReturnType<Operations[Name]>;

type Row = ReturnType<Operations['list']>['items'][number];

const maskCaseForViewer = (core: Core, viewer: Viewer, result: CaseJson): CaseJson =>
  maySeeCustomers(core, viewer, result) ? result : maskCase(result);

const maskStrategicCaseForViewer = (core: Core, viewer: Viewer, result: StrategicCaseJson): StrategicCaseJson =>
  maySeeCustomersOfCase(core, viewer, result.id)
    ? result
    : maskStrategicCase(result, responseIdsOfCase(core.sql, result.id));

function maySeeCustomersOfCase(core: Core, viewer: Viewer, caseId: string): boolean {
  const caseRecord = findCase(core.sql, caseId);
  return maySeeCustomers(core, viewer, ...(caseRecord ? [caseRecord] : []));
}

/**
 * The masks of operations whose results say who a customer is. An operation without a mask answers everybody who
 * may run it alike.
 */
export const masks: { [Name in keyof Operations]?: Mask<Name> } = {
  list: (core, viewer, { items, next }) => ({
    items: maySeeCustomers(core, viewer) ? items : items.map((item) => maskListRow(core, viewer, item)),
    next,
  }),
  case: maskCaseForViewer,
  response: (core, viewer, result) => (maySeeCustomers(core, viewer) ? result : maskResponse(result)),
  responsesOfCase: (core, viewer, result, caseId) =>
    maySeeCustomersOfCase(core, viewer, caseId) ? result : result.map(maskResponse),
  delivery: (core, viewer, result) => (maySeeCustomers(core, viewer) ? result : hideDeliveryText(result)),
  customer: maskCustomerForViewer,
  followUpList: (core, viewer, { items, next }) => ({
    items: items.map((row) =>
      maySeeCustomers(core, viewer, row) ? row : { ...row, customer: maskCustomerKey(row.customer) },
    ),
    next,
  }),
  mailsOfCase: (core, viewer, result, caseId) => (maySeeCustomersOfCase(core, viewer, caseId) ? result : null),

  openByHand: maskCaseForViewer,
  changeGoal: maskCaseForViewer,
  changeClock: maskCaseForViewer,
  acknowledge: maskCaseForViewer,
  snooze: maskCaseForViewer,
  markContacted: maskCaseForViewer,
  act: maskCaseForViewer,
  tickPlan: maskCaseForViewer,
  invite: maskCaseForViewer,
  revokeInvitation: maskCaseForViewer,
  writeToCustomer: maskCaseForViewer,
  decideClosing: maskCaseForViewer,
  setWhatChanged: maskCaseForViewer,
  endWaiting: maskCaseForViewer,

  strategicCase: maskStrategicCaseForViewer,
  decide: maskStrategicCaseForViewer,
  measure: maskStrategicCaseForViewer,
  nameDecisionOwner: maskStrategicCaseForViewer,
};

/** A search would tell what the list of customers does not show. */
export const narrowed = (core: Core, viewer: Viewer, query: ListQuery): ListQuery =>
  maySeeCustomers(core, viewer) ? query : { ...query, search: '' };

function maskListRow(core: Core, viewer: Viewer, row: Row): Row {
  if ('handle' in row) return maskCaseForViewer(core, viewer, row);
  if ('decisions' in row) return maskResponse(row);
  if ('isListed' in row) return maskCustomer(row);
  if ('customer' in row) return { ...row, customer: maskCustomerKey(row.customer) } as Row;
  return row;
}

const hideDeliveryText = (delivery: DeliveryDetail): DeliveryDetail => ({
  ...delivery,
  text: 'Only case managers see what was delivered.',
  fetched: null,
});

function maskCustomerForViewer(core: Core, viewer: Viewer, customer: CustomerDetailsJson): CustomerDetailsJson {
  if (maySeeCustomers(core, viewer, ...customer.cases)) return customer;
  return {
    ...customer,
    ...maskCustomer(customer),
    responses: customer.responses.map((response: ResponseJson) => maskResponse(response)),
    cases: customer.cases.map(maskCase),
  };
}
