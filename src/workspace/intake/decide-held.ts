import { basics, type Core, dayMs, type Decision, demandFound, evaluate, type json, store, toIsoText } from '../kit.ts';
import { buildEvaluationContext, decideByTemplate, explainTaker } from './apply-templates.ts';

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

type HeldDecision = { decision: 'open' | 'drop'; who: string };

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
  store.responses.update(core.sql, { id }, { decisions: [...decided.values()] });
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

const mostStoredResponses = 5000;
const responsesPerRead = 250;

/** Holds stored responses that a template matches and has no case for, in steps, so that their number is known first. */
export function* holdStoredMatches(core: Core, name: string, { days }: { days: number; who?: string }) {
  const template = demandFound(core.settings.templates.get(name), 'There is no such template.');
  if (template.state !== 'on') basics.refuseField('template', `is not on, so it opens nothing: ${name}`);
  if (template.action === 'notice') basics.refuseField('template', `only sends notices and opens nothing: ${name}`);
  if (!Number.isInteger(days) || days < 1 || days > 366)
    basics.refuseField('days', 'must be a whole number from 1 to 366');
  const now = core.clock.now();
  const oldest = now - days * dayMs;
  let before = Number.MAX_SAFE_INTEGER;
  let held = 0;
  for (let read = 0; read < mostStoredResponses; read += responsesPerRead) {
    const rows = store.listResponses(core.sql, before, responsesPerRead);
    for (const response of rows) {
      yield;
      const { id, customerKey, content, isFeedback, incoming } = response;
      if (!isFeedback || incoming === null || content.submittedAt < oldest) continue;
      const cases = store.casesOfResponse(core.sql, id);
      if (cases.some((own) => own.template === name) || explainTaker(core, cases[0]?.template)) continue;
      const context = buildEvaluationContext(core, [template], { customerKey, content });
      const { matched } = evaluate(template, content, context);
      const match = { template: name, responseId: id, at: now, state: 'held' as const };
      if (matched && store.heldMatches.add(core.sql, match)) held += 1;
    }
    const last = rows.at(-1);
    // A response is submitted before it is received, and rows are in the order of receipt.
    if (!last || rows.length < responsesPerRead || last.receivedAt < oldest) break;
    before = last.seq;
  }
  return { held };
}
