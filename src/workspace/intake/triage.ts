import { openFromResponse } from '../cases/open-by-hand.ts';
import { AppError, basics, type Core, dayMs, feedback, store } from '../kit.ts';

const responsesLookedAtAgain = 200;
const oldestBackFilledMs = 30 * dayMs;

/** Whether a response from a back-fill or a file is stored without a case. */
export const isTooOldForCases = (core: Core, content: Pick<store.StoredResponse['content'], 'submittedAt'>): boolean =>
  core.clock.now() - content.submittedAt > oldestBackFilledMs;

/** Puts an unhappy response that no template took on the list of triage, or takes it off. */
export function triageResponse(
  core: Core,
  { id, content }: Pick<store.StoredResponse, 'id' | 'content'>,
  outcome: { taken: boolean },
): void {
  const { source, form } = content;
  const questions = store.questionsOf(core.sql, source, form);
  const limits = core.settings.workspace.sources[source]?.unhappy ?? {};
  const why = outcome.taken
    ? null
    : feedback.findUnhappyScore(content, limits, ({ question }) => questions.get(question.id)?.highest ?? 0);
  if (why === null) store.removeFromTriage(core.sql, id, 'unhappy');
  else store.putInTriage(core.sql, { responseId: id, kind: 'unhappy', why, at: core.clock.now() });
}

/** Looks again at the newest responses of a form whose scale turned out to be longer. */
export function triageAgain(core: Core, source: string, form: string): void {
  for (const response of store.responses.page(core.sql, { source, form }, responsesLookedAtAgain))
    if (isLeftAlone(core, response)) triageResponse(core, response, { taken: false });
}

const isLeftAlone = (core: Core, response: store.StoredResponse): boolean =>
  response.isFeedback &&
  !response.isActedOn &&
  response.decidedRevision !== null &&
  response.incoming !== null &&
  !response.content.partial &&
  !isTooOldForCases(core, response.content) &&
  !store.heldMatches.has(core.sql, { responseId: response.id });

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
