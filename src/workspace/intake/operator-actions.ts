import { readCsvTable } from '#domain/base/csv.ts';
import { readCustomers } from '#domain/responses/customer-file.ts';
import { AppError, basics, type Core, collectAttributes, readInstant, store } from '../kit.ts';
import { planBackFill } from './back-fill.ts';

export function toDeliveryFilter(core: Core, { after, before, ...query }: store.DeliveryFilter<string> = {}) {
  const zone = core.settings.workspace['time-zone'];
  const read = (text: string | undefined) => (text ? readInstant(text, zone) : undefined);
  return { ...query, after: read(after), before: read(before) };
}

/** Replays deliveries that were set aside: all that match, or one by id. */
export function replay(core: Core, filter: store.DeliveryFilter<string>): { replayed: number } {
  if (filter.id !== undefined) {
    const delivery = store.deliveries.find(core.sql, { id: filter.id });
    if (!delivery) throw new AppError('not-found', 'There is no such delivery.');
    if (delivery.outcome !== 'set-aside')
      throw new AppError('conflict', 'Only a delivery that was set aside can be replayed.');
  }
  const { outcome: _, ...rest } = toDeliveryFilter(core, filter);
  return { replayed: store.replaySetAsideDeliveries(core.sql, rest) };
}

/** A source that takes responses now. */
export function demandSource({ settings, integrations }: Core, source: string) {
  const known = integrations.source(source);
  const names = Object.keys(settings.workspace.sources).join(', ');
  if (!known || known.removed) throw new AppError('not-found', `There is no source ${source}. There are: ${names}.`);
  if (known.paused) throw new AppError('conflict', 'The source is paused; resume it in the workspace file.');
  return known;
}

/** Starts a back-fill of a source since an instant. @throws AppError when the source has no API to ask */
export function requestBackFill(core: Core, source: string, { since, forms }: { since: string; forms: string[] }) {
  if (!demandSource(core, source).hasApi)
    throw new AppError('conflict', 'The survey tool of this source has no API that could be asked.');
  const asked = planBackFill(core, source, readInstant(since, core.settings.workspace['time-zone']), forms);
  if (asked.length === 0)
    basics.refuseField('forms', 'are unknown yet; name the forms by their ids in the survey tool');
  return { forms: asked };
}

export type CustomerList = Uint8Array | Record<string, unknown>[];

/** Takes over rows of the customer list, one step each; idempotent, because an interrupted list is sent again. */
export function* storeCustomerList(core: Core, list: CustomerList, who: string) {
  const attributes = collectAttributes(core.settings.workspace);
  const customers = yield* readCustomers(Array.isArray(list) ? list : yield* readCsvTable(list), attributes);
  const now = core.clock.now();
  basics.audit(core, { who, what: 'customer list imported', details: `${customers.length} customers` });
  for (const customer of customers) {
    store.storeListedCustomer(core.sql, customer, now);
    yield;
  }
  return { customers: customers.length };
}
