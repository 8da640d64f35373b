import * as z from 'zod';
import * as kit from '../kit.ts';

const table: kit.Preset[] = [
  {
    kind: 'json',
    title: 'JSON or form with a signature or secret of your own',
    clicks: 'Have your tool deliver to the address, and prove itself as `proof` in the settings of the source says.',
  },
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
      'numbers-as-text': true,
    },
  },
  {
    // An HTTP destination of PostHog for the event `survey sent`, with the event as its body and a header of its own.
    kind: 'posthog',
    title: 'PostHog surveys',
    proof: { kind: 'header', header: 'x-caselite-secret' },
    response: {
      id: 'event.properties.$survey_submission_id',
      form: 'event.properties.$survey_id',
      'form-title': 'event.properties.$survey_name',
      'submitted-at': 'event.timestamp',
      answers: 'event.properties.$survey_questions',
      test: { 'event.event': ['survey shown', 'survey dismissed', 'survey abandoned'] },
      // Partial answers repeat the event under one submission id.
      partial: { 'event.properties.$survey_completed': ['false'] },
      'numbers-as-text': true,
    },
    adds: true,
    rearrange: rearrangePostHogEvent,
  },
  {
    // A flow in Power Automate posts the response's id and the details that it gets.
    kind: 'microsoft-forms',
    title: 'Microsoft Forms (through Power Automate)',
    proof: { kind: 'header', header: 'x-caselite-secret' },
    response: {
      id: 'responseId',
      form: 'formId',
      'submitted-at': 'response.submitDate',
      answers: 'response',
      'numbers-as-text': true,
    },
    ignore: ['responder', 'responderName', 'submitDate', 'startDate'],
    dates: 'month-first',
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
        ...[1, 2, 3].map((number) => {
          return { id: `ai_question_${number}`, at: `question.ai_question_${number}`, type: 'text' as const };
        }),
        ...['scorecard1', 'scorecard2'].map((id) => ({ id, at: `question.${id}`, type: 'choice' as const })),
      ],
    },
  },
  {
    kind: 'limesurvey',
    title: 'LimeSurvey (plugin LimeSurveyWebhook)',
    clicks: 'Enter the address in the settings of the plugin, and the secret as its API token.',
    proof: { kind: 'field', field: 'api_token' },
    response: {
      id: 'respondId',
      form: 'survey',
      'submitted-at': 'submitDate',
      answers: 'response',
      language: 'response.startlanguage',
      'numbers-as-text': true,
    },
    ignore: [
      ...['id', 'submitdate', 'lastpage', 'startlanguage', 'seed', 'startdate', 'datestamp'],
      ...['token', 'ipaddr', 'refurl'],
    ],
  },
];

const Properties = z.looseObject({ $survey_questions: z.array(z.looseObject({ id: kit.Text })).catch([]) });
const PostHogEvent = z.looseObject({ event: z.looseObject({ uuid: z.unknown(), properties: Properties }) });

/** Surveys of one's own code send an answer beside its question, by id or number, and no id of the submission. */
function rearrangePostHogEvent(json: unknown): unknown {
  const read = PostHogEvent.safeParse(json).data;
  if (!read) return json;
  const { uuid, properties } = read.event;
  const beside = new Map(Object.entries(properties).filter(([name]) => /^\$survey_response(_|$)/.test(name)));
  const asked = properties.$survey_questions.map((question, index) => {
    const names = [`$survey_response_${question.id}`, index === 0 ? '$survey_response' : `$survey_response_${index}`];
    const answer = names.map((name) => beside.get(name)).find((value) => value !== undefined);
    for (const name of names) beside.delete(name);
    return { ...question, response: question.response ?? answer };
  });
  // Without a list of questions, each answer is known by the id of its question, and perhaps stands there twice.
  const toId = (name: string) => (asked.length > 0 ? name : name.replace(/^\$survey_response_(?=.*\D)/, ''));
  const first = beside.get('$survey_response');
  if ([...beside.values()].filter((answer) => answer === first).length > 1) beside.delete('$survey_response');
  const $survey_questions = [...asked, ...[...beside].map(([name, response]) => ({ id: toId(name), response }))];
  if ($survey_questions.length === 0) return json;
  const named = { $survey_submission_id: uuid, ...properties, $survey_questions };
  return { ...read, event: { ...read.event, properties: named } };
}

export const presets = table.map(kit.createMappedSourceDefinition);
