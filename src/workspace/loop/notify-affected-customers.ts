import type { Case } from '#domain/cases/case-record.ts';
import { describeGateWait } from '#domain/settings/gate.ts';
import { formatDuration } from '#domain/time/duration.ts';
import { findAddressForCaseMail } from '../basics/case-address.ts';
import { findWhatChangedText } from '../basics/closing-explanation.ts';
import type { Core } from '../core.ts';
import { findAsk, followUpsOfCase } from '../store/asks.ts';
import { listAffectedCustomers } from '../store/case-responses.ts';
import { findFollowUpTiming } from './gates.ts';
import { createMailSlotFinder } from './mail-rate.ts';
import { chooseFollowUpSurveyName, getsExplanation, schedule } from './schedule.ts';
import { requestDecision } from './wait-for-decision.ts';
import { skip } from './withdraw.ts';

/** Whether a strategic closing waits for a text about what changed. */
export function waitsForWhatChangedText(core: Core, caseRecord: Case): boolean {
  return (
    caseRecord.kind === 'strategic' && !getsExplanation(core, caseRecord) && findWhatChangedText(caseRecord) === null
  );
}

/**
 * Schedules mails about what changed to all affected customers of a strategic case, one per person, within the mail
 * rate. Until a case manager has written the text, the closing waits.
 */
export function scheduleMailToAffectedCustomers(core: Core, caseRecord: Case): void {
  const customers = listAffectedCustomers(core.sql, caseRecord.id);
  if (customers.length === 0) return;
  if (waitsForWhatChangedText(core, caseRecord)) {
    const waiting = customers.length === 1 ? '1 customer waits' : `${customers.length} customers wait`;
    const why = `write what changed: ${waiting} to be notified and asked`;
    requestDecision(core, caseRecord, why, 'is resolved;');
    return;
  }
  const { batch } = core.settings.workspace['follow-up'];
  const { delay, 'longest-wait': longestWait } = findFollowUpTiming(core, caseRecord);
  const waits = caseRecord.gate && describeGateWait(caseRecord.gate);
  const next = createMailSlotFinder(core, core.clock.now() + delay);
  const survey = chooseFollowUpSurveyName(core, caseRecord);
  const asked = new Set<string>();
  for (const { key } of customers) {
    const address = findAddressForCaseMail(core, caseRecord.id, key).address;
    if (address !== null && asked.has(address)) {
      const id = schedule(core, caseRecord, 'customer', key, survey, core.clock.now(), 'the same address');
      const repeated = id && findAsk(core.sql, id);
      // Two customers with one address are one person, who gets one mail.
      if (repeated) skip(core, repeated, 'another customer with the same address is notified and asked');
      continue;
    }
    if (address !== null) asked.add(address);
    const why = `notified and asked ${formatDuration(delay)} after the closing or later, ${batch.count} in ${formatDuration(batch.ms)}`;
    if (!waits) schedule(core, caseRecord, 'customer', key, survey, next(), why);
    else {
      const until = core.clock.now() + longestWait;
      schedule(core, caseRecord, 'customer', key, survey, until, `waits for ${waits}`, waits);
    }
  }
}

/** Number of mails about a closing, by state. */
export function countCustomerFollowUpsByState(core: Core, caseRecord: Case): Record<string, number> {
  const states = { due: 0, sent: 0, answered: 0, expired: 0, skipped: 0 };
  for (const { kind, state } of followUpsOfCase(core.sql, caseRecord.id, caseRecord.generation)) {
    if (kind === 'customer') states[state] += 1;
  }
  return states;
}
