import { AppError } from '#domain/base/errors.ts';
import { emptied } from '#domain/responses/response.ts';
import { audit } from '../basics/audit.ts';
import { record } from '../basics/case-operation.ts';
import { containsWholeWords, plain } from '../basics/identifies-customer.ts';
import { derivePseudonym, replaceOptOutKeyByMark } from '../basics/person.ts';
import type { Core } from '../core.ts';
import { computeVerdict } from '../loop/compute-verdict.ts';
import { clearAskTimers, stopAsking } from '../loop/withdraw.ts';
import { followUpsOfCase, updateAsk } from '../store/asks.ts';
import { deleteBackupLines } from '../store/backup.ts';
import { findCase, updateCase } from '../store/cases.ts';
import { eraseContributor } from '../store/contributors.ts';
import { findCustomer } from '../store/customers.ts';
import { dropHeldMatchesOfResponse } from '../store/held-matches.ts';
import {
  allResponsesOfCustomer,
  caseIdsOfCustomer,
  eraseCaseTexts,
  eraseCustomer,
  eraseResponse,
  eraseUnreadDelivery,
  listAddressesOfKey,
  listKeysOfAddress,
  listUnreadDeliveryTexts,
  mailRowsOfCustomer,
} from '../store/personal.ts';
import { clearTimer } from '../store/schedule.ts';
import { queueFormerIssueEdit, queueIssueTextEdit } from '../tracker-requests/sync-issue.ts';
import { startCleaningPages } from './clean-pages.ts';
import { readKeysOfPerson } from './same-person.ts';

const why = 'the customer was erased';
/** Shorter names are too often ordinary words. */
const shortestName = 4;

export interface Erased {
  responses: number;
  cases: number;
  mails: number;
}

/**
 * Erases one person everywhere: words, names, addresses, raw deliveries and mails. Counts, dates and verdicts stay
 * under a keyed pseudonym, and the response keys stay known. Call it inside a transaction.
 *
 * @param person customer key, or an address that a single customer or a contributor has
 * @param others keys of linked customers who go along
 * @throws AppError for an unknown person, and for an address of several
 */
export function erasePerson(core: Core, person: string, who: string, others: string[] = []): Erased {
  const keys = readKeysOfPerson(core, person, others);
  const at = core.clock.now();
  const contributed = person.includes('@') ? eraseContributor(core.sql, person.trim(), at) : [];
  for (const id of contributed) queueIssueRewrite(core, id);
  if (keys.length === 0 && contributed.length === 0)
    throw new AppError('not-found', 'No person has this key or address.');
  // An address that another customer has too may be theirs.
  const addresses = keys
    .flatMap((key) => listAddressesOfKey(core.sql, key))
    .filter((address) => listKeysOfAddress(core.sql, address).every((key) => keys.includes(key)));
  const erased: Erased = { responses: 0, cases: 0, mails: 0 };
  if (keys.length > 0) stopAsking(core, keys, why);
  for (const key of keys) {
    const pseudonym = derivePseudonym(core, 'erased', key);
    replaceOptOutKeyByMark(core, key);
    const cases = caseIdsOfCustomer(core.sql, key);
    for (const id of cases) eraseTextsOnCase(core, id, key);
    erased.cases += cases.length;
    erased.mails += mailRowsOfCustomer(core.sql, key).length;
    for (const { id, content } of allResponsesOfCustomer(core.sql, key)) {
      clearTimer(core.sql, 'judge', id);
      dropHeldMatchesOfResponse(core.sql, id);
      eraseResponse(core.sql, id, { customerKey: pseudonym, content: emptied(content), at });
      erased.responses += 1;
    }
    eraseCustomer(core.sql, key, pseudonym, at);
    for (const id of cases) endFollowUpsOfErased(core, id, pseudonym, who);
  }
  eraseUnreadDeliveries(core, [...keys, ...addresses]);
  deleteBackupLines(core.sql);
  const about = (keys.length > 0 ? keys : [person.trim()]).map((key) => derivePseudonym(core, 'customer', key));
  const details = `${erased.responses} responses, ${erased.cases} cases, ${erased.mails} mails`;
  audit(core, { who, what: 'person erased', about: about.join(', '), details });
  startCleaningPages(core);
  return erased;
}

/** Empties waiting and set-aside deliveries, so that they bring nobody back. */
function eraseUnreadDeliveries(core: Core, names: readonly string[]): void {
  const telling = names.map((name) => name.toLowerCase()).filter((name) => name.length >= shortestName);
  for (const { seq, text } of listUnreadDeliveryTexts(core.sql))
    if (telling.some((name) => text.includes(name))) eraseUnreadDelivery(core.sql, seq);
}

/** Erases what people wrote on a person's own case; of a case with many customers, the texts that name this one. */
function eraseTextsOnCase(core: Core, caseId: string, key: string): void {
  const customer = findCustomer(core.sql, key);
  const surname = customer?.name?.trim().split(/\s+/).at(-1) ?? '';
  const names = [key, customer?.name ?? '', surname, ...listAddressesOfKey(core.sql, key)]
    .map(plain)
    .filter((name) => name.length >= shortestName);
  const isOwn = findCase(core.sql, caseId)?.kind === 'tactical';
  eraseCaseTexts(core.sql, caseId, (text) => isOwn || names.some((name) => containsWholeWords(plain(text), name)));
}

/** Cancels the person's waiting follow-ups, and no longer waits for answers. */
function endFollowUpsOfErased(core: Core, caseId: string, pseudonym: string, who: string): void {
  const caseRecord = findCase(core.sql, caseId);
  if (!caseRecord) return;
  record(core, caseId, 'customer erased', 'the customer’s personal data was erased', { who });
  for (const followUp of followUpsOfCase(core.sql, caseId)) {
    if (followUp.person !== pseudonym || (followUp.state !== 'due' && followUp.state !== 'sent')) continue;
    updateAsk(core.sql, followUp.id, { state: followUp.state === 'due' ? 'skipped' : 'expired', why });
    clearAskTimers(core, followUp.id);
    if (followUp.generation === caseRecord.generation) computeVerdict(core, caseId, followUp.generation);
  }
  queueIssueRewrite(core, caseId);
  if (caseRecord.loop === 'working' && caseRecord.kind === 'tactical')
    updateCase(core.sql, caseId, {
      needsPerson: `${why}; decide whether the work goes on: nobody can be notified of it`,
    });
}

/** Rewrites the issue, and those that the case had before, so that it no longer quotes the person. */
function queueIssueRewrite(core: Core, caseId: string): void {
  const caseRecord = findCase(core.sql, caseId);
  if (!caseRecord || core.settings.workspace.words !== 'private') return;
  if (caseRecord.issue) queueIssueTextEdit(core, caseId, caseRecord.tracker);
  for (const former of caseRecord.formerIssues) queueFormerIssueEdit(core, caseRecord, former);
}
