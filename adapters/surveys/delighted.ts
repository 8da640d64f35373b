import type { SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import { type MappedSettings, mappedSource } from '../mapped-source.ts';

/** Delighted. The hex of its signature was inferred from clients' code, not read in its documentation. */
export const delighted: SurveySourceDefinition<MappedSettings> = mappedSource({
  kind: 'delighted',
  title: 'Delighted',
  proof: { kind: 'hmac', header: 'x-delighted-webhook-signature', prefix: 'sha256=' },
  response: {
    id: 'event_data.id',
    'submitted-at': 'event_data.created_at',
    'updated-at': 'event_data.updated_at',
    link: 'event_data.permalink',
    answers: [
      { id: 'score', title: 'Score', at: 'event_data.score', type: 'number' },
      { id: 'comment', title: 'Comment', at: 'event_data.comment', type: 'text' },
    ],
  },
});
