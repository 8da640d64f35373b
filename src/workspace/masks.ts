import type { Page } from '#domain/base/page.ts';
import * as json from '#domain/json/index.ts';
import { collectAttributes } from '#domain/settings/attributes.ts';
import { AppError, basics, type Case, type Core, store } from './kit.ts';
import type { ListQuery, list } from './queries/lists.ts';

type ListPage = ReturnType<typeof list>;
type Row = ListPage['items'][number];

type OnCase = Pick<Case, 'assignee' | 'loopOwner'>;

/** A mask for those who may not see customers, or on none of the cases that `listCases` names. */
const hiding =
  <Result, Values extends unknown[] = unknown[]>(
    mask: (result: Result, core: Core) => Result,
    listCases: (core: Core, result: Result, ...values: Values) => OnCase[] = () => [],
  ) =>
  (core: Core, viewer: basics.Viewer, result: Result, ...values: Values): Result =>
    basics.maySeeCustomers(core, viewer, ...listCases(core, result, ...values)) ? result : mask(result, core);

const listCase = (core: Core, caseId: string): OnCase[] =>
  [store.findCase(core.sql, caseId)].filter((own) => own !== null);

export const maskCaseForViewer = hiding(json.maskCase, (_, result) => [result]);

export const maskStrategicCaseForViewer = hiding(
  (result: json.StrategicCaseJson, core) =>
    json.maskStrategicCase(result, store.responseIdsOfCase(core.sql, result.id)),
  (core, { id }) => listCase(core, id),
);

export const maskListForViewer = (core: Core, viewer: basics.Viewer, { items, next }: ListPage): ListPage => ({
  items: basics.maySeeCustomers(core, viewer) ? items : items.map((item) => maskListRow(core, viewer, item)),
  next,
});

export const maskResponseForViewer = hiding(json.maskResponse);

type AboutResponse = { response: json.ResponseJson; comments?: json.ResponseJson['answers'] };

export const maskResponsesOfPage = <Item extends AboutResponse>(core: Core, viewer: basics.Viewer, page: Page<Item>) =>
  basics.maySeeCustomers(core, viewer) ? page : { ...page, items: page.items.map(maskItem) };

const maskItem = <Item extends AboutResponse>(item: Item): Item => {
  const { response, comments } = item;
  const masked = comments && { comments: json.maskResponse({ ...response, answers: comments }).answers };
  return { ...item, response: json.maskResponse(response), ...masked };
};

export const maskResponsesOfCase = hiding(
  (result: json.ResponseJson[]) => result.map(json.maskResponse),
  (core, _, caseId: string) => listCase(core, caseId),
);

export const maskDeliveryForViewer = hiding(
  (delivery: json.DeliveryDetail): json.DeliveryDetail => ({
    ...delivery,
    text: 'Only case managers see what was delivered.',
    fetched: null,
  }),
);

export const maskFollowUps = (
  core: Core,
  viewer: basics.Viewer,
  { items, next }: Page<json.FollowUpRow>,
): Page<json.FollowUpRow> => ({
  items: items.map((row) =>
    basics.maySeeCustomers(core, viewer, row) ? row : { ...row, customer: json.maskCustomerKey(row.customer) },
  ),
  next,
});

/** Refused deliveries tell how a source is attacked or set up, which is for admins. */
export const hideRefusals = <Source extends json.SourceJson>(
  core: Core,
  viewer: basics.Viewer,
  source: Source,
): Source =>
  viewer.kind === 'person' && !basics.hasAccess(core, viewer.person, 'admin') ? { ...source, refused: [] } : source;

/** Mails and calls are for people who see the customer, texts of the team for people who work on cases. */
export function hideMessages(
  core: Core,
  viewer: basics.Viewer,
  messages: json.CaseMessageJson[],
  caseId: string,
): json.CaseMessageJson[] {
  if (basics.maySeeCustomers(core, viewer, ...listCase(core, caseId))) return messages;
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

export const maskRowsForViewer = (core: Core, viewer: basics.Viewer, rows: json.CaseRowJson[]): json.CaseRowJson[] =>
  rows.map((row) => (basics.maySeeCustomers(core, viewer, row) ? row : json.maskCaseRow(row)));

function maskListRow(core: Core, viewer: basics.Viewer, row: Row): Row {
  if ('handle' in row) return maskCaseForViewer(core, viewer, row);
  if ('decisions' in row) return json.maskResponse(row);
  if ('isListed' in row) return json.maskCustomer(row);
  if ('customer' in row) return { ...row, customer: json.maskCustomerKey(row.customer) } as Row;
  return row;
}

export const maskCustomerForViewer = hiding(
  (customer: json.CustomerDetailsJson): json.CustomerDetailsJson => ({
    ...customer,
    ...json.maskCustomer(customer),
    linked: [],
    responses: customer.responses.map(json.maskResponse),
    cases: customer.cases.map(json.maskCase),
  }),
  (_, { cases }) => cases,
);
