import { whySkipAsk } from '#domain/loop/skip-ask.ts';
import { formatDuration } from '#domain/time/duration.ts';
import { basics, type Case, computeGateOpenedAt, type Core, dayMs, handleOf, hourMs, port, store } from '../kit.ts';
import { mailAsk } from './ask-mail.ts';
import { computeVerdict } from './compute-verdict.ts';
import { findFollowUpTiming, leaveLongWaitToPerson } from './gates.ts';
import { findAddressOfAsk, findRecipient, isSameMailbox, type Recipient } from './recipient.ts';
import { getsExplanation, putOff } from './schedule.ts';
import { setAnswerWindow, skip } from './withdraw.ts';

/** Sends a due ask or skips it with the reason, all checked in the transaction that records the intent. */
export function sendAsk(core: Core, id: string): void {
  const ask = store.findAsk(core.sql, id);
  if (ask?.state !== 'due') return;
  const asked = withCase(core, ask);
  if (isAboutCase(asked) && isHeldByCase(core, asked)) return;
  const to = findRecipient(core, ask);
  const why = findReasonNotToAsk(core, ask, asked.caseRecord, to);
  if (why !== null) {
    skip(core, ask, why);
    if (ask.kind === 'customer' && asked.caseRecord?.generation === ask.generation)
      computeVerdict(core, ask.caseId, ask.generation, ask.person);
  } else if (!isAboutCase(asked) || asked.ask.kind === 'closer') askAlone(core, asked, to);
  else if (!waitForOtherFollowUps(core, asked, to) && !putOff(core, asked.ask)) askCustomer(core, asked, to);
}

const withCase = ({ sql }: Core, ask: store.Ask): basics.Asked => ({
  ask,
  caseRecord: store.findCase(sql, ask.caseId),
});

const isAboutCase = (asked: basics.Asked): asked is basics.AskedAboutCase => asked.caseRecord !== null;

/** Holds a follow-up at its gate, and while its issue is missing, because nobody is asked about a lost one. */
function isHeldByCase(core: Core, { ask, caseRecord }: basics.AskedAboutCase): boolean {
  const { missedIssueReads, loop } = caseRecord;
  if (ask.waitsFor) leaveLongWaitToPerson(core, ask, caseRecord);
  else if (port.isIssueSearchRunning(missedIssueReads) && loop !== 'dropped')
    store.postponeAsk(core.sql, ask.id, Math.max(missedIssueReads.nextAt, core.clock.now()) + hourMs);
  else return false;
  return true;
}

function askAlone(core: Core, asked: basics.Asked, to: Recipient): void {
  const now = core.clock.now();
  const { id, kind, caseId, why } = asked.ask;
  mailAsk(core, asked, to, { reminder: false, counts: kind === 'resurvey', also: [] });
  const expiresAt = kind === 'invitation' ? null : now + core.settings.workspace['follow-up'].window;
  store.asks.update(core.sql, { id }, { state: 'sent', sentAt: now, expiresAt });
  if (caseId !== null) basics.record(core, caseId, 'closer asked', why, { evidence: id });
}

function askCustomer(core: Core, leader: basics.AskedAboutCase, to: Recipient): void {
  const now = core.clock.now();
  const policy = core.settings.workspace['follow-up'];
  const also = findOtherFollowUpsForMail(core, leader, to).filter((asked) => earliest(core, asked) <= now);
  const all = [leader, ...also];
  mailAsk(core, leader, to, { reminder: false, counts: all.some(({ ask }) => isFirst(core, ask)), also });
  for (const { ask, caseRecord } of all) {
    const isMailLeader = ask.id === leader.ask.id;
    const why = isMailLeader ? ask.why : `in one mail with ${handleOf(leader.caseRecord)}`;
    const expiresAt = now + policy.window;
    const mergedInto = isMailLeader ? null : leader.ask.id;
    store.asks.update(core.sql, { id: ask.id }, { state: 'sent', why, sentAt: now, expiresAt, mergedInto });
    store.setTimer(core.sql, 'window', ask.id, expiresAt);
    basics.record(core, caseRecord.id, 'customer asked', why, { evidence: ask.id });
    if (caseRecord.loop === 'resolved') store.updateCase(core.sql, caseRecord.id, { loop: 'asked' });
  }
  store.setTimer(core.sql, 'reminder', leader.ask.id, now + policy.reminder);
}

