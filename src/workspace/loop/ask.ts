import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { isIssueSearchRunning, type MissedIssueReads } from '#domain/integrations/issue-trouble.ts';
import { whySkipFollowUp } from '#domain/loop/skip-follow-up.ts';
import { computeGateOpenedAt } from '#domain/settings/gate.ts';
import { formatDuration } from '#domain/time/duration.ts';
import { dayMs, hourMs } from '#domain/time/units.ts';
import { type CustomerMailAddress, findAddressForCaseMail } from '../basics/case-address.ts';
import type { Asked } from '../basics/closing-explanation.ts';
import { findPersonOfCustomerKey, type Person } from '../basics/person.ts';
import { record } from '../basics/record-activity.ts';
import { storeFirstContact } from '../cases/first-contact.ts';
import type { Core } from '../core.ts';
import { isUndeliverable } from '../mail/undeliverable.ts';
import { findLastResponseAt } from '../store/case-responses.ts';
import { findCase, updateCase } from '../store/cases.ts';
import {
  type FollowUp,
  findCustomerFollowUp,
  findFollowUp,
  followUpsOfMail,
  listOpenFollowUpsOfPerson,
  updateFollowUp,
} from '../store/follow-ups.ts';
import { lastFirstFollowUpAt, pendingMailsOfFollowUp, recordFirstFollowUpContacts } from '../store/mails.ts';
import { setTimer } from '../store/schedule.ts';
import { skip } from './cancel-follow-ups.ts';
import { computeVerdict } from './compute-verdict.ts';
import { mailFollowUp } from './follow-up-mail.ts';
import { computeGateWaitMs, findFollowUpTiming, leaveLongWaitToPerson } from './gates.ts';
import { putOff } from './mail-rate.ts';

/**
 * Sends a due follow-up, or skips it with the reason. Opt-out, quarantine, age and reopening are checked in the
 * transaction that records the intent to send. Other follow-ups to the same person share the mail.
 */
export function sendFollowUp(core: Core, id: string): void {
  const followUp = findFollowUp(core.sql, id);
  const caseRecord = followUp && findCase(core.sql, followUp.caseId);
  if (!followUp || !caseRecord || followUp.state !== 'due') return;
  if (followUp.waitsFor) leaveLongWaitToPerson(core, followUp, caseRecord);
  else if (isIssueSearchRunning(caseRecord.missedIssueReads) && caseRecord.loop !== 'dropped')
    postponeUntilIssueIsBack(core, followUp, caseRecord.missedIssueReads);
  else if (followUp.kind === 'closer') askCloser(core, { followUp, caseRecord });
  else askOrSkipCustomer(core, { followUp, caseRecord });
}

/** Postpones a follow-up until a missing issue is found or given up, because nobody is asked about a lost one. */
function postponeUntilIssueIsBack(core: Core, { id }: FollowUp, { nextAt }: MissedIssueReads): void {
  const dueAt = Math.max(nextAt, core.clock.now()) + hourMs;
  updateFollowUp(core.sql, id, { dueAt });
  setTimer(core.sql, 'follow-up', id, dueAt);
}

type Recipient = Person & CustomerMailAddress;

function findRecipient(core: Core, { followUp, caseRecord }: Asked): Recipient {
  const to = findAddressForCaseMail(core, caseRecord.id, followUp.person);
  return { ...findPersonOfCustomerKey(core, followUp.person, to.address), ...to };
}

function askOrSkipCustomer(core: Core, asked: Asked): void {
  const { followUp, caseRecord } = asked;
  const person = findRecipient(core, asked);
  const why = findReasonNotToAsk(core, asked, person);
  if (why === null) {
    if (!waitForOtherFollowUps(core, asked, person) && !putOff(core, followUp)) askCustomer(core, asked, person);
    return;
  }
  skip(core, followUp, why);
  if (followUp.generation === caseRecord.generation)
    computeVerdict(core, caseRecord.id, followUp.generation, followUp.person);
}

