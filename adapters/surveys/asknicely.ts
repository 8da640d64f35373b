import type { SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import { type MappedSettings, mappedSource } from '../mapped-source.ts';

/** AskNicely signs nothing: a custom header of its webhook carries the secret. */
export const asknicely: SurveySourceDefinition<MappedSettings> = mappedSource({
  kind: 'asknicely',
  title: 'AskNicely',
  proof: { kind: 'header', header: 'x-caselite-secret' },
  response: {
    id: 'question.id',
    form: 'question.survey_template',
    'form-title': 'question.survey_template',
    'submitted-at': 'question.responded',
    // No time of the update is sent; its count grows with each.
    'updated-at': 'count',
    answers: [
      { id: 'score', title: 'Score', at: 'question.score', type: 'number' },
      { id: 'comment', title: 'Comment', at: 'question.comment', type: 'text' },
      { id: 'theme', title: 'Theme', at: 'question.theme', type: 'choice' },
      ...[1, 2, 3].map((number) => ({
        id: `ai_question_${number}`,
        at: `question.ai_question_${number}`,
        type: 'text' as const,
      })),
      ...[1, 2].map((number) => ({
        id: `scorecard${number}`,
        at: `question.scorecard${number}`,
        type: 'choice' as const,
      })),
    ],
  },
});
