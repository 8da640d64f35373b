import * as z from 'zod';
import { IntegrationError } from '#domain/base/errors.ts';
import type { ParsedDelivery, RawDelivery, SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import { SecretName, sourceBase } from '#domain/settings/workspace-file.ts';
import { isoText } from '#domain/time/units.ts';
import { HeaderName, redactProof } from '../../delivery-proof.ts';
import { readForm } from '../../form-body.ts';
import { readJsonText, readText } from '../../json.ts';
import { fromHex, hmac, hmacMatches, secretMatches, toHex } from '../../signature.ts';
import { Id, instant, readSchema, revisionOf, Text } from '../../survey-reading.ts';
import { readApi } from '../../vendor-api.ts';
import { describeQuestion, isTrial, QualtricsResponse, SurveyDefinition, toIncoming } from './response.ts';

const QualtricsSettings = z.strictObject({
  kind: z.literal('qualtrics'),
  secret: SecretName.describe('Name of the secret with the sharedKey of the subscription'),
  header: HeaderName.optional().describe(
    'For a subscription without sharedKey behind a gateway that adds this header with the secret',
  ),
  token: SecretName.describe('Name of the secret with the API token: deliveries hold no answers'),
  ...sourceBase,
});
type QualtricsSettings = z.output<typeof QualtricsSettings>;

const Message = z.object({
  SurveyID: z.string().min(1),
  ResponseID: z.string().min(1),
  CompletedDate: Text,
});

const Export = z.object({ status: z.string(), fileId: Text });
const exportPauseMs = 5000;

const encoder = new TextEncoder();
const operation = 'read a Qualtrics response';

/** Qualtrics' event subscription. Source: captured deliveries, with two signatures computed anew. */
export const qualtrics: SurveySourceDefinition<QualtricsSettings> = {
  kind: 'qualtrics',
  title: 'Qualtrics (event subscription)',
  settings: QualtricsSettings,
  secrets: ({ secret }) => [secret],

  async verify({ body, headers }, secrets, _now, settings) {
    if (settings?.header) return secretMatches(secrets, headers[settings.header]);
    const form = formOf(body);
    const message = form?.get('MSG');
    const signature = fromHex(form?.get('HMAC') ?? '');
    return message ? hmacMatches('SHA-512', secrets, encoder.encode(message), signature) : false;
  },

  clearProof: {
    redact: (delivery, { header }) => (header ? redactProof(delivery, { kind: 'header', header }) : delivery),
  },

  signer: {
    async sign(_body, secret, _delivery, settings) {
      const proof: Record<string, string> = settings?.header ? { [settings.header]: secret } : {};
      return { 'content-type': 'application/x-www-form-urlencoded', ...proof };
    },
    async wrap(body, secret, { header }) {
      const text = readText(body);
      if (header || !text.startsWith('{')) return { body, query: {} };
      const signature = toHex(await hmac('SHA-512', secret, body));
      const form = new URLSearchParams({ HMAC: signature, MSG: text });
      return { body: encoder.encode(form.toString()), query: {} };
    },
  },

  parse({ body }: RawDelivery): ParsedDelivery {
    const form = readForm(body);
    const message = form.get('MSG');
    const given = message === undefined ? Object.fromEntries(form) : readJsonText(message, 'The field MSG');
    const { SurveyID, ResponseID, CompletedDate } = readSchema('Qualtrics event', Message, given);
    return {
      kind: 'reference',
      // The time zone is unknown, so the time only orders the events of one response.
      reference: {
        form: SurveyID,
        responseId: ResponseID,
        revision: revisionOf(instant(CompletedDate), false),
      },
    };
  },

  api: {
    // Each brand has its own data centre, such as https://fra1.qualtrics.com.
    baseUrl: { variable: 'QUALTRICS_API_URL', fallback: '' },
    secrets: ({ token }) => [token],
    readSaved(json) {
      const saved = z.union([QualtricsResponse, z.object({ result: QualtricsResponse })]).safeParse(json).data;
      return saved ? toIncoming('SURVEY', 'result' in saved ? saved.result : saved) : null;
    },
    create({ token }, deps) {
      const read = <Value>(what: string, path: string, schema: z.ZodType<Value>) =>
        readApi(deps, {
          operation: what,
          path,
          headers: { 'x-api-token': deps.secret(token) },
          schema: z.object({ result: schema }),
        });
      return {
        async fetchResponse({ form, responseId }) {
          const path = `/API/v3/surveys/${encodeURIComponent(form)}/responses/${encodeURIComponent(responseId)}`;
          const found = await read(operation, path, QualtricsResponse);
          if (!found) return null;
          if (isTrial(found.result))
            throw new IntegrationError('rejected', operation, { detail: 'a preview, a test or spam' });
          return toIncoming(form, found.result);
        },
        /** Requests an export, waits for it and reads it, filtered by the time of recording. */
        async listResponses(form, since, cursor) {
          const exports = `/API/v3/surveys/${encodeURIComponent(form)}/export-responses`;
          const what = 'export Qualtrics responses';
          const [step, id = ''] = (cursor ?? '').split(':');
          if (step === 'file') {
            const file = await readApi(deps, {
              operation: what,
              path: `${exports}/${encodeURIComponent(id)}/file`,
              headers: { 'x-api-token': deps.secret(token) },
              schema: z.object({ responses: z.array(QualtricsResponse) }),
            });
            if (!file) throw new IntegrationError('rejected', what, { detail: 'the file of an export is gone' });
            const real = file.responses.filter((response) => !isTrial(response));
            return { responses: real.map((entry) => toIncoming(form, entry)), next: null };
          }
          if (step === 'progress') {
            const job = await read(what, `${exports}/${encodeURIComponent(id)}`, Export);
            if (job?.result.status === 'complete' && job.result.fileId)
              return { responses: [], next: `file:${job.result.fileId}` };
            if (!job || job.result.status === 'failed')
              throw new IntegrationError('rejected', what, { detail: 'the export failed' });
            throw new IntegrationError('rate-limited', what, {
              retryAfterMs: exportPauseMs,
              detail: 'not ready yet',
            });
          }
          const asked = await readApi(deps, {
            operation: what,
            path: exports,
            headers: { 'x-api-token': deps.secret(token) },
            body: { format: 'json', compress: false, startDate: isoText(since) },
            schema: z.object({ result: z.object({ progressId: Id }) }),
          });
          return { responses: [], next: asked ? `progress:${asked.result.progressId}` : null };
        },
        async fetchQuestions(form) {
          const path = `/API/v3/survey-definitions/${encodeURIComponent(form)}`;
          const found = await read('read a Qualtrics survey', path, SurveyDefinition);
          return Object.entries(found?.result.Questions ?? {}).flatMap(([id, question]) =>
            describeQuestion(id, question),
          );
        },
      };
    },
  },
};

function formOf(body: Uint8Array): Map<string, string> | null {
  try {
    return readForm(body);
  } catch {
    return null;
  }
}
