import { AppError, basics, type Case, collectAttributes, type Core, json, type Page, reports, store } from './kit.ts';
import type { CaseRow } from './queries/case-lists.ts';
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
  (core: Core, caller: basics.Caller, result: Result, ...values: Values): Result =>
    basics.maySeeCustomers(core, caller, ...listCases(core, result, ...values)) ? result : mask(result, core);

const listCase = (core: Core, caseId: string): OnCase[] =>
  [store.findCase(core.sql, caseId)].filter((own) => own !== null);

export const maskCaseForCaller = hiding(json.maskCase, (_, result) => [result]);

export const maskStrategicCaseForCaller = hiding(
  (result: json.StrategicCaseJson, core) =>
    json.maskStrategicCase(result, store.responseIdsOfCase(core.sql, result.id)),
  (core, { id }) => listCase(core, id),
);

/** Masks each item of a page whose customers the caller may not see; `own` names its case. */
const maskEach = <Item>(
  core: Core,
  caller: basics.Caller,
  page: Page<Item>,
  mask: (item: Item) => Item,
  own: (item: Item) => OnCase[] = () => [],
): Page<Item> => ({
  ...page,
  items: page.items.map((item) => (basics.maySeeCustomers(core, caller, ...own(item)) ? item : mask(item))),
});

export const maskListForCaller = (core: Core, caller: basics.Caller, page: ListPage): ListPage =>
  maskEach(core, caller, page, maskListRow, (row) => ('handle' in row ? [row] : []));

export const maskResponseForCaller = hiding(json.maskResponse);

type AboutResponse = { response: json.ResponseJson; comments?: json.ResponseJson['answers'] };

export const maskResponsesOfPage = <Item extends AboutResponse>(core: Core, caller: basics.Caller, page: Page<Item>) =>
  maskEach(core, caller, page, maskItem);

const maskItem = <Item extends AboutResponse>(item: Item): Item => {
  const { response, comments } = item;
  const masked = comments && { comments: json.maskResponse({ ...response, answers: comments }).answers };
  return { ...item, response: json.maskResponse(response), ...masked };
};

export const maskResponsesOfCase = hiding(
  (result: json.ResponseJson[]) => result.map(json.maskResponse),
  (core, _, caseId: string) => listCase(core, caseId),
);

export const maskDeliveryForCaller = hiding(
  (delivery: json.DeliveryDetail): json.DeliveryDetail => ({
    ...delivery,
    text: 'Only case managers see what was delivered.',
    fetched: null,
  }),
);

export const maskFollowUps = (core: Core, caller: basics.Caller, page: Page<json.FollowUpRow>) =>
  maskEach(core, caller, page, json.maskCustomer, (row) => [row]);

export const maskCustomers = <Row extends { customer: string; name: string | null }>(
  core: Core,
  caller: basics.Caller,
  page: Page<Row>,
) => maskEach(core, caller, page, (row) => ({ ...json.maskCustomer(row), ...maskReasons(row) }));

/** The day of a renewal would tell who a customer is. */
const maskReason = (each: reports.RiskJson['reasons'][number]) =>
  each.reason === 'renewal-near' ? { ...each, why: reports.riskTexts['renewal-near'] } : each;
const maskReasons = ({ reasons }: Partial<reports.RiskJson>) => reasons && { reasons: reasons.map(maskReason) };

/** Refused deliveries tell how a source is attacked or set up, which is for admins. */
export const hideRefusals = <Source extends json.SourceJson>(core: Core, caller: basics.Caller, source: Source) =>
  caller.kind === 'person' && !basics.hasAccess(core, caller.person, 'admin') ? { ...source, refused: [] } : source;

/** Mails and calls are for people who see the customer, texts of the team for people who work on cases. */
export function hideMessages(
  core: Core,
  caller: basics.Caller,
  messages: json.CaseMessageJson[],
  caseId: string,
): json.CaseMessageJson[] {
  if (basics.maySeeCustomers(core, caller, ...listCase(core, caseId))) return messages;
  const isWorker = caller.kind === 'person' && basics.hasAccess(core, caller.person, 'member');
  const shown = isWorker ? ['notice', 'tracker', 'page', 'note'] : ['notice'];
  return messages.filter(({ kind }) => shown.includes(kind));
}

/** @throws AppError for a filter by an attribute that the caller reads masked */
export function demandShownAttributes(core: Core, caller: basics.Caller, { attributes = {} }: Partial<ListQuery>) {
  if (basics.maySeeCustomers(core, caller)) return;
  const known = collectAttributes(core.settings.workspace);
  const masked = Object.keys(attributes).find((name) => known.get(name)?.isPersonal);
  if (masked !== undefined)
    throw new AppError('forbidden', `customer.${masked} tells who a customer is, which only case managers may ask.`);
}

/** Query without filters by masked attributes, which would tell what a list does not show; AppError for one. */
export function narrowed<Query extends Partial<ListQuery>>(core: Core, caller: basics.Caller, query: Query): Query {
  demandShownAttributes(core, caller, query);
  if (basics.maySeeCustomers(core, caller)) return query;
  return { ...query, seesNames: false, ...(query.what === 'customers' && { search: '' }) };
}

export const maskRowsForCaller = (core: Core, caller: basics.Caller, rows: CaseRow[]): CaseRow[] =>
  rows.map((row) => (basics.maySeeCustomers(core, caller, row) ? row : json.maskCaseRow(row)));

/** Kinds of mails whose subjects name no customer. */
const toColleagues = new Set(['notice', 'closer-survey', 'contributor', 'sign-in']);

function maskListRow(row: Row): Row {
  if ('handle' in row) return json.maskCase(row);
  if ('decisions' in row) return json.maskResponse(row);
  if ('subject' in row) return toColleagues.has(row.kind) ? row : { ...row, subject: '…' };
  return 'isListed' in row ? json.maskCustomer(row) : row;
}

export const maskCustomerForCaller = hiding(
  (customer: json.CustomerDetailsJson): json.CustomerDetailsJson => ({
    ...customer,
    ...json.maskCustomer(customer),
    linked: [],
    responses: customer.responses.map(json.maskResponse),
    cases: customer.cases.map(json.maskCase),
  }),
  (_, { cases }) => cases,
);
