import { openFromResponse } from '../cases/open-by-hand.ts';
import { AppError, basics, type Core, dayMs, demandFound, evaluate, store } from '../kit.ts';
import { buildEvaluationContext, explainTaker } from './apply-templates.ts';

export interface TriageDecision {
  responses: string[];
  decision: 'open' | 'dismiss';
  template?: string | null | undefined;
  reason: string;
  who: string;
}

/** Opens cases for responses, or dismisses them. @returns the number of decided ones, and why others were left */
export function decideTriage(core: Core, { responses, decision, template, reason, who }: TriageDecision) {
  const why = basics.wording('reason', reason, 'say in one line why', 300);
  // All are decided in one turn, in which every other workspace waits.
  if (responses.length > 200) basics.refuseField('responses', 'are more than 200; decide about fewer at once');
  const left: { response: string; why: string }[] = [];
  for (const id of responses) {
    if (!store.findResponse(core.sql, id)) basics.refuseField('responses', `names no response: ${id}`);
    try {
      if (decision === 'open') openFromResponse(core, id, { template: template ?? '', reason: why, who });
      else dismiss(core, id, { who, why });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
      left.push({ response: id, why: error.message });
    }
  }
  return { decided: responses.length - left.length, left };
}

function dismiss({ sql, clock }: Core, id: string, { who, why }: { who: string; why: string }): void {
  const isWaiting = store.triage.find(sql, { responseId: id })?.dismissedAt === null;
  if (!isWaiting) throw new AppError('conflict', 'It is not in the triage any more: somebody decided already.');
  store.triage.update(sql, { responseId: id }, { dismissedAt: clock.now(), dismissedBy: who, reason: why });
}

export type StoredMatchesRequest = { days: number; who?: string };

const mostStoredResponses = 5000;
const responsesPerRead = 250;

/** Holds stored responses that a template matches and has no case for, in steps, so that their number is known first. */
export function* holdStoredMatches(core: Core, name: string, { days }: StoredMatchesRequest) {
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
