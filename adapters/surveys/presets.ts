import { createMappedSourceDefinition, type Preset } from '../mapped-source.ts';

/* Survey tools that only post JSON or a form: where the proof and the parts of a response stand, as data. */

const table: Preset[] = [
  { kind: 'json', title: 'JSON or form with a signature or secret of your own' },
  {
    // URL-encoded is the better choice for this body: Qualtrics puts answers into JSON without escaping quotes.
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
  },
  {
    // The hex of this signature was inferred from clients' code, not read in Delighted's documentation.
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
  },
  {
    // AskNicely signs nothing: a custom header of its webhook carries the secret.
    kind: 'asknicely',
    title: 'AskNicely',
    proof: { kind: 'header', header: 'x-caselite-secret' },
    response: {
      id: 'question.id',
      form: 'question.survey_template',
      'form-title': 'question.survey_template',
      'submitted-at': 'question.responded',
      // The count grows with each update; its time is not sent.
      'updated-at': 'count',
      answers: [
        { id: 'score', title: 'Score', at: 'question.score', type: 'number' },
        { id: 'comment', title: 'Comment', at: 'question.comment', type: 'text' },
        { id: 'theme', title: 'Theme', at: 'question.theme', type: 'choice' },
        { id: 'ai_question_1', at: 'question.ai_question_1', type: 'text' },
        { id: 'ai_question_2', at: 'question.ai_question_2', type: 'text' },
        { id: 'ai_question_3', at: 'question.ai_question_3', type: 'text' },
        { id: 'scorecard1', at: 'question.scorecard1', type: 'choice' },
        { id: 'scorecard2', at: 'question.scorecard2', type: 'choice' },
      ],
    },
  },
  {
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
  },
];

export const presets = table.map(createMappedSourceDefinition);
