import { AppError, basics, type Case, type Core, casework, handleOf, port, store } from '../kit.ts';
import { notify } from '../mail/notify.ts';
import { gateOf } from './gates.ts';
import { scheduleCustomerFollowUps, waitsForWhatChangedText } from './notify-affected-customers.ts';
import { getsExplanation, schedule } from './schedule.ts';

/** Applies a closing's consequence: customers are asked, or get an explanation, or a person decides. */
export function applyClosingConsequence(core: Core, caseRecord: Case): void {
  const { closingReason: reason, closingNote: note, explanation } = caseRecord;
  if (reason === null) return;
  const duplicateOf = store.findOriginalId(core.sql, caseRecord.id);
  const earned = casework.decideClosingConsequence({ reason, note, explanation, duplicateOf });
  if (earned.earns === 'decision') leaveClosingToPerson(core, caseRecord, earned.why);
  else if (earned.earns === 'the same as') follow(core, caseRecord, earned.caseId);
  else if (earned.earns === 'explanation' && !getsExplanation(core, caseRecord))
    leaveClosingToPerson(core, caseRecord, `closed as ${reason}: the workspace has no survey for explanations`);
  else planFollowUpsOfClosing(core, caseRecord);
}

function planFollowUpsOfClosing(core: Core, caseRecord: Case): void {
  const gate = gateOf(core, caseRecord, getsExplanation(core, caseRecord));
  store.updateCase(core.sql, caseRecord.id, { loop: 'resolved', needsPerson: null, gate });
  scheduleFollowUps(core, store.getCase(core.sql, caseRecord.id));
  for (const repeating of store.findDuplicatesOfCase(core.sql, caseRecord.id))
    shareOriginalConsequence(core, repeating, caseRecord);
}

function shareOriginalConsequence(core: Core, caseRecord: Case, original: Case): void {
  if (caseRecord.loop !== 'dropped') return;
  if (caseRecord.customerKey !== null && caseRecord.customerKey === original.customerKey) {
    store.updateCase(core.sql, caseRecord.id, { needsPerson: null });
    basics.record(core, caseRecord.id, 'follows another case', `its customer is asked about ${handleOf(original)}`);
    return;
  }
  const { gate } = store.getCase(core.sql, original.id);
  store.updateCase(core.sql, caseRecord.id, {
    loop: 'resolved',
    needsPerson: null,
    explanation: getsExplanation(core, original) ? original.explanation : null,
    gate: gate && { ...gate, messageAt: null },
  });
  const why = `${handleOf(original)} was closed as ${original.closingReason}`;
  basics.record(core, caseRecord.id, 'follows another case', why);
  scheduleFollowUps(core, store.getCase(core.sql, caseRecord.id));
}

/** Drops a closing that asks nobody, and shows it, with what repeats it, to a person. */
export function leaveClosingToPerson(core: Core, caseRecord: Case, why: string): void {
  store.updateCase(core.sql, caseRecord.id, { loop: 'dropped', needsPerson: why });
  const headline = `${handleOf(caseRecord)} waits for a decision: ${why} (closing ${caseRecord.generation})`;
  notify(core, caseRecord, 'needs-a-person', headline);
  const needsPerson = `${handleOf(caseRecord)}, the original, waits for a decision: ${why}`;
  for (const repeating of store.findDuplicatesOfCase(core.sql, caseRecord.id))
    if (repeating.loop === 'dropped') store.updateCase(core.sql, repeating.id, { needsPerson });
}

function follow(core: Core, caseRecord: Case, originalCaseId: string) {
  const original = rootOf(core, store.findCase(core.sql, originalCaseId));
  if (!original || original.id === caseRecord.id)
    return leaveClosingToPerson(core, caseRecord, casework.originalUnknown);
  store.updateCase(core.sql, caseRecord.id, { loop: 'dropped', needsPerson: null });
  const handle = handleOf(original);
  basics.record(core, caseRecord.id, 'follows another case', `it repeats ${handle}`, { evidence: original.id });
  const decide = `${handle}, the original, was closed as ${original.closingReason}: decide whether the customer should be asked`;
  if (original.loop === 'dropped') store.updateCase(core.sql, caseRecord.id, { needsPerson: decide });
  else if (original.loop !== 'working')
    shareOriginalConsequence(core, store.getCase(core.sql, caseRecord.id), original);
}

/** The case at the end of a chain of duplicates; null for a circular chain. */
function rootOf(core: Core, first: Case | null): Case | null {
  const seen = new Set<string>();
  let caseRecord = first;
  while (caseRecord?.closingReason === 'duplicate') {
    const originalId = store.findOriginalId(core.sql, caseRecord.id);
    if (originalId === null) break;
    if (seen.has(caseRecord.id)) return null;
    seen.add(caseRecord.id);
    caseRecord = store.findCase(core.sql, originalId);
  }
  return caseRecord;
}

export type ClosingDecision =
  | { decision: 'ask' | 'leave' }
  | { decision: 'declined'; because: string }
  | { decision: 'repeats'; handle: string };

const longestExplanation = 1000;

