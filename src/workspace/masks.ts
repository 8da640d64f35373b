import type { Page } from '#domain/base/page.ts';
import type { CaseJson, StrategicCaseJson } from '#domain/json/case-json.ts';
import type { CaseRowJson } from '#domain/json/case-row-json.ts';
import type { DeliveryDetail, ResponseJson, SourceJson } from '#domain/json/intake-json.ts';
import type { CaseMessageJson, FollowUpRow } from '#domain/json/loop-json.ts';
import {
  maskCase,
  maskCaseRow,
  maskCustomer,
  maskCustomerKey,
  maskResponse,
  maskStrategicCase,
} from '#domain/json/mask.ts';
import type { CustomerDetailsJson } from '#domain/json/people-json.ts';
import { collectAttributes } from '#domain/settings/attributes.ts';
import { AppError, basics, type Core, store } from './kit.ts';
import type { ListQuery, list } from './queries/lists.ts';

type ListPage = ReturnType<typeof list>;
type Row = ListPage['items'][number];

export const maskCaseForViewer = (core: Core, viewer: basics.Viewer, result: CaseJson): CaseJson =>
  basics.maySeeCustomers(core, viewer, result) ? result : maskCase(result);

export const maskStrategicCaseForViewer = (
  core: Core,
  viewer: basics.Viewer,
  result: StrategicCaseJson,
): StrategicCaseJson =>
  maySeeCustomersOfCase(core, viewer, result.id)
    ? result
    : maskStrategicCase(result, store.responseIdsOfCase(core.sql, result.id));

function maySeeCustomersOfCase(core: Core, viewer: basics.Viewer, caseId: string): boolean {
  const caseRecord = store.findCase(core.sql, caseId);
  return basics.maySeeCustomers(core, viewer, ...(caseRecord ? [caseRecord] : []));
}

export const maskListForViewer = (core: Core, viewer: basics.Viewer, { items, next }: ListPage): ListPage => ({
  items: basics.maySeeCustomers(core, viewer) ? items : items.map((item) => maskListRow(core, viewer, item)),
  next,
});

export const maskResponseForViewer = (core: Core, viewer: basics.Viewer, result: ResponseJson): ResponseJson =>
  basics.maySeeCustomers(core, viewer) ? result : maskResponse(result);

type AboutResponse = { response: ResponseJson; comments?: ResponseJson['answers'] };

export const maskResponsesOfPage = <Item extends AboutResponse>(core: Core, viewer: basics.Viewer, page: Page<Item>) =>
  basics.maySeeCustomers(core, viewer) ? page : { ...page, items: page.items.map(maskItem) };

const maskItem = <Item extends AboutResponse>(item: Item): Item => {
  const { response, comments } = item;
  const masked = comments && { comments: maskResponse({ ...response, answers: comments }).answers };
  return { ...item, response: maskResponse(response), ...masked };
};

export const maskResponsesOfCase = (core: Core, viewer: basics.Viewer, result: ResponseJson[], caseId: string) =>
  maySeeCustomersOfCase(core, viewer, caseId) ? result : result.map(maskResponse);

export const maskDeliveryForViewer = (core: Core, viewer: basics.Viewer, result: DeliveryDetail): DeliveryDetail =>
  basics.maySeeCustomers(core, viewer) ? result : hideDeliveryText(result);

export const maskFollowUps = (
  core: Core,
  viewer: basics.Viewer,
  { items, next }: Page<FollowUpRow>,
): Page<FollowUpRow> => ({
  items: items.map((row) =>
    basics.maySeeCustomers(core, viewer, row) ? row : { ...row, customer: maskCustomerKey(row.customer) },
  ),
  next,
});

/** Refused deliveries tell how a source is attacked or set up, which is for admins. */
export const hideRefusals = <Source extends SourceJson>(core: Core, viewer: basics.Viewer, source: Source): Source =>
  viewer.kind === 'person' && !basics.hasAccess(core, viewer.person, 'admin') ? { ...source, refused: [] } : source;

/** Mails and calls are for people who see the customer, texts of the team for people who work on cases. */
export function hideMessages(
  core: Core,
  viewer: basics.Viewer,
  messages: CaseMessageJson[],
  caseId: string,
): CaseMessageJson[] {
  if (maySeeCustomersOfCase(core, viewer, caseId)) return messages;
  const isWorker = viewer.kind === 'person' && basics.hasAccess(core, viewer.person, 'member');
  const shown = isWorker ? ['notice', 'tracker', 'page', 'note'] : ['notice'];
  return messages.filter(({ kind }) => shown.includes(kind));
}

/** @throws AppError for a filter by an attribute that the viewer reads masked */
export function demandShownAttributes(
  core: Core,
  viewer: basics.Viewer,
  { attributes = {} }: Partial<ListQuery>,
): void {
  if (basics.maySeeCustomers(core, viewer)) return;
  const known = collectAttributes(core.settings.workspace);
  const masked = Object.keys(attributes).find((name) => known.get(name)?.isPersonal);
  if (masked !== undefined)
    throw new AppError('forbidden', `customer.${masked} tells who a customer is, which only case managers may ask.`);
}

/** Query without filters by masked attributes, which would tell what a list does not show; AppError for one. */
export function narrowed<Query extends Partial<ListQuery>>(core: Core, viewer: basics.Viewer, query: Query): Query {
  demandShownAttributes(core, viewer, query);
  if (basics.maySeeCustomers(core, viewer)) return query;
  return { ...query, seesNames: false, ...(query.what === 'customers' && { search: '' }) };
}

export const maskRowsForViewer = (core: Core, viewer: basics.Viewer, rows: CaseRowJson[]): CaseRowJson[] =>
  rows.map((row) => (basics.maySeeCustomers(core, viewer, row) ? row : maskCaseRow(row)));

function maskListRow(core: Core, viewer: basics.Viewer, row: Row): Row {
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

export function maskCustomerForViewer(
  core: Core,
  viewer: basics.Viewer,
  customer: CustomerDetailsJson,
): CustomerDetailsJson {
  if (basics.maySeeCustomers(core, viewer, ...customer.cases)) return customer;
  return {
    ...customer,
    ...maskCustomer(customer),
    linked: [],
    responses: customer.responses.map((response: ResponseJson) => maskResponse(response)),
    cases: customer.cases.map(maskCase),
  };
}
