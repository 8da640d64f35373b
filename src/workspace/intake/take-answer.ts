import { verifyToken } from '#domain/base/token.ts';
import type { IncomingResponse } from '#domain/integrations/survey-source.ts';
import type { SurveyResponse } from '#domain/responses/response.ts';
import { readRespondentField } from '#domain/responses/response.ts';
import { convertToFollowUpAnswers } from '#domain/templates/survey.ts';
import type { Core } from '../core.ts';
import { answerAsk } from '../loop/answer.ts';
import { type Ask, findAsk } from '../store/asks.ts';

/** A response to a follow-up's link, genuine or not. */
export interface SurveyAndAsk {
  survey: string;
  /** Null for a token that is not genuine. */
  ask: Ask | null;
}

/** The follow-up that a response answers by its case token; null for other responses. */
export function findAnsweredAsk(
  core: Core,
  source: string,
  incoming: IncomingResponse,
  content: SurveyResponse,
): SurveyAndAsk | null {
  for (const [survey, { via }] of core.settings.surveys) {
    const token = via?.source === source && readRespondentField(via.token, incoming, content.answers);
    if (!token) continue;
    const read = verifyToken(core.keys, 'own-survey', token);
    const ask = read?.workspace === core.workspace ? findAsk(core.sql, read.subject) : null;
    return { survey, ask: ask?.survey === survey ? ask : null };
  }
  return null;
}

/**
 * Takes a response as the answer to a follow-up in the department's own survey tool. A genuine token is required; an
 * edited answer replaces the earlier one. It never opens a case.
 *
 * @returns the outcome, as a readable line
 */
export function storeAnswerToAsk(core: Core, { survey: name, ask }: SurveyAndAsk, content: SurveyResponse): string {
  const survey = core.settings.surveys.get(name);
  if (!ask || !survey) return 'its case token is not genuine: it counts as no answer';
  if (content.partial) return 'an answer to a follow-up that is not finished yet';
  const result = answerAsk(core, ask.id, convertToFollowUpAnswers(survey, content.answers));
  if (result.status === 'closed') return 'an answer to a follow-up that is no longer open';
  return result.status === 'thanks'
    ? `the answer to a follow-up (${ask.id})`
    : `an answer to a follow-up that cannot be read: ${result.problems.map(({ field, message }) => `${field}: ${message}`).join('; ')}`;
}
