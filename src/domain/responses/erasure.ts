import type { SurveyResponse } from './response.ts';

const harmless = new Set(['number', 'yes-no']);

/**
 * Remains of a response after its respondent is erased: instant, form and scores. Words, choices, hidden fields and
 * names are removed.
 */
export function emptied(response: SurveyResponse): SurveyResponse {
  return {
    ...response,
    responseId: '',
    notes: [],
    language: null,
    customer: { key: null, email: null, name: null, tier: null, revenue: null, language: null },
    answers: response.answers.filter(
      ({ type, value }) => harmless.has(type) && (typeof value === 'number' || typeof value === 'boolean'),
    ),
    link: null,
  };
}
