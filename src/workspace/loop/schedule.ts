import { readFurtherAttributes } from '#domain/responses/customer-file.ts';
import type { SurveyResponse } from '#domain/responses/response.ts';
import { basics, type Case, collectAttributes, type Core, deriveId, port, store, timing } from '../kit.ts';

/** Whether customers of this closing get an explanation instead of the question whether the problem is solved. */
export const getsExplanation = (core: Core, caseRecord: Case): boolean =>
  basics.hasDeclineExplanation(caseRecord) &&
  core.settings.surveys.has(core.settings.workspace['follow-up']['explained-survey']);

export function chooseFollowUpSurveyName(core: Core, caseRecord: Case): string {
  const policy = core.settings.workspace['follow-up'];
  if (getsExplanation(core, caseRecord)) return policy['explained-survey'];
  return core.settings.templates.get(caseRecord.template)?.['follow-up'] ?? policy.survey;
}

/** Name of the survey of an ask: today's where its own was removed meanwhile. */
export function findSurveyName(core: Core, { kind, survey }: store.Ask, caseRecord: Case | null): string {
  const { surveys, workspace } = core.settings;
  if (surveys.has(survey ?? '') || !caseRecord) return survey ?? '';
  return kind === 'closer' ? workspace['follow-up']['closer-survey'] : chooseFollowUpSurveyName(core, caseRecord);
}

type AskedOf = Pick<store.FollowUp, 'caseId' | 'generation' | 'kind' | 'person'>;
export const deriveFollowUpId = (core: Core, { caseId, generation, kind, person }: AskedOf): string =>
  deriveId(core.keys, 'f', caseId, String(generation), kind, person);

type FollowUpPlan = Pick<store.FollowUp, 'kind' | 'person' | 'survey' | 'dueAt' | 'why' | 'waitsFor'>;

/** @returns the follow-up's id; null when this person has one for this closing */
export function schedule(core: Core, caseRecord: Case, plan: FollowUpPlan): string | null {
  const { id: caseId, generation } = caseRecord;
  const { kind, person, dueAt, ...changes } = plan;
  const id = deriveFollowUpId(core, { caseId, generation, kind, person });
  if (store.insertAsk(core.sql, { id, caseId, generation, ...plan }, dueAt)) return id;
  const earlier = store.findAsk(core.sql, id);
  const isIssueBack = earlier?.why === port.issueGoneReason && ['skipped', 'expired'].includes(earlier.state);
  if (isIssueBack) store.planAskAgain(core.sql, id, dueAt, changes);
  return isIssueBack ? id : null;
}

/** Slots for follow-ups from an instant on, spread for mail providers and readers. @returns the next free slot */
export function createMailSlotFinder(core: Core, from: number): () => number {
  const { count, ms } = core.settings.workspace['follow-up'].batch;
  const taken = store.countFollowUpsByPeriod(core.sql, from - ms, ms, true);
  let period = Math.floor(from / ms);
  return () => {
    while ((taken.get(period) ?? 0) >= count) period += 1;
    taken.set(period, (taken.get(period) ?? 0) + 1);
    return Math.max(from, period * ms);
  };
}

/** Postpones a due follow-up to the next free slot when the mail rate is used up. Returns whether it did. */
export function putOff(core: Core, followUp: store.FollowUp): boolean {
  const { count, ms } = core.settings.workspace['follow-up'].batch;
  const now = core.clock.now();
  const period = Math.floor(now / ms);
  const sent = store.countFollowUpsByPeriod(core.sql, period * ms, ms, false).get(period) ?? 0;
  if (sent < count) return false;
  store.postponeAsk(core.sql, followUp.id, createMailSlotFinder(core, (period + 1) * ms)());
  return true;
}

/** Plans the invitations of an event, one per rule, in a transaction. @returns whether any rule was new to it */
export function planInvitations(core: Core, source: string, event: port.IncomingEvent, deliveryId: string): boolean {
  const { customer, at: eventAt } = event;
  const now = core.clock.now();
  const further = readFurtherAttributes(customer?.attributes ?? {}, collectAttributes(core.settings.workspace));
  let isNew = false;
  for (const [rule, { on, after }] of Object.entries(core.settings.workspace.invitations)) {
    if (on.source !== source || on.event !== event.event || !customer) continue;
    const { key: person, email: address, attributes: _, ...fields } = customer;
    const id = deriveId(core.keys, 'i', source, event.id, rule);
    const why = `${timing.formatDuration(after)} after ${event.event}`;
    const dueAt = eventAt + after;
    const invitation = { rule, originId: deliveryId, event: event.event, eventAt, address, why, dueAt };
    if (!store.insertAsk(core.sql, { id, kind: 'invitation', person, ...invitation }, now)) continue;
    isNew = true;
    const known = { ...fields, email: address, ...further };
    store.addReportedAttributes(core.sql, person, known, { submittedAt: eventAt, now });
  }
  return isNew;
}

/** Plans a re-survey of the chosen categories and a share of the others by key, so that nobody chooses. */
export function planResurvey(core: Core, response: { id: string; customerKey: string; content: SurveyResponse }): void {
  const { id: originId, customerKey: person, content } = response;
  for (const [rule, { source, survey, after, share, first }] of Object.entries(core.settings.workspace.resurvey)) {
    if (!source.includes(content.source) || content.partial) continue;
    const isFirst = store
      .casesOfResponse(core.sql, originId)
      .some(({ id }) => first.includes(store.findCase(core.sql, id)?.category ?? ''));
    const drawn = Number.parseInt(core.keys.mac('resurvey.1', rule, originId).slice(0, 8), 16) / 2 ** 32;
    if (!isFirst && drawn >= share) continue;
    const id = deriveId(core.keys, 'v', rule, originId);
    const dueAt = content.submittedAt + after;
    const why = isFirst ? 'of a category that is asked first' : `drawn as one of ${Math.round(share * 100)} %`;
    store.insertAsk(core.sql, { id, kind: 'resurvey', rule, originId, person, survey, why, dueAt }, core.clock.now());
  }
}
