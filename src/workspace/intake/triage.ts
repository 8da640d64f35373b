import { type Core, dayMs, feedback, store } from '../kit.ts';

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
