import * as z from 'zod';
import { IntegrationError } from '#domain/base/errors.ts';
import { SecretName } from '#domain/settings/workspace-file.ts';
import { toIsoText } from '#domain/time/units.ts';
import * as kit from '../../kit.ts';
import {
  describeQuestion,
  isTestResponse,
  QualtricsResponse,
  QualtricsSurvey,
  toIncomingResponse,
} from './response.ts';

const settings = kit.sourceSettings('qualtrics', {
  secret: SecretName.describe('Name of the secret with the sharedKey of the subscription'),
  header: kit.ProofHeaderName.optional().describe(
    'For a subscription without sharedKey behind a gateway that adds this header with the secret',
  ),
  'data-center': z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/, 'is the id of a data centre, such as fra1 of fra1.qualtrics.com')
    .optional()
    .describe('Id of the data centre that holds the brand; without it the deployment’s QUALTRICS_API_URL'),
  token: SecretName.describe('Name of the secret with the API token: deliveries hold no answers'),
});

const Message = z.object({ SurveyID: z.string().min(1), ResponseID: z.string().min(1) });

const Export = z.object({ result: z.object({ status: z.string(), fileId: kit.Text }) });
const exportRetryMs = 5000;

const encoder = new TextEncoder();
const operation = 'read a Qualtrics response';

/** Qualtrics' event subscription. Source: captured deliveries, with two signatures computed anew. */
export const qualtrics = kit.surveySource({
  kind: 'qualtrics',
  title: 'Qualtrics (event subscription)',
  clicks: 'A brand administrator makes an event subscription with the address and the secret as sharedKey.',
  settings,

  async verify({ body, headers }, secrets, _now, given) {
    if (given?.header) return kit.isAnyOfSecrets(secrets, headers[given.header]);
    const form = formOf(body);
    const message = form?.get('MSG');
    const signature = kit.decodeHex(form?.get('HMAC') ?? '');
    return message ? kit.isSignedByAnySecret('SHA-512', secrets, encoder.encode(message), signature) : false;
  },

  redact: (delivery, { header }) => (header ? kit.redactProof(delivery, { kind: 'header', header }) : delivery),

  signer: {
    async sign(_body, secret, _delivery, given) {
      const proof: Record<string, string> = given?.header ? { [given.header]: secret } : {};
      return { 'content-type': 'application/x-www-form-urlencoded', ...proof };
    },
    async wrap(body, secret, { header }) {
      const text = kit.decodeUtf8Text(body);
      if (header || !text.startsWith('{')) return { body, query: {} };
      const signature = kit.toHex(kit.hmac('SHA-512', secret, body));
      const form = new URLSearchParams({ HMAC: signature, MSG: text });
      return { body: encoder.encode(form.toString()), query: {} };
    },
  },

  parse({ body }) {
    const form = kit.parseFormBody(body);
    const message = form.get('MSG');
    const given = message === undefined ? Object.fromEntries(form) : kit.readJsonText(message, 'The field MSG');
    const { SurveyID, ResponseID } = kit.readBySchema('Qualtrics event', Message, given);
    return {
      kind: 'reference',
      // `CompletedDate` has no zone, so it is not comparable with the times of the API.
      reference: { form: SurveyID, responseId: ResponseID, revision: 0 },
    };
  },

  api: {
    // Each brand has its own data centre, such as https://fra1.qualtrics.com.
    baseUrl: {
      variable: 'QUALTRICS_API_URL',
      fallback: '',
      ofSettings: (given) => (given['data-center'] ? `https://${given['data-center']}.qualtrics.com` : null),
    },
    readResponseFromSavedJson(json) {
      const saved = z.union([QualtricsResponse, z.object({ result: QualtricsResponse })]).safeParse(json).data;
      return saved ? toIncomingResponse('SURVEY', 'result' in saved ? saved.result : saved) : null;
    },
    connect(deps, token) {
      const read = kit.apiReader(deps, { headers: { 'x-api-token': deps.secret(token) } });
      return {
        async fetchResponse({ form, responseId }) {
          const path = `/API/v3/surveys/${encodeURIComponent(form)}/responses/${encodeURIComponent(responseId)}`;
          const answer = await read(operation, path, z.object({ result: QualtricsResponse }));
          if (!answer) return null;
          if (isTestResponse(answer.result))
            throw new IntegrationError('rejected', operation, { detail: 'a preview, a test or spam' });
          return toIncomingResponse(form, answer.result);
        },
        /** Requests an export, waits for it and reads it, filtered by the time of recording. */
        async listResponses(form, since, cursor) {
          const exports = `/API/v3/surveys/${encodeURIComponent(form)}/export-responses`;
          const what = 'export Qualtrics responses';
          const [step, id = ''] = (cursor ?? '').split(':');
          if (step === 'file') {
            const path = `${exports}/${encodeURIComponent(id)}/file`;
            const file = await read(what, path, z.object({ responses: z.array(QualtricsResponse) }));
            if (!file) throw new IntegrationError('rejected', what, { detail: 'the file of an export is gone' });
            const real = file.responses.filter((response) => !isTestResponse(response));
            return { responses: real.map((entry) => toIncomingResponse(form, entry)), next: null };
          }
          if (step === 'progress') {
            const job = await read(what, `${exports}/${encodeURIComponent(id)}`, Export);
            if (job?.result.status === 'complete' && job.result.fileId)
              return { responses: [], next: `file:${job.result.fileId}` };
            if (!job || job.result.status === 'failed')
              throw new IntegrationError('rejected', what, { detail: 'the export failed' });
            throw new IntegrationError('rate-limited', what, { retryAfterMs: exportRetryMs, detail: 'not ready yet' });
          }
          const wanted = { format: 'json', compress: false, startDate: toIsoText(since) };
          const schema = z.object({ result: z.object({ progressId: kit.Id }) });
          const { result } = await kit.requireForm(what, read(what, exports, schema, wanted));
          return { responses: [], next: `progress:${result.progressId}` };
        },
        async fetchQuestions(form) {
          const path = `/API/v3/survey-definitions/${encodeURIComponent(form)}`;
          const what = 'read a Qualtrics survey';
          const { result } = await kit.requireForm(what, read(what, path, z.object({ result: QualtricsSurvey })));
          const questions = Object.entries(result.Questions);
          return questions.flatMap(([id, question]) => describeQuestion(id, question));
        },
      };
    },
  },
});

function formOf(body: Uint8Array): Map<string, string> | null {
  try {
    return kit.parseFormBody(body);
  } catch {
    return null;
  }
}
