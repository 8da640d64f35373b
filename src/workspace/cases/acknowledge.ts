import { computeWorkingMsOfCase } from '#domain/templates/due.ts';
import { basics, type Case, type Core, createRandomId, dayMs, handleOf, isOpenLoop, store } from '../kit.ts';
import { notify } from '../mail/notify.ts';
import { setLadderTimer, skipReminders } from './ladder.ts';

/** Acknowledges a case inside a transaction: reminders end and the ladder holds; its goal stays. */
export function acknowledge(core: Core, caseId: string, who: string, how: string): void {
  const caseRecord = basics.demandWorkingCase(core, caseId, 'a ladder');
  if (caseRecord.acknowledgedAt !== null) return;
  store.updateCase(core.sql, caseId, { acknowledgedAt: core.clock.now(), acknowledgedBy: who });
  basics.record(core, caseId, 'acknowledged', how, { who });
  skipReminders(core, caseId, `${basics.findPersonName(core, who)} has it`);
  setLadderTimer(core, caseId);
}

function readAcknowledgeLink(core: Core, subject: string): { caseRecord: Case; person: string } | null {
  const [caseId = '', ladder, person = ''] = subject.split('.');
  const caseRecord = store.findCase(core.sql, caseId);
  if (!caseRecord || String(caseRecord.ladder) !== ladder) return null;
  return basics.findPerson(core, person) && basics.hasAccess(core, person, 'member') ? { caseRecord, person } : null;
}

export function buildAcknowledgePage(core: Core, subject: string) {
  const link = readAcknowledgeLink(core, subject);
  const caseRecord = link?.caseRecord ?? basics.demandCase(core, subject.split('.')[0] ?? '');
  const isOver = link === null || !isOpenLoop(caseRecord.loop);
  return {
    workspaceName: core.settings.workspace.name,
    handle: handleOf(caseRecord),
    caseUrl: basics.buildCasePageUrl(core, caseRecord.id),
    state: isOver ? 'over' : caseRecord.acknowledgedAt === null ? 'open' : 'acknowledged',
    by: basics.findPersonName(core, caseRecord.acknowledgedBy),
  } as const;
}

export function acknowledgeByLink(core: Core, subject: string) {
  const link = readAcknowledgeLink(core, subject);
  if (link && isOpenLoop(link.caseRecord.loop))
    acknowledge(core, link.caseRecord.id, link.person, 'by the link in a mail');
  return buildAcknowledgePage(core, subject);
}

const mostSnoozeMs = 30 * dayMs;

/** Holds the ladder of an open case for some time, with a reason. The goal stays. Call it inside a transaction. */
export function snooze(core: Core, caseId: string, { ms, why, who }: { ms: number; why: string; who: string }): void {
  if (ms > mostSnoozeMs) basics.refuseField('snooze', 'is more than 30 days; change the goal instead');
  const until = core.clock.now() + ms;
  store.updateCase(core.sql, caseId, { snoozedUntil: until });
  basics.record(core, caseId, 'snoozed', `until ${basics.formatTime(core, until)}: ${why}`, { who });
  setLadderTimer(core, caseId);
}

type Contact = { who: string; how: string; note?: string; once?: string | null };

/** Records a contact with the customer; the first one ends its clock. Call it inside a transaction. */
export function markContacted(core: Core, caseId: string, { who, how, note = '', once }: Contact): void {
  const caseRecord = basics.demandCase(core, caseId);
  const isFirst = storeFirstContact(core, caseRecord);
  const text = note === '' ? '' : basics.wording('note', note, 'write what was said');
  const id = `${once ?? createRandomId(core.random, 'call')}:${core.keys.mac('call.1', text).slice(0, 16)}`;
  const call = { caseId, id, kind: 'call' as const, author: who, text: `${how}\n${text}`, at: core.clock.now() };
  const isNoted = text !== '' && store.comments.add(core.sql, call);
  if (isFirst || isNoted) basics.record(core, caseId, 'customer contacted', how, { who });
}

/** As `markContacted`, where the timeline has its entry already. @returns whether it was the first contact */
export function storeFirstContact(core: Core, caseRecord: Case): boolean {
  const { id, firstContactAt } = caseRecord;
  if (firstContactAt !== null) return false;
  const now = core.clock.now();
  const contactMs = computeWorkingMsOfCase(core.settings.workspace, caseRecord, now);
  store.updateCase(core.sql, id, { firstContactAt: now, contactMs });
  store.clearTimer(core.sql, 'first-contact', id);
  return true;
}

export function recordMissedFirstContact(core: Core, caseId: string): void {
  const caseRecord = store.findCase(core.sql, caseId);
  if (caseRecord?.loop !== 'working' || caseRecord.firstContactAt !== null || caseRecord.firstContactDueAt === null)
    return;
  const due = basics.formatTime(core, caseRecord.firstContactDueAt);
  basics.record(core, caseId, 'first contact missed', `no contact with the customer by ${due}`);
  const headline = `No contact with the customer of ${handleOf(caseRecord)} by ${due}`;
  notify(core, caseRecord, 'first-contact-missed', headline, { to: ['loop-owner'] });
}