function findOtherFollowUpsForMail(core: Core, leader: basics.AskedAboutCase, to: Recipient): basics.AskedAboutCase[] {
  const keys = [...to.keys, ...store.listKeysOfAddress(core.sql, to.address ?? '')];
  return store.listDueAsksOfPerson(core.sql, keys).flatMap((ask) => {
    if (ask.id === leader.ask.id || ask.waitsFor) return [];
    const other = withCase(core, ask);
    if (!isAboutCase(other) || port.isIssueSearchRunning(other.caseRecord.missedIssueReads)) return [];
    const isSame = isSameMailbox(findAddressOfAsk(core, ask).address, to.address);
    return isSame && findReasonNotToAsk(core, ask, other.caseRecord, to) === null ? [other] : [];
  });
}

const longestWaitForOthersMs = 7 * dayMs;

/** Waits for the delay of a later closing, so that one mail asks about both. @returns whether it waits */
function waitForOtherFollowUps(core: Core, asked: basics.AskedAboutCase, to: Recipient): boolean {
  const now = core.clock.now();
  const since = findAskDelayStart(asked.caseRecord) ?? asked.ask.dueAt;
  const latest = since + findFollowUpTiming(core, asked.caseRecord).delay + longestWaitForOthersMs;
  const others = findOtherFollowUpsForMail(core, asked, to).filter((other) => earliest(core, other) <= latest);
  const until = Math.max(...others.map((other) => earliest(core, other)), now);
  const last = others.find((other) => earliest(core, other) === until);
  if (until <= now || !last) return false;
  const why = `asked when ${handleOf(last.caseRecord)} may be, so that one mail asks about both`;
  store.postponeAsk(core.sql, asked.ask.id, until, { why });
  return true;
}

function earliest(core: Core, { ask, caseRecord }: basics.AskedAboutCase): number {
  const since = findAskDelayStart(caseRecord);
  if (caseRecord.kind === 'tactical' || since === null) return ask.dueAt;
  return Math.min(ask.dueAt, since + findFollowUpTiming(core, caseRecord).delay);
}

const findAskDelayStart = ({ gate, resolvedAt }: Case): number | null =>
  (gate && computeGateOpenedAt(gate)) ?? resolvedAt;

/** The one reminder, which counts for no quarantine. It goes by the first mail, for whatever that still asks and within its window. */
export function remind(core: Core, id: string) {
  const now = core.clock.now();
  const isStillAsked = ({ ask, caseRecord: { generation, loop } }: basics.AskedAboutCase) =>
    ask.state === 'sent' && (ask.expiresAt ?? 0) > now && generation === ask.generation && loop !== 'working';
  const asked = store.asksOfMail(core.sql, id).map((ask) => withCase(core, ask));
  const [leader, ...rest] = asked.filter(isAboutCase).filter(isStillAsked);
  if (!leader || leader.ask.id !== id) return;
  const to = findRecipient(core, leader.ask);
  if (to.address === null || to.hasOptedOut || basics.isUndeliverable(core, to.address)) return;
  const also = rest.filter(({ ask }) => isSameMailbox(findAddressOfAsk(core, ask).address, to.address));
  if (store.mails.has(core.sql, { askId: id, state: 'intent' }))
    return store.setTimer(core.sql, 'reminder', id, now + core.settings.workspace['follow-up'].reminder);
  mailAsk(core, leader, to, { reminder: true, counts: false, also });
  for (const { caseRecord } of [leader, ...also])
    basics.record(core, caseRecord.id, 'customer reminded', 'no answer yet', { evidence: id });
}

/** Ends the answer window of a follow-up. Silence never counts as satisfaction. */
export function endAnswerWindow(core: Core, id: string) {
  const ask = store.findAsk(core.sql, id);
  if (ask?.kind !== 'customer' || ask.state !== 'sent') return;
  const { window: ms } = core.settings.workspace['follow-up'];
  const waiting = store.mails.list(core.sql, { askId: ask.mergedInto ?? id, state: 'intent' });
  if (waiting.some(({ kind }) => kind !== 'reminder')) return setAnswerWindow(core, ask, core.clock.now() + ms);
  store.asks.update(core.sql, { id: ask.id }, { state: 'expired', why: `no answer within ${formatDuration(ms)}` });
  computeVerdict(core, ask.caseId, ask.generation, ask.person);
}

