import { createCaseMailbox } from '#domain/base/key.ts';
import { emptied } from '#domain/responses/response.ts';
import { AppError, basics, type Core, createRandomId, dayMs, type json, store, templating } from '../kit.ts';
import { computeVerdict } from '../loop/compute-verdict.ts';
import { requestDecision } from '../loop/gates.ts';
import { clearAskTimers, stopAsking } from '../loop/withdraw.ts';
import { queueFormerIssueEdit, queueIssueEdit } from '../tracker-requests/sync-issue.ts';

const why = 'the customer was erased';

export type Erased = { responses: number; cases: number; mails: number };

/**
 * Erases one person everywhere: words, names, addresses, raw deliveries and mails. Counts, dates and verdicts stay
 * under a keyed pseudonym, and the response keys stay known. Call it inside a transaction.
 * @param person customer key, or an address that a single customer or a contributor has
 * @param others keys of linked customers who go along
 * @throws AppError for an unknown person, and for an address of several
 */
export function erasePerson(core: Core, person: string, who: string, others: string[] = []): Erased {
  const keys = readKeysOfPerson(core, person, others);
  const at = core.clock.now();
  const contributed = person.includes('@') ? store.eraseContributor(core.sql, person.trim(), at) : [];
  for (const id of contributed) queueIssueRewrite(core, id);
  if (keys.length === 0 && contributed.length === 0)
    throw new AppError('not-found', 'No person has this key or address.');
  // An address that another customer has too may be theirs.
  const addresses = keys
    .flatMap((key) => store.listAddressesOfKey(core.sql, key))
    .filter((address) => store.listKeysOfAddress(core.sql, address).every((key) => keys.includes(key)));
  const mailboxes = listMailboxesOf(core, keys);
  const erased: Erased = { responses: 0, cases: 0, mails: 0 };
  if (keys.length > 0) stopAsking(core, keys, why);
  for (const key of keys) {
    const pseudonym = basics.derivePseudonym(core, 'erased', key);
    const own = store.caseIdsOfCustomer(core.sql, [key]);
    const cases = [...new Set([...own, ...store.listStrategicIdsOf(core.sql, own)])];
    for (const id of cases) eraseTextsOnCase(core, id, key);
    erased.cases += cases.length;
    erased.mails += store.mailRowsOfCustomer(core.sql, key).length;
    for (const { id, content } of store.responses.list(core.sql, { customerKey: key })) {
      store.clearTimer(core.sql, 'judge', id);
      store.heldMatches.update(core.sql, { responseId: id, state: ['held', 'opening'] }, { state: 'dropped' });
      store.eraseResponse(core.sql, id, { customerKey: pseudonym, content: emptied(content), at });
      erased.responses += 1;
    }
    store.eraseCustomer(core.sql, key, pseudonym, at, templating.listReasonsToChoose(core.settings.surveys));
    for (const id of cases) endFollowUpsOfErased(core, id, pseudonym, who);
  }
  eraseUnreadDeliveries(core, [...keys, ...addresses, ...mailboxes]);
  store.deleteBackupLines(core.sql);
  const about = (keys.length > 0 ? keys : [person.trim()]).map((key) => basics.derivePseudonym(core, 'customer', key));
  const details = `${erased.responses} responses, ${erased.cases} cases, ${erased.mails} mails`;
  basics.audit(core, { who, what: 'person erased', about: about.join(', '), details });
  startCleaningPages(core);
  return erased;
}

/** Addresses to which mail about the customers' own cases comes, from any sender. */
const listMailboxesOf = (core: Core, keys: string[]): string[] =>
  store.caseIdsOfCustomer(core.sql, keys).flatMap((id) => {
    const found = store.getCase(core.sql, id);
    return found.kind === 'tactical' ? [createCaseMailbox(core.keys, core.workspace, found.number)] : [];
  });

/** Empties waiting and set-aside deliveries, so that they bring nobody back. */
function eraseUnreadDeliveries(core: Core, names: readonly string[]): void {
  const telling = names.filter(basics.isTellingName).map((name) => name.toLowerCase());
  for (const { seq, text } of store.generateUnreadDeliveryTexts(core.sql))
    if (telling.some((name) => text.includes(name))) store.eraseUnreadDelivery(core.sql, seq);
}

