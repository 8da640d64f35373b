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
      .map((caseId) => store.getCase(core.sql, caseId))
      .sort((a, b) => b.number - a.number)
      .slice(0, most)
      .map((caseRecord) => present.toCaseJson(core, caseRecord)),
  };
}

/** A stored row for handing over: without its number, and with its instants as texts. */
function toExportedRow(row: object): Record<string, unknown> {
  const toShown = (name: string, value: unknown) =>
    /^at$|At$/.test(name) && typeof value === 'number' ? toIsoText(value) : value;
  const entries = Object.entries(row).filter(([name]) => name !== 'seq');
  return Object.fromEntries(entries.map(([name, value]) => [name, toShown(name, value)]));
}

/** All data about one person and the keys in `others`, for handing over. */
export function exportPerson(core: Core, person: string, others: string[] = []): json.CustomerDataExport {
  const keys = readKeysOfPerson(core, person, others);
  if (keys.length === 0) throw new AppError('not-found', 'No person has this key or address.');
  const responses = keys.flatMap((key) => store.responses.list(core.sql, { customerKey: key }).map(({ id }) => id));
  const caseIds = store.caseIdsOfCustomer(core.sql, keys);
  const { sql } = core;
  const addresses = keys.flatMap((key) =>
    store.listAddressesOfKey(core.sql, key).map((address) => address.toLowerCase()),
  );
  const all = Number.MAX_SAFE_INTEGER;
  return {
    exportedAt: toIsoText(core.clock.now()),
    workspace: core.workspace,
    customers: keys.flatMap((key) => store.findCustomer(sql, key) ?? []).map(toExportedRow),
    responses: present.listResponsesById(core, responses),
    deliveries: responses.flatMap((responseId) =>
      store.deliveries.list(sql, { responseId }).map(({ id, body, receivedAt }) => {
        return { id, text: new TextDecoder().decode(body), receivedAt: toIsoText(receivedAt) };
      }),
    ),
    cases: caseIds.map((id) => {
      const caseJson = present.toCaseJson(core, store.getCase(sql, id));
      const { verdicts, addresses, followUps: _, responses: __, ...exported } = caseJson;
      const isOwn = ({ customer }: { customer: string }) => keys.includes(customer);
      return { ...exported, addresses: addresses.filter(isOwn), verdicts: verdicts.filter(isOwn) };
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
      .map(({ customerKey, ...row }) => toExportedRow({ customer: customerKey, ...row })),
    risks: keys.flatMap((key) => store.customerRisks.find(sql, { customerKey: key })?.reasons ?? []).map(toExportedRow),
    scores: caseIds
      .flatMap((caseId) => store.caseScores.list(sql, { caseId }))
      .map(({ caseId, ...row }) => toExportedRow({ case: caseId, ...row })),
    mails: keys.flatMap((key) => store.mailRowsOfCustomer(sql, key)).map(toExportedRow),
  };
}
