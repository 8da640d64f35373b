import type { SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import { type MappedSettings, mappedSource } from '../mapped-source.ts';

/**
 * Qualtrics' web service task, whose body the workspace writes itself. URL-encoded is the better choice:
 * Qualtrics puts answers into JSON without escaping their quotes.
 */
export const qualtricsWorkflow: SurveySourceDefinition<MappedSettings> = mappedSource({
  kind: 'qualtrics-workflow',
  title: 'Qualtrics (web service task of a workflow)',
  proof: { kind: 'header', header: 'x-caselite-secret' },
  response: {
    id: 'responseId',
    form: 'surveyId',
    'form-title': 'surveyName',
    'submitted-at': 'recordedDate',
    language: 'language',
    answers: 'answers',
    test: { status: ['1', '2', '8', 'Survey Preview', 'Survey Test', 'Spam'] },
    partial: { finished: ['0', 'false', 'False'] },
  },
});
