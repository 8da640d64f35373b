import * as gating from '#domain/settings/gate.ts';
import { AppError, basics, type Case, type Core, cut, handleOf, type port, store, timing } from '../kit.ts';
import { notify } from '../mail/notify.ts';

/** Delay and gate for follow-ups of this case: its template's rule before the workspace's. */
export function findFollowUpTiming(core: Core, caseRecord: Case) {
  const policy = core.settings.workspace['follow-up'];
  const own = core.settings.templates.get(caseRecord.template)?.['ask-after'];
  const longest = own?.['longest-wait'] ?? policy['longest-wait'];
  return { delay: own?.delay ?? policy.delay, 'longest-wait': longest, rule: own ?? policy['ask-after'] };
}

/** The gate of a closing now: its label or shipment may be there already. */
export function gateOf(core: Core, caseRecord: Case, isExplainedNotAsked: boolean): gating.Gate | null {
  const policy = core.settings.workspace['follow-up'];
  const template = core.settings.templates.get(caseRecord.template);
  const message = template?.['require-personal-message'] ?? policy['require-personal-message'];
  const now = core.clock.now();
  const rule = isExplainedNotAsked ? undefined : findFollowUpTiming(core, caseRecord).rule;
  const gate = gating.createGate(rule, message, now);
  if (!gate) return null;
  const { release, milestone } = gate;
  const events: gating.GateEvent[] = [
    ...(caseRecord.issue?.labels ?? []).map((name) => ({ kind: 'label' as const, name })),
    ...(release === null || release === 'next' ? [] : store.shipped.list(core.sql, { kind: 'release', name: release })),
    ...(milestone === null ? [] : store.shipped.list(core.sql, { kind: 'milestone', name: milestone })),
  ];
  return events.reduce((entry, event) => gating.updateGateByEvent(entry, event, now), gate);
}

type ActedBy = { who: string; why: string };

/** Applies an event to a case's gate, which may start the follow-ups. @returns whether it concerned this case */
export function applyGateEvent(core: Core, caseId: string, event: gating.GateEvent, facts: ActedBy): boolean {
  const caseRecord = store.findCase(core.sql, caseId);
  if (!caseRecord?.gate) return false;
  const now = core.clock.now();
  const gate = gating.updateGateByEvent(caseRecord.gate, event, now);
  if (gate === caseRecord.gate) return false;
  store.updateCase(core.sql, caseId, { gate });
  basics.record(core, caseId, 'waiting ended', facts.why, { who: facts.who });
  // The same fix solves a duplicate, whose customer gets a message of their own.
  for (const { id } of ['label', 'shipped'].includes(event.kind) ? store.findDuplicatesOfCase(core.sql, caseId) : [])
    applyGateEvent(core, id, event, facts);
  const waits = gating.describeGateWait(gate);
  const delay = event.kind === 'ask anyway' ? 0 : findFollowUpTiming(core, caseRecord).delay;
  const why = waits ? `waits for ${waits}` : `asked ${timing.formatDuration(delay)} after ${facts.why}`;
  const { generation } = caseRecord;
  for (const { id, waitsFor } of store.followUps.list(core.sql, { caseId, generation, state: 'due' })) {
    if (waitsFor === null) continue;
    if (waits) store.asks.update(core.sql, { id }, { waitsFor: waits, why });
    else store.postponeAsk(core.sql, id, now + delay, { waitsFor: null, why });
  }
  if (!waits && caseRecord.needsPersonKind === 'long-wait') store.updateCase(core.sql, caseId, { needsPerson: null });
  return true;
}

type WaitEnd = 'shipped' | 'ask anyway';

/** Ends the wait, because the fix reached the customer in a `version`, or a case manager wants no more of it. */
export function endGateWaitByPerson(core: Core, caseId: string, event: WaitEnd, who: string, version = ''): void {
  const caseRecord = basics.demandCase(core, caseId);
  const mayEndAsTeamMember = event === 'shipped' && basics.roleOf(core, caseRecord, who) !== null;
  if (!mayEndAsTeamMember && !basics.mayManageCase(core, caseRecord, who))
    throw new AppError('forbidden', 'Only a case manager may decide this.');
  const why =
    event === 'shipped'
      ? `the fix has reached the customer${version && ` with ${cut(version, 60)}`}`
      : 'a person decided not to wait longer';
  if (!applyGateEvent(core, caseId, { kind: event }, { who, why }))
    throw new AppError('conflict', 'This case waits for nothing, so there is nothing to end.');
}

/** Follow-ups to customers that only their delay holds back, and whose mail has an address. */
export const listAsksInDelay = (core: Core, { id, generation, loop }: Case): store.FollowUp[] =>
  loop === 'working' || loop === 'dropped'
    ? []
    : store.followUps
        .list(core.sql, { caseId: id, generation, kind: 'customer', state: 'due', waitsFor: null })
        .filter(({ dueAt }) => dueAt > core.clock.now())
        .filter(({ person }) => basics.findAddressForCaseMail(core, id, person).address !== null);

/** Skips the delay of a closing's follow-ups. Quarantine, opt-out and age are checked when the mail is sent, as always. */
export function askNow(core: Core, caseId: string, who: string): void {
  const asks = listAsksInDelay(core, basics.demandManagedCase(core, caseId, who));
  if (asks.length === 0) throw new AppError('conflict', 'No survey waits for its delay alone.');
  for (const { id } of asks) store.postponeAsk(core.sql, id, core.clock.now(), { why: 'a person decided to ask now' });
  basics.record(core, caseId, 'waiting ended', 'a person decided to ask now', { who });
}

/** Ends the longest wait: a person decides, and the follow-up waits until then. */
export function leaveLongWaitToPerson(core: Core, followUp: store.FollowUp, caseRecord: Case): void {
  if (caseRecord.generation !== followUp.generation) return;
  const longest = timing.formatDuration(findFollowUpTiming(core, caseRecord)['longest-wait']);
  const needsPerson = `the follow-up has waited ${longest} for ${followUp.waitsFor}: ask anyway, or decide otherwise`;
  if (caseRecord.needsPerson === needsPerson) return;
  requestDecision(core, caseRecord, needsPerson);
  store.updateCase(core.sql, caseRecord.id, { needsPersonKind: 'long-wait' });
}

/** Shows that a person has to decide, and notifies the recipients of that event of the case's `state`. */
export function requestDecision(core: Core, caseRecord: Case, why: string, state = 'waits for a decision:'): void {
  store.updateCase(core.sql, caseRecord.id, { needsPerson: why });
  basics.record(core, caseRecord.id, 'needs a person', why);
  const text = `${handleOf(caseRecord)} ${state} ${why} (closing ${caseRecord.generation})`;
  notify(core, caseRecord, 'needs-a-person', text);
}

/** Applies a shipped release or milestone to every waiting closing, in a transaction. @returns whether it is news */
export function recordShipment(core: Core, { event, subject, at, customer }: port.IncomingEvent): boolean {
  const kind = gating.findShipmentKind(event);
  if (!kind || (!subject && customer)) return false;
  if (!subject) basics.refuseField('subject', `is missing; name the ${kind}, as in "subject": "4.2.0"`);
  const shipped = { kind, name: subject, at };
  if (!store.shipped.add(core.sql, shipped)) return false;
  const facts = { who: 'an event', why: `${kind} ${subject}` };
  for (const { id } of store.listCasesWithGate(core.sql)) applyGateEvent(core, id, shipped, facts);
  return true;
}
