import type { SurveySourceDefinition } from '#domain/survey-source.ts';
import { type MappedSettings, mappedSource } from '../mapped-source.ts';

/** Survicate sends each answer on its own, so each is kept as a response of its own. */
export const survicate: SurveySourceDefinition<MappedSettings> = mappedSource({
  kind: 'survicate',
  title: 'Survicate',
  proof: { kind: 'header', header: 'token' },
  response: {
    id: ['event.questionAnswered.responseUuid', 'event.questionAnswered.question.id'],
    form: 'event.questionAnswered.survey.id',
    'form-title': 'event.questionAnswered.survey.name',
    'submitted-at': 'event.questionAnswered.timestamp',
    answers: [
      {
        'id-at': 'event.questionAnswered.question.id',
        'title-at': 'event.questionAnswered.question.body',
        at: 'event.questionAnswered.choice.body',
        type: 'choice',
      },
      {
        'id-at': 'event.questionAnswered.question.id',
        'id-suffix': '.comment',
        'title-at': 'event.questionAnswered.question.body',
        at: 'event.questionAnswered.choice.comment',
        type: 'text',
      },
    ],
  },
});
