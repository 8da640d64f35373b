import { computeNeededHistoryMs } from '#domain/responses/condition.ts';
import type { EvaluationContext } from '#domain/responses/heads.ts';
import type { SurveyResponse } from '#domain/responses/response.ts';
import type { CaseTemplate } from '#domain/templates/template.ts';
import { tierOf } from '#domain/templates/tier.ts';
import type { Core } from '../core.ts';
import { listResponsesOfCustomerSince } from '../store/responses.ts';

/**
 * Facts beside the response for a template's conditions. Earlier responses are read only where a condition needs them.
 */
export function buildEvaluationContext(
  core: Core,
  template: CaseTemplate,
  customerKey: string,
  content: SurveyResponse,
): EvaluationContext {
  const back = computeNeededHistoryMs(template.when.condition);
  return {
    earlier: back === 0 ? [] : listResponsesOfCustomerSince(core.sql, customerKey, content.submittedAt - back),
    tier: tierOf(core.settings.workspace, content.customer).name ?? content.customer.tier,
  };
}
