import { signToken } from '#domain/base/token.ts';
import type { FollowUpSurvey } from '#domain/templates/survey.ts';
import { renderWording } from '../basics/render-wording.ts';
import type { Core } from '../core.ts';
import type { FollowUp } from '../store/follow-ups.ts';

/**
 * Address of the survey: the hosted page, or the department's own tool, which returns the signed token from a hidden
 * field.
 */
export function surveyLink(core: Core, followUp: FollowUp, survey: FollowUpSurvey): string {
  if (!survey.via) return `${core.publicUrl}/s/${signToken(core.keys, 'survey', core.workspace, followUp.id)}`;
  const token = signToken(core.keys, 'own-survey', core.workspace, followUp.id);
  return renderWording(survey.via.link, { token });
}
