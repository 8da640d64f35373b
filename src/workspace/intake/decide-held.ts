import { basics, type Core, type Decision, type json, store, toIsoText } from '../kit.ts';
import { decideByTemplate, explainTaker } from './apply-templates.ts';

const mostExamples = 3;

export const listHeldMatches = (core: Core): json.HeldMatchesJson[] =>
  store.summarizeHeldMatches(core.sql).map(({ template, firstAt, lastAt, ...summary }) => ({
    ...summary,
    template,
    title: core.settings.templates.get(template)?.name ?? template,
    firstAt: toIsoText(firstAt),
    lastAt: toIsoText(lastAt),
    responses: store.listHeldResponseIds(core.sql, template, mostExamples),
  }));

export type HeldDecision = { decision: 'open' | 'drop'; who: string };

/** Opens or drops what is held of a template, once each; opening lets further matches through for an hour. */
export function decideHeld(core: Core, template: string, { decision, who }: HeldDecision): { decided: number } {
  if (decision === 'open' && core.settings.templates.get(template)?.state !== 'on')
    basics.refuseField('decision', `opens nothing: the template ${template} is not on; switch it on first, or drop`);
  const now = core.clock.now();
  const state = decision === 'open' ? 'opening' : 'dropped';
  const seqs = store
    .decideHeldMatches(core.sql, { template, state, decidedAt: now, decidedBy: who })
    .sort((a, b) => a - b);
  store.clearTimer(core.sql, 'runaway', template);
  for (const seq of seqs) {
    if (state === 'opening') store.setTimer(core.sql, 'held', String(seq), now);
    else recordDrop(core, seq, `dropped by ${basics.findPersonName(core, who)}`);
  }
  return { decided: seqs.length };
}

function recordDrop(core: Core, seq: number, line: string): void {
  const match = store.heldMatches.find(core.sql, { seq });
  const response = match && store.findResponse(core.sql, match.responseId);
  if (!response) return;
  const why = response.decisions.find(({ template }) => template === match.template)?.why ?? [];
  replaceDecision(core, response, { template: match.template, opened: false, why: [...why, line] });
}

/** A template that is newer than the response has no decision about it yet. */
function replaceDecision(core: Core, { id, decisions }: store.StoredResponse, decision: Decision): void {
  const decided = new Map([...decisions, decision].map((each) => [each.template, each]));
  store.storeProvisionalDecisions(core.sql, id, [...decided.values()]);
}

/** Judges a held match again by its template, as it is now, without the limit. It waits again for a template that is off. */
export function openHeldMatch(core: Core, target: string): void {
  const match = store.heldMatches.find(core.sql, { seq: Number(target) });
  const response = match?.state === 'opening' ? store.findResponse(core.sql, match.responseId) : null;
  if (!match || !response) return;
  const template = core.settings.templates.get(match.template);
  const isOn = template?.state === 'on';
  store.heldMatches.update(core.sql, { seq: match.seq }, { state: isOn ? 'opened' : 'held' });
  if (!isOn) store.setTimerIfUnset(core.sql, 'runaway', match.template, core.clock.now());
  if (!isOn || store.findCaseByResponseAndTemplate(core.sql, response.id, match.template)) return;
  const content = { ...response.content, partial: false };
  const remark = ['opened after a hold'];
  const taken = explainTaker(core, store.casesOfResponse(core.sql, response.id)[0]?.template);
  const decision = taken
    ? { template: match.template, opened: false, why: [...remark, taken] }
    : decideByTemplate(core, match.template, template, { response: { ...response, content }, remark }).decision;
  replaceDecision(core, response, decision);
}
