import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import { SecretName } from '#domain/settings/workspace-file.ts';
import * as kit from '../../kit.ts';
import { readBrowserAnswers, readSubmission, Submission } from './answers.ts';

const settings = kit.sourceSettings('jotform', {
  secret: SecretName.describe('Name of the secret that the webhook address carries as ?secret=…'),
  token: SecretName.optional().describe('Name of the secret with an API key, for titles and missed responses'),
  'time-zone': z.string().default('America/New_York').describe('In which Jotform tells times'),
});

const Parts = z.object({
  formID: z.string().min(1),
  submissionID: z.string().min(1),
  formTitle: kit.Text,
  rawRequest: z.string().min(1),
});
const Raw = z.record(z.string(), z.unknown());

const pageSize = 100;

/** Jotform signs nothing: the webhook's address carries the secret, which the part `webhookURL` repeats. */
export const jotform = kit.surveySource({
  kind: 'jotform',
  title: 'Jotform',
  clicks:
    'Open the form, then Settings, Integrations, Webhooks. Enter the address with ?secret= and the secret after it.',
  settings,
  verify: async ({ query }, secrets) => kit.isAnyOfSecrets(secrets, query?.secret),
  redact: ({ query: _, ...delivery }) => ({ ...delivery, body: clearSecretPart(delivery.body) }),
  signer: {
    sign: async (body) => ({ 'content-type': `multipart/form-data; boundary=${kit.readBoundary(body)}` }),
    wrap: async (body, secret) => ({ body, query: { secret } }),
  },

  parse({ body, receivedAt }) {
    const title = 'Jotform submission';
    const parts = kit.readBySchema(title, Parts, Object.fromEntries(kit.readMultipartTexts(body)));
    const raw = kit.readBySchema(title, Raw, kit.readJsonText(parts.rawRequest, 'The field rawRequest'));
    const [opened] = (kit.asText(raw.event_id) ?? '').split('_');
    return {
      kind: 'response',
      response: kit.responseOf({
        form: parts.formID,
        formTitle: parts.formTitle || null,
        responseId: parts.submissionID,
        at: receivedAt,
        // A delivery holds no time but that of opening the form.
        changedAt: kit.instant(opened) ?? 0,
        answers: readBrowserAnswers(raw),
      }),
    };
  },

  api: {
    baseUrl: { variable: 'JOTFORM_API_URL', fallback: 'https://api.jotform.com' },
    // Of the free plan.
    callsPerDay: 1000,
    readResponseFromSavedJson(json) {
      const schema = z.object({ content: z.union([Submission, z.array(Submission).min(1)]) });
      const [entry] = [schema.safeParse(json).data?.content ?? []].flat();
      return entry ? readSubmission(entry, 'America/New_York') : null;
    },
    connect(deps, token, { 'time-zone': zone }) {
      const readContent = kit.apiReader(deps, {
        headers: { APIKEY: deps.secret(token) },
        status: (json) => Answered.safeParse(json).data?.responseCode ?? 200,
      });
      const read = <Value>(operation: string, path: string, content: z.ZodType<Value>) =>
        readContent(operation, path, z.object({ content }));
      return {
        async fetchResponse({ responseId }) {
          const path = `/submission/${encodeURIComponent(responseId)}`;
          const answer = await read('read a Jotform submission', path, Submission);
          return answer && readSubmission(answer.content, zone);
        },
        async fetchQuestions(form) {
          const path = `/form/${encodeURIComponent(form)}/questions`;
          const what = 'read a Jotform form';
          const { content } = await kit.requireForm(what, read(what, path, z.record(z.string(), Described)));
          return Object.values(content).map(({ qid, name, text }) => ({
            id: qid,
            names: name ? [name, `q${qid}_${name}`] : [],
            title: kit.stripHtml(text ?? ''),
            choices: new Map(),
          }));
        },
        async listResponses(form, since, cursor) {
          const offset = Number(cursor ?? 0);
          // One second earlier, because Jotform only filters by "later than".
          const after = Temporal.Instant.fromEpochMilliseconds(Math.max(0, since - 1000))
            .toZonedDateTimeISO(zone)
            .toPlainDateTime()
            .toString({ smallestUnit: 'second' })
            .replace('T', ' ');
          const query = new URLSearchParams({
            filter: JSON.stringify({ 'created_at:gt': after }),
            orderby: 'created_at',
            limit: String(pageSize),
            offset: String(offset),
          });
          const path = `/form/${encodeURIComponent(form)}/submissions?${query}`;
          const what = 'list Jotform submissions';
          const { content: page } = await kit.requireForm(what, read(what, path, z.array(Submission)));
          return {
            responses: page.filter(({ status }) => status !== 'DELETED').map((entry) => readSubmission(entry, zone)),
            next: page.length === pageSize ? String(offset + pageSize) : null,
          };
        },
      };
    },
  },
});

const Answered = z.object({ responseCode: z.number() });
const Described = z.object({ qid: kit.Id, name: kit.Text, text: kit.Text });

/** Bytes that are no form are stored unchanged for a person. */
function clearSecretPart(body: Uint8Array): Uint8Array {
  try {
    return kit.clearMultipartPart(body, 'webhookURL');
  } catch {
    return body;
  }
}
