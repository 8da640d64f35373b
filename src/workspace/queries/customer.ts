import { AppError, type Core, type json, store, toIsoText } from '../kit.ts';
import { listLinkedCustomers, readKeysOfPerson } from '../privacy/erase-person.ts';
import * as present from './serializers.ts';

const most = 100;

/** One customer with the newest responses and cases, by the row's number, because page addresses name nobody. */
export function readCustomerDetail(core: Core, id: number): json.CustomerDetailsJson {
  const key = store.findCustomerKeyByRow(core.sql, id);
  const customer = store.findCustomer(core.sql, key);
  if (key === null || !customer) throw new AppError('not-found', 'There is no such customer.');
  const keys = store.listKeysOfPerson(core.sql, key);
  return {
    ...present.toCustomerJson(core, customer),
    linked: listLinkedCustomers(core, key),
    responses: keys
      .flatMap((own) => store.responses.list(core.sql, { customerKey: own }))
      .sort((a, b) => a.content.submittedAt - b.content.submittedAt)
      .slice(-most)
      .reverse()
      .map((stored) => present.toResponseJson(core, stored)),
    cases: store
      .caseIdsOfCustomer(core.sql, keys)
      .flatMap((caseId) => store.findCase(core.sql, caseId) ?? [])
      .sort((a, b) => b.number - a.number)
      .slice(0, most)
      .map((caseRecord) => present.toCaseJson(core, caseRecord)),
  };
}

const iso = (at: unknown): string | null => (typeof at === 'number' ? toIsoText(at) : null);

/** All data about one person and the keys in `others`, for handing over. */
export function exportPerson(core: Core, person: string, others: string[] = []): json.CustomerDataExport {
  const keys = readKeysOfPerson(core, person, others);
  if (keys.length === 0) throw new AppError('not-found', 'No person has this key or address.');
  const ofAll = <Item>(entry: (key: string) => Item[]): Item[] => keys.flatMap(entry);
  const responses = ofAll((key) => store.responses.list(core.sql, { customerKey: key }).map(({ id }) => id));
  const caseIds = store.caseIdsOfCustomer(core.sql, keys);
  const { sql } = core;
  const addresses = ofAll((key) => store.listAddressesOfKey(core.sql, key).map((address) => address.toLowerCase()));
  const all = Number.MAX_SAFE_INTEGER;
  return {
    exportedAt: toIsoText(core.clock.now()),
    workspace: core.workspace,
    customers: ofAll((key) => {
      const customer = store.findCustomer(core.sql, key);
      if (!customer) return [];
      const { seq: _, updatedAt, ...attributes } = customer;
      return [{ ...attributes, updatedAt: toIsoText(updatedAt) }];
    }),
    responses: present.listResponsesById(core, responses),
    deliveries: responses.flatMap((id) =>
      store.deliveries.list(core.sql, { responseId: id }).map(({ id: own, body, receivedAt: at }) => {
        return { id: own, text: new TextDecoder().decode(body), receivedAt: iso(at) };
      }),
    ),
    cases: caseIds.flatMap((id) => {
      const caseRecord = store.findCase(core.sql, id);
      if (!caseRecord) return [];
      const { verdicts, addresses, followUps: _, responses: __, ...exported } = present.toCaseJson(core, caseRecord);
      const isOwn = ({ customer }: { customer: string }) => keys.includes(customer);
      return [{ ...exported, addresses: addresses.filter(isOwn), verdicts: verdicts.filter(isOwn) }];
    }),
    replies: caseIds.flatMap((id) =>
      store.listReplies(core.sql, id, addresses).map(({ at, text }) => ({ case: id, at: toIsoText(at), text })),
    ),
    followUps: store.followUps.page(sql, { kind: 'customer', person: keys }, all).map(present.toFollowUpJson),
    resurveys: store.resurveys.page(sql, { kind: 'resurvey', person: keys }, all).map(present.toResurveyJson),
    invitations: store.invitations.page(sql, { kind: 'invitation', person: keys }, all).map(present.toInvitationJson),
    surveys: store.reportedSurveys.list(sql, { customerKey: keys }).map(present.toReportedSurveyJson),
    outcomes: store.outcomes
      .list(sql, { customerKey: keys })
      .map(({ seq: _, customerKey, ...row }) => ({ customer: customerKey, ...row })),
    risks: ofAll((key) => store.customerRisks.find(core.sql, { customerKey: key })?.reasons ?? []).map((row) => ({
      ...row,
      at: iso(row.at),
    })),
    scores: caseIds
      .flatMap((id) => store.caseScores.list(core.sql, { caseId: id }))
      .map(({ caseId, ...row }) => ({ case: caseId, ...row, afterAt: iso(row.afterAt) })),
    mails: ofAll((key) => store.mailRowsOfCustomer(core.sql, key).map(({ at, ...row }) => ({ ...row, at: iso(at) }))),
  };
}