function askCloser(core: Core, asked: Asked): void {
  const { followUp, caseRecord } = asked;
  if (!Object.hasOwn(core.settings.workspace.people, followUp.person)) {
    skip(core, followUp, 'the person is no longer in the workspace file');
    return;
  }
  const now = core.clock.now();
  mailFollowUp(core, asked, { reminder: false, counts: false, also: [] });
  const expiresAt = now + core.settings.workspace['follow-up'].window;
  updateFollowUp(core.sql, followUp.id, { state: 'sent', sentAt: now, expiresAt });
  record(core, caseRecord.id, 'closer asked', followUp.why, { evidence: followUp.id });
}

function askCustomer(core: Core, leader: Asked, person: Recipient): void {
  const now = core.clock.now();
  const policy = core.settings.workspace['follow-up'];
  const also = findOtherFollowUpsForMail(core, leader, person).filter((asked) => earliest(core, asked) <= now);
  const all = [leader, ...also];
  const counts = all.some(({ followUp }) => isFirst(core, followUp));
  const mail = mailFollowUp(core, leader, { reminder: false, counts, also });
  if (mail && counts) recordFirstFollowUpContacts(core.sql, mail, person.marks);
  for (const { followUp, caseRecord } of all) {
    const isMailLeader = followUp.id === leader.followUp.id;
    const why = isMailLeader ? followUp.why : `in one mail with ${handleOf(leader.caseRecord)}`;
    updateFollowUp(core.sql, followUp.id, {
      state: 'sent',
      why,
      sentAt: now,
      expiresAt: now + policy.window,
      mergedInto: isMailLeader ? null : leader.followUp.id,
    });
    setTimer(core.sql, 'window', followUp.id, now + policy.window);
    record(core, caseRecord.id, 'customer asked', why, { evidence: followUp.id });
    storeFirstContact(core, caseRecord);
    if (caseRecord.loop === 'resolved') updateCase(core.sql, caseRecord.id, { loop: 'asked' });
  }
  setTimer(core.sql, 'reminder', leader.followUp.id, now + policy.reminder);
}

/** Other follow-ups that wait for the same address, whatever the customer key: one mail serves all. */
function findOtherFollowUpsForMail(core: Core, leader: Asked, person: Recipient): Asked[] {
  return listOpenFollowUpsOfPerson(core.sql, person.keys, 'due').flatMap((followUp) => {
    if (followUp.id === leader.followUp.id || followUp.waitsFor) return [];
    const caseRecord = findCase(core.sql, followUp.caseId);
    if (!caseRecord || isIssueSearchRunning(caseRecord.missedIssueReads)) return [];
    const other = { followUp, caseRecord };
    const isSame = findAddressForCaseMail(core, caseRecord.id, followUp.person).address === person.address;
    return isSame && findReasonNotToAsk(core, other, person) === null ? [other] : [];
  });
}

/** Longest time that a follow-up waits beyond its own delay for another closing of the same person. */
const longestWaitForOthersMs = 7 * dayMs;

/**
 * Waits for the delay of a later closing, so that one mail asks about both: afterwards the quarantine would skip it.
 * Returns whether it waits.
 */
function waitForOtherFollowUps(core: Core, asked: Asked, person: Recipient): boolean {
  const now = core.clock.now();
  const since = findAskDelayStart(asked.caseRecord) ?? asked.followUp.dueAt;
  const latest = since + findFollowUpTiming(core, asked.caseRecord).delay + longestWaitForOthersMs;
  const others = findOtherFollowUpsForMail(core, asked, person).filter((other) => earliest(core, other) <= latest);
  const until = Math.max(...others.map((other) => earliest(core, other)), now);
  const last = others.find((other) => earliest(core, other) === until);
  if (until <= now || !last) return false;
  const { id } = asked.followUp;
  const why = `asked when ${handleOf(last.caseRecord)} may be, so that one mail asks about both`;
  updateFollowUp(core.sql, id, { dueAt: until, why });
  setTimer(core.sql, 'follow-up', id, until);
  return true;
}

