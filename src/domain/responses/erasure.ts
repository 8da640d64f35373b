import type { SurveyResponse } from './response.ts';

/** Types of answers that hold a number or a yes: they say how, and not who. */
const harmless = new Set(['number', 'yes-no']);

/**
 * What may be kept of a response when its respondent is erased: when it came, from which form, and scores. Words,
 * choices, hidden fields and everything that names somebody are gone.
 */
export function emptied(response: SurveyResponse): SurveyResponse {
  return {
    ...response,
    responseId: '',
    language: null,
    customer: { key: null, email: null, name: null, tier: null, revenue: null, language: null },
    answers: response.answers.filter(
      ({ type, value }) => harmless.has(type) && (typeof value === 'number' || typeof value === 'boolean'),
    ),
    link: null,
  };
}