/** Erases what people wrote on a person's own case; of a case with many customers, the texts that name this one. */
function eraseTextsOnCase(core: Core, caseId: string, key: string): void {
  const addresses = store.listAddressesOfKey(core.sql, key);
  const names = [
    ...[key, ...addresses].map(basics.plain),
    ...basics.listPartsOfName(store.findCustomer(core.sql, key)?.name),
  ].filter(basics.isTellingName);
  const isOwn = store.findCase(core.sql, caseId)?.kind === 'tactical';
  const lowered = addresses.map((address) => address.toLowerCase());
  store.eraseReplies(core.sql, caseId, lowered);
  const isNamed = (text: string) => names.some((name) => basics.containsWholeWords(basics.plain(text), name));
  store.eraseCaseTexts(core.sql, caseId, (text) => isOwn || isNamed(text));
  // A notice may quote them.
  if (isOwn) store.eraseMails(core.sql, 'notices of case', caseId, core.clock.now(), why);
}

function endFollowUpsOfErased(core: Core, caseId: string, pseudonym: string, who: string): void {
  const caseRecord = store.findCase(core.sql, caseId);
  if (!caseRecord) return;
  basics.record(core, caseId, 'customer erased', 'the customer’s personal data was erased', { who });
  for (const followUp of store.followUps.list(core.sql, { caseId })) {
    if (followUp.person !== pseudonym || (followUp.state !== 'due' && followUp.state !== 'sent')) continue;
    store.asks.update(core.sql, { id: followUp.id }, { state: followUp.state === 'due' ? 'skipped' : 'expired', why });
    clearAskTimers(core, followUp.id);
    if (followUp.generation === caseRecord.generation) computeVerdict(core, caseId, followUp.generation);
  }
  queueIssueRewrite(core, caseId);
  if (caseRecord.loop === 'working' && caseRecord.kind === 'tactical')
    requestDecision(core, caseRecord, `${why}; decide whether the work goes on: nobody can be notified of it`);
}

function queueIssueRewrite(core: Core, caseId: string): void {
  const caseRecord = store.findCase(core.sql, caseId);
  if (!caseRecord || core.settings.workspace.words !== 'private') return;
  if (caseRecord.issue) queueIssueEdit(core, caseId, 'text');
  for (const former of caseRecord.formerIssues) if (!former.isAdopted) queueFormerIssueEdit(core, caseRecord, former);
}

const listKeysOf = (core: Core, person: string): string[] =>
  store.findCustomer(core.sql, person.trim()) ? [person.trim()] : store.listKeysOfAddress(core.sql, person.trim());

/** Keys of one customer and of those that the caller names; AppError for an address of several customers. */
export function readKeysOfPerson(core: Core, person: string, others: string[] = []): string[] {
  const keys = listKeysOf(core, person);
  const many = 'Several customers have this address. Name one by its key, and the others under with.';
  if (keys.length > 1) throw new AppError('conflict', many);
  for (const other of others)
    if (!store.findCustomer(core.sql, other)) basics.refuseField('with', 'names a key of no customer');
  return [...new Set([...keys, ...others])];
}

/** Customers who may be the same person: merged by a case manager, or only with the same address, which proves nothing. */
export function listLinkedCustomers(core: Core, customerKey: string): json.LinkedCustomer[] {
  const merged = store.listKeysOfPerson(core.sql, customerKey).slice(1);
  const sharing = store
    .listAddressesOfKey(core.sql, customerKey)
    .flatMap((address) => store.listKeysOfAddress(core.sql, address));
  const shared = [...new Set(sharing)].filter((key) => key !== customerKey && !merged.includes(key));
  return [...merged, ...shared].flatMap((key) => {
    const customer = store.findCustomer(core.sql, key);
    if (!customer) return [];
    const { seq: id, name } = customer;
    const by = merged.includes(key) ? ('merge' as const) : ('address' as const);
    return [{ id, key, name, addresses: store.listAddressesOfKey(core.sql, key), by }];
  });
}