/** Earliest instant of a follow-up. For a closing with many customers each turn may come later. */
function earliest(core: Core, { followUp, caseRecord }: Asked): number {
  const since = findAskDelayStart(caseRecord);
  if (caseRecord.kind === 'tactical' || since === null) return followUp.dueAt;
  return Math.min(followUp.dueAt, since + findFollowUpTiming(core, caseRecord).delay);
}

/** Start of a closing's delay: the opening of its gate, or the closing itself. */
const findAskDelayStart = ({ gate, resolvedAt }: Case): number | null =>
  (gate && computeGateOpenedAt(gate)) ?? resolvedAt;

function findReasonNotToAsk(core: Core, { followUp, caseRecord }: Asked, person: Recipient): string | null {
  const now = core.clock.now();
  const { quarantine, oldest } = core.settings.workspace['follow-up'];
  const answer = findCustomerFollowUp(core.sql, caseRecord.id, followUp.generation - 1, followUp.person)?.answeredAt;
  return whySkipFollowUp(
    {
      isCaseReopened: caseRecord.generation !== followUp.generation || caseRecord.loop === 'working',
      isCaseDropped: caseRecord.loop === 'dropped',
      whyNoAddress: person.why,
      isUndeliverable: person.address !== null && isUndeliverable(core, person.address),
      hasOptedOut: person.hasOptedOut,
      lastFeedbackAt: Math.max(
        findLastResponseAt(core.sql, caseRecord.id, followUp.person) ?? caseRecord.openedAt,
        answer ?? 0,
      ),
      gateWaitMs: computeGateWaitMs(caseRecord, now),
      lastFirstFollowUpAt: lastFirstFollowUpAt(core.sql, person.marks, now),
      isFirstFollowUp: isFirst(core, followUp),
    },
    // Strategic changes are announced to everybody, whatever the age of their response.
    { quarantine, oldest: caseRecord.kind === 'tactical' ? oldest : null },
    now,
  );
}

/** The next closing of a case that this person disputed continues the conversation, so it is no first follow-up. */
function isFirst(core: Core, { caseId, generation, person }: FollowUp): boolean {
  const before = findCustomerFollowUp(core.sql, caseId, generation - 1, person)?.answers?.resolved;
  return before === undefined || before === 'yes';
}

/** The one reminder, which counts for no quarantine. It goes by the first mail, for whatever that still asks and within its window. */
export function remind(core: Core, id: string): void {
  const [leader, ...rest] = followUpsOfMail(core.sql, id).flatMap((followUp): Asked[] => {
    const caseRecord = findCase(core.sql, followUp.caseId);
    const isOpen =
      followUp.state === 'sent' &&
      (followUp.expiresAt ?? 0) > core.clock.now() &&
      caseRecord?.generation === followUp.generation;
    return caseRecord && isOpen && caseRecord.loop !== 'working' ? [{ followUp, caseRecord }] : [];
  });
  if (!leader || leader.followUp.id !== id) return;
  const { address, hasOptedOut } = findRecipient(core, leader);
  if (address === null || hasOptedOut) return;
  const also = rest.filter(
    ({ followUp, caseRecord }) => findAddressForCaseMail(core, caseRecord.id, followUp.person).address === address,
  );
  if (pendingMailsOfFollowUp(core.sql, id).length > 0) {
    setTimer(core.sql, 'reminder', id, core.clock.now() + core.settings.workspace['follow-up'].reminder);
    return;
  }
  mailFollowUp(core, leader, { reminder: true, counts: false, also });
  for (const { caseRecord } of [leader, ...also])
    record(core, caseRecord.id, 'customer reminded', 'no answer yet', { evidence: id });
}

/** Ends the answer window of a follow-up. Silence never counts as satisfaction. */
export function endAnswerWindow(core: Core, id: string): void {
  const followUp = findFollowUp(core.sql, id);
  if (followUp?.state !== 'sent') return;
  const window = formatDuration(core.settings.workspace['follow-up'].window);
  updateFollowUp(core.sql, followUp.id, { state: 'expired', why: `no answer within ${window}` });
  computeVerdict(core, followUp.caseId, followUp.generation, followUp.person);
}
