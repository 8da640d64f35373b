import { AppError } from '#domain/base/errors.ts';
import type { CustomerDataExport, CustomerDetailsJson } from '#domain/json/people-json.ts';
import { toIsoText } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { listLinkedCustomers, readKeysOfPerson } from '../privacy/erase-person.ts';
import { listAsks } from '../store/asks.ts';
import { findCase } from '../store/cases.ts';
import { findCustomer, listKeysOfPerson } from '../store/customers.ts';
import {
  allResponsesOfCustomer,
  caseIdsOfCustomer,
  findCustomerKeyByRow,
  listDeliveryTextsToExport,
  mailRowsOfCustomer,
} from '../store/personal.ts';
import { findResponse } from '../store/responses.ts';
import {
  toCaseJson,
  toCustomerJson,
  toFollowUpJson,
  toInvitationJson,
  toResponseJson,
  toResurveyJson,
} from './serializers.ts';

const most = 100;

/**
 * One customer with the newest responses and cases.
 * @param id number of the row, because page addresses name nobody
 * @throws AppError for an unknown customer
 */
export function readCustomerDetail(core: Core, id: number): CustomerDetailsJson {
  const key = findCustomerKeyByRow(core.sql, id);
  const customer = key === null ? null : findCustomer(core.sql, key);
  if (key === null || !customer) throw new AppError('not-found', 'There is no such customer.');
  const keys = listKeysOfPerson(core.sql, key);
  return {
    ...toCustomerJson(core, customer),
    linked: listLinkedCustomers(core, key),
    responses: keys
      .flatMap((own) => allResponsesOfCustomer(core.sql, own))
      .sort((a, b) => a.content.submittedAt - b.content.submittedAt)
      .slice(-most)
      .reverse()
      .flatMap((response) => findResponse(core.sql, response.id) ?? [])
      .map((stored) => toResponseJson(core, stored)),
    cases: [...new Set(keys.flatMap((own) => caseIdsOfCustomer(core.sql, own)))]
      .flatMap((caseId) => findCase(core.sql, caseId) ?? [])
      .sort((a, b) => b.number - a.number)
      .slice(0, most)
      .map((caseRecord) => toCaseJson(core, caseRecord)),
  };
}

const iso = (at: unknown): string | null => (typeof at === 'number' ? toIsoText(at) : null);

/**
 * All data about one person, for handing over.
 * @param person customer key, or an address that a single customer has
 * @param others keys of linked customers who go along
 * @throws AppError for an unknown person, and for an address of several
 */
export function exportPerson(core: Core, person: string, others: string[] = []): CustomerDataExport {
  const keys = readKeysOfPerson(core, person, others);
  if (keys.length === 0) throw new AppError('not-found', 'No person has this key or address.');
  const ofAll = <Item>(entry: (key: string) => Item[]): Item[] => keys.flatMap(entry);
  const responses = ofAll((key) => allResponsesOfCustomer(core.sql, key).map(({ id }) => id));
  const ofPerson = { limit: Number.MAX_SAFE_INTEGER, keys };
  return {
    exportedAt: toIsoText(core.clock.now()),
    workspace: core.workspace,
    customers: ofAll((key) => {
      const customer = findCustomer(core.sql, key);
      if (!customer) return [];
      const { seq: _, updatedAt, ...attributes } = customer;
      return [{ ...attributes, updatedAt: toIsoText(updatedAt) }];
    }),
    responses: responses.flatMap((id) => {
      const stored = findResponse(core.sql, id);
      return stored ? [toResponseJson(core, stored)] : [];
    }),
    deliveries: responses.flatMap((id) =>
      listDeliveryTextsToExport(core.sql, id).map(({ at, ...delivery }) => ({ ...delivery, receivedAt: iso(at) })),
    ),
    cases: [...new Set(ofAll((key) => caseIdsOfCustomer(core.sql, key)))].flatMap((id) => {
      const caseRecord = findCase(core.sql, id);
      if (!caseRecord) return [];
      const { verdicts, addresses, followUps: _, responses: __, ...exported } = toCaseJson(core, caseRecord);
      // A strategic case has many customers, so only this person's part is exported.
      const isOwn = ({ customer }: { customer: string }) => keys.includes(customer);
      return [{ ...exported, addresses: addresses.filter(isOwn), verdicts: verdicts.filter(isOwn) }];
    }),
    followUps: listAsks(core.sql, ['customer'], ofPerson).map(toFollowUpJson),
    resurveys: listAsks(core.sql, ['resurvey'], ofPerson).map(toResurveyJson),
    invitations: listAsks(core.sql, ['invitation'], ofPerson).map(toInvitationJson),
    mails: ofAll((key) => mailRowsOfCustomer(core.sql, key).map(({ at, ...row }) => ({ ...row, at: iso(at) }))),
  };
}
