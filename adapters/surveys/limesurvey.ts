import type { SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import { type MappedSettings, mappedSource } from '../mapped-source.ts';

/** LimeSurvey through the plugin LimeSurveyWebhook, whose secret stands in the body. */
export const limesurvey: SurveySourceDefinition<MappedSettings> = mappedSource({
  kind: 'limesurvey',
  title: 'LimeSurvey (plugin LimeSurveyWebhook)',
  proof: { kind: 'field', field: 'api_token' },
  response: {
    id: 'respondId',
    form: 'survey',
    'submitted-at': 'submitDate',
    answers: 'response',
    'numbers-as-text': true,
  },
});