/** Records a case manager's decision about a closing without a consequence. */
export function decideClosing(core: Core, caseId: string, input: ClosingDecision, who: string): void {
  const caseRecord = basics.demandManagedCase(core, caseId, who);
  const decided = (why: string) => basics.record(core, caseId, 'closing decided', why, { who });
  const { needsPerson, needsPersonKind, loop } = caseRecord;
  const isDropped = loop === 'dropped' && caseRecord.closingReason !== null;
  const mayStay = needsPersonKind === null && !(loop === 'resolved' && waitsForWhatChangedText(core, caseRecord));
  if (!isDropped && !(input.decision === 'leave' && needsPerson !== null && mayStay))
    throw new AppError('conflict', 'There is nothing to decide about this closing any more.');
  switch (input.decision) {
    case 'ask':
      decided('the customers are asked whether it is solved');
      stopSearchingForIssue(core, caseRecord);
      store.updateCase(core.sql, caseId, { closingReason: 'fixed', explanation: null });
      store.clearOriginal(core.sql, caseId);
      planFollowUpsOfClosing(core, store.getCase(core.sql, caseId));
      break;
    case 'declined':
      storeDeclineExplanation(core, caseId, input.because, who);
      break;
    case 'repeats': {
      const original = demandOriginalCase(core, caseId, input.handle);
      decided(`it repeats ${handleOf(original)}`);
      stopSearchingForIssue(core, caseRecord);
      store.updateCase(core.sql, caseId, { closingReason: 'duplicate' });
      store.setOriginal(core.sql, caseId, original.id, core.clock.now());
      follow(core, store.getCase(core.sql, caseId), original.id);
      break;
    }
    case 'leave':
      decided(isDropped ? 'nobody is asked' : `it stays as it is: ${needsPerson}`);
      store.updateCase(core.sql, caseId, { needsPerson: null });
  }
}

/** A later read that does not find the issue must not undo the person's decision. */
function stopSearchingForIssue(core: Core, { id, closingReason, missedIssueReads: lost }: Case): void {
  if (closingReason === 'gone')
    store.updateCase(core.sql, id, { missedIssueReads: port.endMissingIssueSearch(lost, core.clock.now()) });
}

/** The case that another one is to repeat, by its handle in a `field`. */
export function demandOriginalCase(core: Core, caseId: string, handle: string, field = 'handle'): Case {
  const original = store.findCaseByHandle(core.sql, handle);
  if (!original || original.id === caseId)
    basics.refuseField(field, 'names no other case; enter the case that this one repeats, for example C-12');
  const repeated = new Set<string>();
  for (let id: string | null = original.id; id && !repeated.has(id); id = store.findOriginalId(core.sql, id))
    repeated.add(id);
  if (repeated.has(caseId)) basics.refuseField(field, `${handleOf(original)} repeats this case already`);
  return original;
}

/** Stores why the work was declined, in words for the customer; they also apply to a later closing. */
export function storeDeclineExplanation(core: Core, caseId: string, because: string, who: string): void {
  const note = basics.wording('because', because, 'write why, for the customer to read', longestExplanation);
  store.updateCase(core.sql, caseId, { explanation: note });
  const caseRecord = store.getCase(core.sql, caseId);
  if (caseRecord.loop !== 'dropped' || caseRecord.closingReason === null) return;
  basics.record(core, caseId, 'closing decided', 'declined, and the customer gets the reason', { who });
  stopSearchingForIssue(core, caseRecord);
  store.updateCase(core.sql, caseId, { closingReason: 'declined' });
  store.clearOriginal(core.sql, caseId);
  applyClosingConsequence(core, store.getCase(core.sql, caseId));
}

/** Makes duplicates of a reopened case wait for its next closing. */
export function makeDuplicatesWaitAgain(core: Core, caseRecord: Case, cancel: (repeating: Case) => void): void {
  for (const repeating of store.findDuplicatesOfCase(core.sql, caseRecord.id)) {
    if (repeating.loop === 'dropped') {
      store.updateCase(core.sql, repeating.id, { needsPerson: null });
      continue;
    }
    cancel(repeating);
    const generation = repeating.generation + 1;
    store.updateCase(core.sql, repeating.id, { loop: 'dropped', generation, gate: null, needsPerson: null });
    basics.record(core, repeating.id, 'follows another case', `${handleOf(caseRecord)} was reopened`);
  }
}

function scheduleFollowUps(core: Core, caseRecord: Case): void {
  if (caseRecord.action === 'task') return;
  scheduleCustomerFollowUps(core, caseRecord);
  planCloserFollowUp(core, caseRecord);
}

function planCloserFollowUp(core: Core, caseRecord: Case): void {
  // A closer who declined with a reason has named the blocker already.
  if (getsExplanation(core, caseRecord)) return;
  const { loopOwner } = caseRecord;
  const isOwnerManager = basics.roleOf(core, caseRecord, loopOwner) === 'manager';
  const manager = isOwnerManager ? loopOwner : (basics.findTeam(core, caseRecord.team)?.managers[0] ?? loopOwner);
  const closer = caseRecord.closer ?? manager;
  if (!closer) return;
  const why = caseRecord.closer ? 'closed the issue' : 'is the case manager; the closer is unknown here';
  if (!caseRecord.closer) basics.record(core, caseRecord.id, 'closer not known', 'a case manager is asked instead');
  const survey = core.settings.workspace['follow-up']['closer-survey'];
  const dueAt = core.clock.now();
  schedule(core, caseRecord, { kind: 'closer', person: closer, survey, dueAt, why, waitsFor: null });
}
