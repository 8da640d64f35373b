import { verifyToken } from '#domain/base/token.ts';
import type { IncomingResponse } from '#domain/integrations/survey-source.ts';
import type { SurveyResponse } from '#domain/responses/response.ts';
import { readRespondentField } from '#domain/responses/response.ts';
import { convertToFollowUpAnswers } from '#domain/templates/survey.ts';
import type { Core } from '../core.ts';
import { answerFollowUp } from '../loop/answer.ts';
import { type FollowUp, findFollowUp } from '../store/follow-ups.ts';

/** A response to a follow-up's link, genuine or not. */
export interface SurveyAndFollowUp {
  survey: string;
  /** Null for a token that is not genuine. */
  followUp: FollowUp | null;
}

/** The follow-up that a response answers by its case token; null for other responses. */
export function findAnsweredFollowUp(
  core: Core,
  source: string,
  incoming: IncomingResponse,
  content: SurveyResponse,
): SurveyAndFollowUp | null {
  for (const [survey, { via }] of core.settings.surveys) {
    const token = via?.source === source && readRespondentField(via.token, incoming, content.answers);
    if (!token) continue;
    const read = verifyToken(core.keys, 'own-survey', token);
    const followUp = read?.workspace === core.workspace ? findFollowUp(core.sql, read.subject) : null;
    return { survey, followUp: followUp?.survey === survey ? followUp : null };
  }
  return null;
}

/**
 * Takes a response as the answer to a follow-up in the department's own survey tool. A genuine token is required; an
 * edited answer replaces the earlier one. It never opens a case.
 *
 * @returns the outcome, as a readable line
 */
export function storeFollowUpAnswer(
  core: Core,
  { survey: name, followUp }: SurveyAndFollowUp,
  content: SurveyResponse,
): string {
  const survey = core.settings.surveys.get(name);
  if (!followUp || !survey) return 'its case token is not genuine: it counts as no answer';
  if (content.partial) return 'an answer to a follow-up that is not finished yet';
  const result = answerFollowUp(core, followUp.id, convertToFollowUpAnswers(survey, content.answers));
  if (result.status === 'closed') return 'an answer to a follow-up that is no longer open';
  return result.status === 'thanks'
    ? `the answer to a follow-up (${followUp.id})`
    : `an answer to a follow-up that cannot be read: ${result.problems.map(({ field, message }) => `${field}: ${message}`).join('; ')}`;
}
