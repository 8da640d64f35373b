import { type RiskJson, riskTexts } from '#domain/reports/risk.ts';
import { AppError, basics, type Case, type Core, collectAttributes, json, type Page, store } from './kit.ts';
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

/** Masks each item of a page whose customers the viewer may not see; `own` names its case. */
const maskEach = <Item>(
  core: Core,
  viewer: basics.Viewer,
  page: Page<Item>,
  mask: (item: Item) => Item,
  own: (item: Item) => OnCase[] = () => [],
): Page<Item> => ({
  ...page,
  items: page.items.map((item) => (basics.maySeeCustomers(core, viewer, ...own(item)) ? item : mask(item))),
});

export const maskListForViewer = (core: Core, viewer: basics.Viewer, page: ListPage): ListPage =>
  maskEach(core, viewer, page, maskListRow, (row) => ('handle' in row ? [row] : []));

export const maskResponseForViewer = hiding(json.maskResponse);

type AboutResponse = { response: json.ResponseJson; comments?: json.ResponseJson['answers'] };

export const maskResponsesOfPage = <Item extends AboutResponse>(core: Core, viewer: basics.Viewer, page: Page<Item>) =>
  maskEach(core, viewer, page, maskItem);

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

export const maskFollowUps = (core: Core, viewer: basics.Viewer, page: Page<json.FollowUpRow>) =>
  maskEach(
    core,
    viewer,
    page,
    (row) => json.maskRow(row),
    (row) => [row],
  );

export const maskCustomers = <Row extends { customer: string; name: string | null }>(
  core: Core,
  viewer: basics.Viewer,
  page: Page<Row>,
) => maskEach(core, viewer, page, (row) => ({ ...json.maskRow(row), ...maskReasons(row) }));

/** The day of a renewal would tell who a customer is. */
const maskReasons = ({ reasons }: Partial<RiskJson>) =>
  reasons && {
    reasons: reasons.map((each) =>
      each.reason === 'renewal-near' ? { ...each, why: riskTexts['renewal-near'] } : each,
    ),
  };

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

function maskListRow(row: Row): Row {
  if ('handle' in row) return json.maskCase(row);
  if ('decisions' in row) return json.maskResponse(row);
  return 'isListed' in row ? json.maskCustomer(row) : 'customer' in row ? json.maskRow(row) : row;
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