function findReasonNotToAsk(core: Core, ask: store.Ask, caseRecord: Case | null, to: Recipient): string | null {
  const now = core.clock.now();
  const { quarantine, oldest } = core.settings.workspace['follow-up'];
  const isOfCustomer = ask.kind !== 'closer';
  const lastFirst = store.lastFirstFollowUpAt(core.sql, to.marks, now);
  // A person who was asked anything lately is not invited. An invitation delays no follow-up, which its complaints need.
  const last = ask.kind === 'invitation' ? store.lastAskedAt(core.sql, to.keys, to.address) : null;
  const outside = isOfCustomer ? findLastOutsideSurveyAt(core, ask, to) : null;
  const asked = [lastFirst, last, outside].filter((at) => at !== null);
  return whySkipAsk(
    ask.kind,
    {
      whyObsolete: whyObsolete(core, ask, caseRecord),
      dueAt: ask.dueAt,
      whyNoAddress: to.why,
      isUndeliverable: isOfCustomer && to.address !== null && basics.isUndeliverable(core, to.address),
      hasOptedOut: to.hasOptedOut,
      ageMs: ask.kind === 'customer' && caseRecord ? computeAgeMs(core, ask, caseRecord) : 0,
      lastAskedAt: asked.length === 0 ? null : Math.max(...asked),
      isHeldByQuarantine: ask.kind !== 'customer' || isFirst(core, ask),
    },
    // Strategic changes are announced to everybody, whatever the age of their response.
    { quarantine, oldest: caseRecord?.kind === 'tactical' ? oldest : null },
    now,
  );
}

/** Surveys of other tools count from their sending, but never the one whose response opened the case. */
function findLastOutsideSurveyAt(core: Core, ask: store.Ask, { keys, address }: Recipient): number | null {
  const led =
    ask.kind === 'customer' ? store.listResponseIdsOfCustomerInCase(core.sql, ask.caseId, keys) : [ask.originId ?? ''];
  const known = [...keys, ...keys.map((key) => basics.derivePseudonym(core, 'erased', key))];
  return store.findLastReportedSurveyAt(core.sql, { keys: known, address, now: core.clock.now() }, led);
}

const surveyGone = 'its survey is no longer among the files';

function whyObsolete(core: Core, ask: store.Ask, caseRecord: Case | null): string | null {
  const { invitations } = core.settings.workspace;
  switch (ask.kind) {
    case 'customer':
      if (caseRecord?.generation !== ask.generation || caseRecord.loop === 'working')
        return 'the case was reopened before the mail left';
      if (caseRecord.loop === 'dropped') return 'the case was dropped before the mail left';
      if (!store.isAffected(core.sql, caseRecord.id, store.listKeysOfPerson(core.sql, ask.person)))
        return 'the customer no longer belongs to the case';
      return basics.hasDeclineExplanation(caseRecord) && !getsExplanation(core, caseRecord) ? surveyGone : null;
    case 'closer':
      return basics.findPerson(core, ask.person) ? null : 'the person is no longer in the workspace file';
    case 'resurvey':
      if (!core.settings.surveys.has(ask.survey)) return surveyGone;
      return findCaseThatAsks(core, ask);
    case 'invitation':
      return Object.hasOwn(invitations, ask.rule) ? null : 'its rule is no longer in the workspace file';
  }
}

function findCaseThatAsks(core: Core, { originId, person: customer }: store.Resurvey): string | null {
  for (const { id, number } of store.casesOfResponse(core.sql, originId)) {
    if (store.findCase(core.sql, id)?.loop === 'working') return `case C-${number} of this response is still open`;
    const asks = store.followUps
      .list(core.sql, { caseId: id })
      .some(({ kind, state, person }) => kind === 'customer' && state !== 'skipped' && person === customer);
    if (asks) return `case C-${number} asks this customer itself`;
  }
  return null;
}

/** The follow-up of the same customer about the closing before. */
const findEarlierAsk = ({ sql }: Core, { caseId, generation, person }: store.FollowUp): store.FollowUp | null =>
  store.followUps.find(sql, { caseId, generation: generation - 1, kind: 'customer', person });

function computeAgeMs(core: Core, ask: store.FollowUp, caseRecord: Case): number {
  const now = core.clock.now();
  const answeredAt = findEarlierAsk(core, ask)?.answeredAt ?? 0;
  const respondedAt = store.findLastResponseAt(core.sql, caseRecord.id, ask.person) ?? caseRecord.openedAt;
  const { gate } = caseRecord;
  const gateWaitMs = gate ? (computeGateOpenedAt(gate) ?? now) - gate.since : 0;
  return now - Math.max(respondedAt, answeredAt) - gateWaitMs;
}

/** The next closing of a case that this person disputed continues the conversation, so it is no first follow-up. */
function isFirst(core: Core, ask: store.FollowUp): boolean {
  const before = findEarlierAsk(core, ask);
  return before?.state !== 'answered' || before.answers?.resolved === undefined || before.answers.resolved === 'yes';
}
