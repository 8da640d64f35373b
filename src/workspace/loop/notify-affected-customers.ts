import { AppError, basics, type Case, type Core, describeGateWait, store, timing } from '../kit.ts';
import { findFollowUpTiming, requestDecision } from './gates.ts';
import { chooseFollowUpSurveyName, createMailSlotFinder, getsExplanation, schedule } from './schedule.ts';
import { skip } from './withdraw.ts';

/** Whether a strategic closing waits for a text about what changed. */
export const waitsForWhatChangedText = (core: Core, caseRecord: Case): boolean =>
  caseRecord.kind === 'strategic' &&
  !getsExplanation(core, caseRecord) &&
  basics.findWhatChangedText(caseRecord) === null;

/** Schedules follow-ups, one per person; a strategic closing waits until a case manager has written the text. */
export function scheduleCustomerFollowUps(core: Core, caseRecord: Case): void {
  const customers = store.listAffectedCustomers(core.sql, caseRecord.id);
  if (customers.length === 0) return;
  if (waitsForWhatChangedText(core, caseRecord)) {
    const waiting = customers.length === 1 ? '1 customer waits' : `${customers.length} customers wait`;
    requestDecision(core, caseRecord, `write what changed: ${waiting} to be notified and asked`, 'is resolved;');
    return;
  }
  const { batch } = core.settings.workspace['follow-up'];
  const { delay, 'longest-wait': longestWait } = findFollowUpTiming(core, caseRecord);
  const now = core.clock.now();
  const waits = caseRecord.gate && describeGateWait(caseRecord.gate);
  const isStrategic = caseRecord.kind === 'strategic';
  const plan = `asked ${timing.formatDuration(delay)} after the closing`;
  const shared = `notified and ${plan} or later, ${batch.count} in ${timing.formatDuration(batch.ms)}`;
  const why = waits ? `waits for ${waits}` : isStrategic ? shared : plan;
  const findSlot =
    isStrategic && !waits ? createMailSlotFinder(core, now + delay) : () => now + (waits ? longestWait : delay);
  const survey = chooseFollowUpSurveyName(core, caseRecord);
  const asked = new Set<string | undefined>();
  for (const { key: person } of customers) {
    const mailbox = basics.findAddressForCaseMail(core, caseRecord.id, person).address?.toLowerCase();
    // Two customers with one address are one person, who gets one mail.
    const isAsked = mailbox !== undefined && asked.has(mailbox);
    const dueAt = isAsked ? now : findSlot();
    const id = schedule(core, caseRecord, { kind: 'customer', person, survey, dueAt, why, waitsFor: waits });
    const repeated = isAsked && store.findAsk(core.sql, id);
    if (repeated) skip(core, repeated, 'another customer with the same address is notified and asked');
    asked.add(mailbox);
  }
}

/** Number of mails about a closing, by state. */
export function countCustomerFollowUpsByState(core: Core, caseRecord: Case): Record<string, number> {
  const states = { due: 0, sent: 0, answered: 0, expired: 0, skipped: 0 };
  const { id: caseId, generation } = caseRecord;
  const asked = store.followUps.list(core.sql, { caseId, generation, kind: 'customer' });
  for (const { state } of asked) states[state] += 1;
  return states;
}

const longest = 2000;

/** Stores what was done, in words for customers, by the team of a tactical case or managers of a strategic one. */
export function setWhatChanged(core: Core, caseId: string, { text, who }: { text: string; who: string }): void {
  const caseRecord = basics.demandCase(core, caseId);
  const mayWriteAsTeamMember = caseRecord.kind === 'tactical' && basics.roleOf(core, caseRecord, who) !== null;
  if (!mayWriteAsTeamMember && !basics.mayManageCase(core, caseRecord, who))
    throw new AppError('forbidden', 'Only people with a part in the case may write what changed.');
  const words = basics.wording('text', text, 'write in a sentence what was done for the customer', longest);
  const waited = waitsForWhatChangedText(core, caseRecord);
  const whatChanged = { text: words, who, at: core.clock.now(), generation: caseRecord.generation };
  store.updateCase(core.sql, caseId, { whatChanged });
  basics.record(core, caseId, 'what changed', words, { who });
  if (!waited || caseRecord.loop !== 'resolved') return;
  store.updateCase(core.sql, caseId, { needsPerson: null });
  scheduleCustomerFollowUps(core, store.getCase(core.sql, caseId));
}
