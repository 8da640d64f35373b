import { computeNeededHistoryMs } from '#domain/responses/condition.ts';
import type { EvaluationContext } from '#domain/responses/heads.ts';
import type { SurveyResponse } from '#domain/responses/response.ts';
import { openOrJoinCases } from '../cases/open-or-join.ts';
import { basics, type Core, dayMs, hourMs, store, templating } from '../kit.ts';
import { planResurvey } from '../loop/schedule.ts';
import { notifyOfMatchedResponse } from '../mail/notify.ts';
import { isTooOldForCases, triageResponse } from './triage.ts';

const partialResponseWaitMs = dayMs;
const questionFetchWaitMs = hourMs;

type ResponseToJudge = Pick<store.StoredResponse, 'id' | 'customerKey' | 'content'>;

/** Applies the templates to a new or edited response, or records why that waits. */
export function applyTemplates(
  core: Core,
  response: ResponseToJudge,
  facts: { undescribed: boolean; isBackFilled: boolean },
): void {
  const { id, content } = response;
  const now = core.clock.now();
  if (facts.isBackFilled && isTooOldForCases(core, content)) {
    const why = 'Submitted more than 30 days before it was found: stored without a case';
    decide(core, response, makeDecisions(core, response, [], why));
    return;
  }
  if (content.partial) {
    store.responses.update(core.sql, { id }, { decisions: undecided(core, 'The response is not finished yet') });
    store.setTimer(core.sql, 'judge', id, now + partialResponseWaitMs);
    return;
  }
  if (facts.undescribed) waitForQuestions(core, id);
  else decide(core, response, makeDecisions(core, response, []));
}

/** Records that a response waits for the description of its form, and looks again after an hour at the latest. */
export function waitForQuestions(core: Core, id: string): void {
  const decisions = undecided(core, 'the questions of its form are being fetched');
  store.responses.update(core.sql, { id }, { decisions });
  store.setTimer(core.sql, 'judge', id, core.clock.now() + questionFetchWaitMs);
}

/** Applies the templates after the wait: to a partial response after a day of silence, to others without titles. */
export function applyTemplatesAfterWait(core: Core, response: store.StoredResponse): void {
  const { partial } = response.content;
  const remark = partial ? ['Not finished, and evaluated as it is after 24 hours of silence'] : [];
  const content = { ...response.content, partial: false };
  decide(core, response, makeDecisions(core, { ...response, content }, remark));
}

type Judged = { decisions: templating.Decision[]; matches: templating.CaseTemplate['action'][] };

function decide(core: Core, { id, customerKey, content }: ResponseToJudge, { decisions, matches }: Judged): void {
  store.responses.update(core.sql, { id }, { decisions, decidedRevision: content.revision });
  const opened = decisions.flatMap((decision) => (decision.opened ? decision.template : []));
  core.log.info('response-judged', { response: id, source: content.source, templates: opened.join(' ') });
  if (matches.includes('notice')) store.responses.update(core.sql, { id }, { isActedOn: true });
  if (!isTooOldForCases(core, content)) triageResponse(core, { id, content }, { taken: matches.length > 0 });
  planResurvey(core, { id, customerKey, content });
  store.clearTimer(core.sql, 'judge', id);
}

const undecided = (core: Core, why: string): templating.Decision[] =>
  [...core.settings.templates.keys()].map((template) => ({ template, opened: false, why: [why] }));

/** A response belongs to at most one case per template. Its edits are recorded there, and close nothing. */
function makeDecisions(core: Core, response: ResponseToJudge, remark: string[], closed: string | null = null): Judged {
  const caseByTemplate = new Map(
    store.casesOfResponse(core.sql, response.id).map((caseOfTemplate) => [caseOfTemplate.template, caseOfTemplate]),
  );
  let [taker] = caseByTemplate.keys();
  const { templates } = core.settings;
  const templatesInUse = [...templates.values()].filter(({ state }) => state === 'on');
  const context = buildEvaluationContext(core, templatesInUse, response);
  const judged = templating.sortTemplatesByPriority(templates).map(([name, template]) => {
    const caseOfTemplate = caseByTemplate.get(name);
    const { action } = template;
    const mayAct = caseOfTemplate !== undefined || (action === 'notice' && closed === null);
    const taken = mayAct ? null : (closed ?? explainTaker(core, taker));
    if (taken) return { matched: false, action, decision: { template: name, opened: false, why: [taken] } };
    if (!caseOfTemplate) {
      const decided = decideByTemplate(core, name, template, { response, remark, context });
      // A held match takes the response too, because a person may still open it.
      if (decided.matched && action !== 'notice') taker ??= name;
      return decided;
    }
    const { matched, reasons } = evaluateResponse(template, response, context);
    const what = matched ? 'it still matches the template' : 'it no longer matches the template';
    basics.record(core, caseOfTemplate.id, 'response edited', `${what}: ${reasons.join('; ')}`, {
      evidence: response.id,
    });
    basics.noteAddressOfResponse(core, caseOfTemplate.id, response.customerKey, response.id);
    const why = [...remark, ...reasons, `belongs to C-${caseOfTemplate.number} already`];
    return { matched: true, action, decision: { template: name, opened: matched, why } };
  });
  return {
    decisions: judged.map(({ decision }) => decision),
    matches: judged.flatMap(({ matched, action }) => (matched ? [action] : [])),
  };
}

/** Why other templates open no case, where only the first match does; null where they may. */
export function explainTaker({ settings: { workspace, templates } }: Core, taker: string | undefined): string | null {
  if (taker === undefined || workspace.matches !== 'first') return null;
  return `Only the first match opens a case here, by ${templates.get(taker)?.name ?? taker}`;
}

function evaluateResponse(template: templating.CaseTemplate, { content }: ResponseToJudge, context: EvaluationContext) {
  const evaluation = templating.evaluate(template, content, context);
  return { matched: evaluation.matched, reasons: templating.explain(evaluation) };
}

/** Opens or joins a case, or sends a notice, for a response that one template did not act on before. */
export function decideByTemplate(
  core: Core,
  name: string,
  template: templating.CaseTemplate,
  given: { response: ResponseToJudge; remark: string[]; context?: EvaluationContext },
): { matched: boolean; action: templating.CaseTemplate['action']; decision: templating.Decision } {
  const { response, remark, context = buildEvaluationContext(core, [template], response) } = given;
  const { matched, reasons } = evaluateResponse(template, response, context);
  const why = [...remark, ...reasons];
  const { action } = template;
  if (matched && action !== 'notice') {
    const { opened, line } = openOrJoinCases(core, name, template, response, why);
    return { matched, action, decision: { template: name, opened, why: [...why, line] } };
  }
  if (matched) why.push(notifyOfMatchedResponse(core, name, template, response.id));
  return { matched, action, decision: { template: name, opened: false, why } };
}

/** Facts for a template's conditions; earlier responses are read only where a condition needs them. */
export function buildEvaluationContext(
  core: Core,
  templates: templating.CaseTemplate[],
  { customerKey, content }: { customerKey: string; content: SurveyResponse },
): EvaluationContext {
  const back = Math.max(0, ...templates.map(({ when }) => computeNeededHistoryMs(when.condition)));
  const since = content.submittedAt - back;
  const earlier = back === 0 ? [] : store.listResponsesOfCustomerSince(core.sql, customerKey, since);
  return {
    earlier,
    tier: templating.findTier(core.settings.workspace, content.customer),
    done: new Map(),
    ...templating.computeReadable(core.settings.templates.values(), earlier.length),
  };
}
