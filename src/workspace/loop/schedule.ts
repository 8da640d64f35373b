import { basics, type Case, type Core, deriveId, port, store } from '../kit.ts';

/** Whether customers of this closing get an explanation instead of the question whether the problem is solved. */
export const getsExplanation = (core: Core, caseRecord: Case): boolean =>
  basics.hasDeclineExplanation(caseRecord) &&
  core.settings.surveys.has(core.settings.workspace['follow-up']['explained-survey']);

export function chooseFollowUpSurveyName(core: Core, caseRecord: Case): string {
  const policy = core.settings.workspace['follow-up'];
  if (getsExplanation(core, caseRecord)) return policy['explained-survey'];
  return core.settings.templates.get(caseRecord.template)?.['follow-up'] ?? policy.survey;
}

export const deriveFollowUpId = (
  core: Core,
  { id }: Case,
  generation: number,
  kind: store.FollowUp['kind'],
  person: string,
): string => deriveId(core.keys, 'f', id, String(generation), kind, person);

/** @returns the follow-up's id; null when this person has one for this closing */
export function schedule(
  core: Core,
  caseRecord: Case,
  kind: store.FollowUp['kind'],
  person: string,
  survey: string,
  dueAt: number,
  why: string,
  waits: string | null = null,
): string | null {
  const id = deriveFollowUpId(core, caseRecord, caseRecord.generation, kind, person);
  const plan = { survey, why, waitsFor: waits };
  const { id: caseId, generation } = caseRecord;
  if (!store.insertAsk(core.sql, { id, caseId, generation, kind, person, dueAt, ...plan }, dueAt)) {
    const earlier = store.findAsk(core.sql, id);
    const isIssueBack = earlier?.why === port.issueGoneReason && ['skipped', 'expired'].includes(earlier.state);
    if (!isIssueBack) return null;
    store.planAskAgain(core.sql, id, dueAt, plan);
  }
  return id;
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
