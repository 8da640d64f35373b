import { csv } from '#adapters/surveys/csv/definition.ts';
import { events } from '#adapters/surveys/events/definition.ts';
import { formbricks } from '#adapters/surveys/formbricks/definition.ts';
import { googleForms } from '#adapters/surveys/google-forms/definition.ts';
import { jotform } from '#adapters/surveys/jotform/definition.ts';
import { mail } from '#adapters/surveys/mail/definition.ts';
import { presets } from '#adapters/surveys/presets.ts';
import { qualtrics } from '#adapters/surveys/qualtrics/definition.ts';
import { standardWebhooks } from '#adapters/surveys/standard-webhooks/definition.ts';
import { surveymonkey } from '#adapters/surveys/surveymonkey/definition.ts';
import { survicate } from '#adapters/surveys/survicate/definition.ts';
import { tally } from '#adapters/surveys/tally/definition.ts';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import type { SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import type { SourceSettings } from '#domain/settings/workspace-file.ts';
import { receivedAt, typeformSettings } from './survey-fixtures.ts';
import type { SurveySourceHarness } from './survey-source.ts';

/*
 * Each survey tool with settings, secrets and signatures computed by openssl: printf %s BODY | openssl dgst -sha256
 * -hmac SECRET -binary | base64
 */

const body = '{"note":"grüße"}';
const secrets: [string, string] = ['a secret of these tests', 'the next secret'];
const webhookSecrets: [string, string] = [
  'whsec_c2VjcmV0IG9mIHRoZXNlIHRlc3RzLCAzMiBieXRlcyE=',
  'whsec_bmV4dCBzZWNyZXQ=',
];
const sha256 = 'HtK0V8LuYonMlW5M2jzsjRLp23CKeeXK4X4cYwAigSA=';
const webhook = {
  body,
  secret: webhookSecrets[0],
  headers: {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(receivedAt / 1000),
    'webhook-signature': 'v1,fS1sk8oshhplmpqzLnX08r2mxMfkYwivBSaVvHCXb28=',
  },
};
const signedBy = (header: string) => ({ header, ownershipMarks: true });
const clearIn = (header: string) => ({ header, ownershipMarks: false });
const hidden = { key: 'hidden.customer_id', email: 'hidden.email', tier: 'hidden.tier' };

export interface AnyHarness {
  kind: string;
  harness: SurveySourceHarness<SourceSettings>;
}

const any = <Settings extends SourceSettings>(harness: SurveySourceHarness<Settings>): AnyHarness => ({
  kind: harness.definition.kind,
  harness: {
    ...harness,
    definition: harness.definition as unknown as SurveySourceDefinition<SourceSettings>,
  },
});

export function preset(kind: string) {
  const definition = presets.find((entry) => entry.kind === kind);
  if (!definition) throw new Error(`no preset ${kind}`);
  return definition;
}

export const surveyRigs: AnyHarness[] = [
  any({
    definition: typeform,
    settings: { ...typeformSettings, token: 'TYPEFORM_TOKEN' },
    secrets,
    proof: signedBy('typeform-signature'),
    vectors: [{ body, secret: secrets[0], headers: { 'typeform-signature': `sha256=${sha256}` } }],
  }),
  any({
    definition: tally,
    settings: {
      kind: 'tally',
      secret: 'TALLY_SECRET',
      token: 'TALLY_TOKEN',
      questions: { completed: 'question_c1', ease: 'question_e3' },
      respondent: { key: 'hidden.customer_id', tier: 'hidden.tier', email: 'question_b3' },
    },
    secrets,
    proof: signedBy('tally-signature'),
    vectors: [{ body, secret: secrets[0], headers: { 'tally-signature': sha256 } }],
  }),
  any({
    definition: formbricks,
    settings: {
      kind: 'formbricks',
      secret: 'FORMBRICKS_SECRET',
      token: 'FORMBRICKS_KEY',
      questions: { completed: 'completed', ease: 'ease' },
      respondent: { ...hidden, key: 'hidden.customer_id' },
    },
    secrets: webhookSecrets,
    proof: signedBy('webhook-signature'),
    vectors: [webhook],
  }),
  any({
    definition: surveymonkey,
    settings: {
      kind: 'surveymonkey',
      secret: 'SURVEYMONKEY_SECRET',
      token: 'SURVEYMONKEY_TOKEN',
      questions: { completed: 'q1', where: 'q5.r1' },
      respondent: hidden,
    },
    secrets: ['client-1&client secret of these tests', 'client-1&the next one'],
    proof: signedBy('sm-signature'),
    vectors: [
      {
        body,
        secret: 'client-1&client secret of these tests',
        headers: { 'sm-apikey': 'client-1', 'sm-signature': 'ymzPSiECw5GPF9Ge4oNLgj+FA30=' },
      },
    ],
  }),
  any({
    definition: qualtrics,
    settings: {
      kind: 'qualtrics',
      secret: 'QUALTRICS_KEY',
      token: 'QUALTRICS_TOKEN',
      questions: { completed: 'QID1', wish: 'QID2' },
      respondent: { ...hidden, email: 'hidden.recipientEmail' },
    },
    secrets,
    proof: 'signed-form',
    vectors: [
      {
        body: 'HMAC=5db5cd1e0200e9ce6831ea0f1924beb97f136939e367c53f5af8f7d79c6727af495cb90d6c744fe72ab45efd9f9f2ba7c15b13fdf6565af3d5a4f50ed2c0c7d4&MSG=%7B%22Status%22%3A%22Complete%22%2C%22SurveyID%22%3A%22SV_22VlHYNeldrrrkp%22%2C%22ResponseID%22%3A%22R_1l9mcVuXubb4aGm%22%2C%22CompletedDate%22%3A%222019-06-26%2013%3A28%3A11%22%2C%22BrandID%22%3A%22sapdevelopment%22%7D&Topic=sapdevelopment.surveyengine.completedResponse.SV_22VlHYNeldrrrkp&undefined=',
        secret: 'kyma4ever',
      },
    ],
  }),
  any({
    definition: preset('qualtrics-workflow'),
    settings: {
      kind: 'qualtrics-workflow',
      secret: 'QUALTRICS_SECRET',
      questions: { completed: 'completed', ease: 'ease' },
      respondent: { key: 'hidden.embedded.customer_id', tier: 'hidden.embedded.tier' },
    },
    secrets,
    proof: clearIn('x-caselite-secret'),
    vectors: [{ body, secret: secrets[0], headers: { 'x-caselite-secret': secrets[0] } }],
  }),
  any({
    definition: jotform,
    settings: {
      kind: 'jotform',
      secret: 'JOTFORM_SECRET',
      token: 'JOTFORM_KEY',
      questions: { completed: '3', recommend: 'howLikely' },
      respondent: { key: 'customerId', email: 'email', name: 'contact' },
    },
    secrets,
    proof: 'query',
    vectors: [],
  }),
  any({
    definition: googleForms,
    settings: {
      kind: 'google-forms',
      secret: 'GOOGLE_FORMS_SECRET',
      questions: { completed: '11', ease: '14' },
      respondent: { key: '20', email: 'hidden.email' },
    },
    secrets: webhookSecrets,
    proof: signedBy('webhook-signature'),
    vectors: [webhook],
  }),
  any({
    definition: standardWebhooks,
    settings: {
      kind: 'standard-webhooks',
      secret: 'FEEDBACK_SECRET',
      response: {
        id: 'feedback.id',
        form: 'feedback.form',
        'submitted-at': 'feedback.at',
        language: 'feedback.lang',
        link: 'feedback.link',
        answers: 'feedback.answers',
      },
      questions: { completed: 'completed', ease: 'ease' },
      respondent: { key: 'hidden.feedback.customer.id', email: 'hidden.feedback.customer.mail' },
    },
    secrets: webhookSecrets,
    proof: signedBy('webhook-signature'),
    vectors: [webhook],
  }),
  any({
    definition: events,
    settings: { kind: 'events', secret: 'EVENTS_SECRET' },
    secrets: webhookSecrets,
    proof: signedBy('webhook-signature'),
    vectors: [webhook],
  }),
  any({
    definition: preset('json'),
    settings: {
      kind: 'json',
      secret: 'FEEDBACK_SECRET',
      proof: { kind: 'hmac', header: 'X-Signature', algorithm: 'sha512', encoding: 'base64', prefix: 'v0=' },
      response: {
        id: 'id',
        form: 'form',
        'submitted-at': 'sent',
        answers: 'answers',
        test: { mode: ['preview', 'test'] },
      },
      questions: { completed: 'completed', ease: 'ease' },
      respondent: { key: 'hidden.who.id', email: 'hidden.who.mail' },
    },
    secrets,
    proof: signedBy('x-signature'),
    vectors: [
      {
        body,
        secret: secrets[0],
        headers: {
          'x-signature': 'v0=zdtewH0co86oxBQMa12jLzM8bfhoTZm+zX4nNsYb11xSWR4qvM5X+6TUrHTk/9ZJ/weI8Uh/sD1Fkbi4mctdrg==',
        },
      },
    ],
  }),
  any({
    definition: csv,
    settings: {
      kind: 'csv',
      secret: 'IMPORT_SECRET',
      columns: { id: 'Antwort', 'submitted-at': 'Zeitpunkt' },
      'time-zone': 'Europe/Berlin',
      dates: 'day-first',
      types: { Kanäle: 'choices', 'Fertig?': 'yes-no' },
      ignore: ['IP'],
      questions: { completed: 'Fertig?', ease: 'Wie leicht?', wish: 'Wunsch' },
      respondent: { key: 'hidden.Kunde', email: 'hidden.E-Mail' },
    },
    secrets,
    proof: clearIn('x-caselite-secret'),
    vectors: [{ body, secret: secrets[0], headers: { 'x-caselite-secret': secrets[0] } }],
  }),
  any({
    definition: preset('posthog'),
    settings: {
      kind: 'posthog',
      secret: 'POSTHOG_SECRET',
      questions: { recommend: 'q-1' },
      respondent: {
        key: 'hidden.event.distinct_id',
        email: 'hidden.person.properties.email',
        name: 'hidden.person.properties.name',
      },
    },
    secrets,
    proof: clearIn('x-caselite-secret'),
    vectors: [{ body, secret: secrets[0], headers: { 'x-caselite-secret': secrets[0] } }],
  }),
  any({
    definition: preset('microsoft-forms'),
    settings: {
      kind: 'microsoft-forms',
      secret: 'MICROSOFT_FORMS_SECRET',
      questions: { recommend: 'r1f0a' },
      respondent: { email: 'hidden.response.responder', name: 'hidden.response.responderName' },
    },
    secrets,
    proof: clearIn('x-caselite-secret'),
    vectors: [{ body, secret: secrets[0], headers: { 'x-caselite-secret': secrets[0] } }],
  }),
  any({
    definition: preset('asknicely'),
    settings: {
      kind: 'asknicely',
      secret: 'ASKNICELY_SECRET',
      questions: { recommend: 'score' },
      respondent: { key: 'hidden.person.id', email: 'hidden.person.email', name: 'hidden.person.name' },
    },
    secrets,
    proof: clearIn('x-caselite-secret'),
    vectors: [{ body, secret: secrets[0], headers: { 'x-caselite-secret': secrets[0] } }],
  }),
  any({
    definition: survicate,
    settings: {
      kind: 'survicate',
      secret: 'SURVICATE_TOKEN',
      questions: { support: '12123' },
      respondent: { key: 'hidden.respondent.uuid', tier: 'hidden.attributes.tier', email: 'email' },
    },
    secrets,
    proof: clearIn('token'),
    vectors: [{ body, secret: secrets[0], headers: { token: secrets[0] } }],
  }),
  any({
    definition: preset('limesurvey'),
    settings: {
      kind: 'limesurvey',
      secret: 'LIMESURVEY_TOKEN',
      questions: { completed: 'completed' },
      respondent: { email: 'hidden.participant.email', name: 'hidden.participant.firstname' },
    },
    secrets,
    proof: 'field',
    vectors: [{ body: '{"api_token":"a secret of these tests"}', secret: secrets[0] }],
  }),
  any({
    definition: mail,
    settings: {
      kind: 'mail',
      senders: ['@survey.example'],
      relay: 'mx.acme.example',
      lines: [
        'Rating: {rating} out of 10',
        'Comment: {comment}',
        'Email: {email}',
        'See the answer: https://app.nps.example/r/{id}',
      ],
      optional: ['comment'],
      response: {
        id: 'id',
        'submitted-at': 'mail.date',
        link: 'links.id',
        answers: [
          { at: 'rating', title: 'Rating', type: 'number' },
          { at: 'comment', title: 'Comment' },
        ],
      },
      questions: { rating: 'rating', comment: 'comment' },
      respondent: { email: 'hidden.email' },
    },
    secrets: ['a-secret-of-these-tests', 'the-next-secret'],
    proof: clearIn('authorization'),
    vectors: [
      { body, secret: 'a-secret-of-these-tests', headers: { authorization: 'Bearer a-secret-of-these-tests' } },
    ],
  }),
];