/** Makes one person of customer keys; no row of theirs changes, so that parting a key restores everything. */
export function mergeKeys(core: Core, { keys, who }: { keys: string[]; who: string }): { keys: string[] } {
  const all = new Set(keys.map((key) => key.trim()));
  if (all.size < 2) basics.refuseField('keys', 'are fewer than two different ones');
  for (const key of all)
    if (!store.findCustomer(core.sql, key)) basics.refuseField('keys', 'names a customer whom nobody knows');
  const row = { person: createRandomId(core.random, 'p'), who, at: core.clock.now() };
  store.storeMergedKeys(core.sql, [...all], row);
  const why = 'a case manager vouches that two customer keys are one person';
  basics.recordOnCasesOf(core, [...all], 'customer merged', why, who);
  return { keys: store.listKeysOfPerson(core.sql, keys[0]?.trim() ?? '') };
}

/** Parts a key from the person that it was merged into. @throws AppError for a key that is not merged */
export function partKey(core: Core, { key, who }: { key: string; who: string }): { keys: string[] } {
  const keys = store.listKeysOfPerson(core.sql, key);
  if (keys.length < 2) throw new AppError('conflict', 'This customer key is merged with no other.');
  store.deleteMergedKey(core.sql, key);
  basics.recordOnCasesOf(core, [key], 'customer parted', 'its customer key is a person of its own again', who);
  return { keys: store.listKeysOfPerson(core.sql, key) };
}

const mostDeliveriesErasedPerRun = 500;
const mostPeopleErasedPerRun = 50;

export const startRetentionTimer = (core: Pick<Core, 'sql' | 'clock'>): void =>
  store.setTimerIfUnset(core.sql, 'retention', 'all', core.clock.now());

/** Erases data whose retention has ended: a part at once, the rest at the next timers. */
export function eraseExpiredData(core: Core): void {
  const { deliveries, people } = core.settings.workspace.retention;
  const now = core.clock.now();
  const emptied =
    deliveries === undefined ? 0 : store.eraseOldDeliveryBytes(core.sql, now - deliveries, mostDeliveriesErasedPerRun);
  const silent =
    people === undefined ? [] : store.listInactiveCustomerKeys(core.sql, now - people, mostPeopleErasedPerRun);
  for (const key of silent) erasePerson(core, key, 'the rule of retention');
  const isMore = emptied === mostDeliveriesErasedPerRun || silent.length === mostPeopleErasedPerRun;
  store.setTimer(core.sql, 'retention', 'all', isMore ? now : now + dayMs);
}

/** Bytes of tables rewritten in one turn, so that deliveries never wait long. */
const mostBytesPerStep = 8_000_000;
/** Longer tables would stop the workspace for too long; SQLite reuses their free parts over time. */
const mostBytesOfTable = 32_000_000;
/** Zeros written at the end of each step, more than the write-ahead log holds before it begins anew. */
const leastFillerBytes = 6_000_000;
/** Steps after the last table, so that zeros reach the whole write-ahead log. */
const lastSteps = 2;

const startCleaningPages = (core: Pick<Core, 'sql' | 'clock'>): void =>
  store.setOnlyTimer(core.sql, 'clean-pages', '0', core.clock.now());

/** One step: rewrites the next tables, and fills the pages that this frees. @param step number of the next table */
export function cleanPages({ sql, clock }: Core, step: string): void {
  const first = Number(step);
  store.dropFiller(sql);
  const all = store.listTables(sql);
  if (first >= all.length + lastSteps) return;
  const tables: string[] = [];
  let bytes = 0;
  let next = first;
  for (; next < all.length && bytes < mostBytesPerStep; next += 1) {
    const table = all[next] ?? '';
    const ofTable = store.estimateBytes(sql, table);
    if (ofTable > mostBytesOfTable) continue;
    tables.push(table);
    bytes += ofTable;
  }
  store.rewriteTables(sql, tables, bytes);
  store.fillFreePages(sql, Math.max(leastFillerBytes, 2 * bytes));
  store.setOnlyTimer(sql, 'clean-pages', String(Math.max(next, first + 1)), clock.now());
}
