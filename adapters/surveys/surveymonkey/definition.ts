import * as z from 'zod';
import { IntegrationError } from '#domain/base/errors.ts';
import { SecretName } from '#domain/settings/workspace-file.ts';
import { toIsoText } from '#domain/time/units.ts';
import { signedBy } from '../../delivery-proof.ts';
import { readJsonDelivery } from '../../json.ts';
import { apiReader, requireForm, sourceSettings, surveySource } from '../../survey-api.ts';
import { computeRevision, Id, instant, readBySchema, Text, unusable } from '../../survey-reading.ts';
import {
  describeQuestion,
  isTestResponse,
  SurveyMonkeyResponse,
  SurveyMonkeySurvey,
  toIncomingResponse,
} from './response.ts';

const settings = sourceSettings('surveymonkey', {
  secret: SecretName.describe('Name of the secret that holds CLIENT_ID&CLIENT_SECRET of the app'),
  token: SecretName.describe('Name of the secret with the access token: deliveries hold no answers'),
});

const Delivery = z.object({
  event_type: z.string(),
  object_type: z.literal('response', 'is not response: subscribe to events of responses only'),
  object_id: Id,
  event_datetime: Text,
  resources: z.object({ survey_id: Id }),
});

const pageSize = 100;
/** A used-up limit lasts until the next minute; a used-up daily limit until midnight. */
function waitMs(headers: Headers): number | null {
  const readLimitHeader = (name: string) => headers.get(`x-ratelimit-app-global-${name}`);
  const seconds =
    readLimitHeader('day-remaining') === '0' ? readLimitHeader('day-reset') : readLimitHeader('minute-reset');
  return seconds && /^\d{1,6}$/.test(seconds) ? (Number(seconds) + 1) * 1000 : null;
}

const signature = signedBy('sm-signature', { algorithm: 'sha1' });
const operation = { one: 'read a SurveyMonkey response', list: 'list SurveyMonkey responses' };

/** SurveyMonkey. Source: its public_api_docs. Deliveries hold ids only; answers are read from the API. */
export const surveymonkey = surveySource({
  kind: 'surveymonkey',
  title: 'SurveyMonkey',
  clicks: 'Make the webhook by its API, with your app’s token. The secret is CLIENT_ID&CLIENT_SECRET of the app.',
  settings,
  verify: signature.verify,
  signer: {
    sign: async (body, secret) => ({
      ...(await signature.signer.sign(body, secret)),
      'content-type': 'application/vnd.surveymonkey.response.v1+json',
      'sm-apikey': secret.split('&')[0] ?? '',
    }),
  },

  parse(delivery) {
    const title = 'SurveyMonkey event';
    const given = readBySchema(title, Delivery, readJsonDelivery(delivery));
    if (!given.event_type.startsWith('response_') || given.event_type === 'response_deleted')
      throw unusable(title, 'event_type', 'names no response to read: subscribe to response_completed');
    return {
      kind: 'reference',
      reference: {
        form: given.resources.survey_id,
        responseId: given.object_id,
        revision: computeRevision(instant(given.event_datetime), given.event_type !== 'response_completed'),
      },
    };
  },

  api: {
    baseUrl: { variable: 'SURVEYMONKEY_API_URL', fallback: 'https://api.surveymonkey.com' },
    // Of private apps; public ones have no limit.
    callsPerDay: 500,
    readResponseFromSavedJson(json) {
      const many = z.object({ data: z.array(SurveyMonkeyResponse).min(1) });
      const saved = z.union([SurveyMonkeyResponse, many]).safeParse(json).data;
      const entry = saved && 'data' in saved ? saved.data[0] : saved;
      return entry ? toIncomingResponse(entry) : null;
    },
    connect(deps, token) {
      const read = apiReader(deps, { headers: { authorization: `bearer ${deps.secret(token)}` }, waitMs });
      const toSurveyPath = (form: string) => `/v3/surveys/${encodeURIComponent(form)}`;
      return {
        async fetchResponse({ form, responseId }) {
          const path = `${toSurveyPath(form)}/responses/${encodeURIComponent(responseId)}/details?simple=true`;
          const answer = await read(operation.one, path, SurveyMonkeyResponse);
          if (!answer) return null;
          if (isTestResponse(answer)) throw new IntegrationError('rejected', operation.one, { detail: 'a preview' });
          return toIncomingResponse(answer);
        },
        async fetchQuestions(form) {
          const what = 'read a SurveyMonkey survey';
          const { pages } = await requireForm(what, read(what, `${toSurveyPath(form)}/details`, SurveyMonkeySurvey));
          return pages.flatMap(({ questions }) => questions).flatMap(describeQuestion);
        },
        async listResponses(form, since, cursor) {
          const page = Number(cursor ?? 1);
          const query = new URLSearchParams({
            simple: 'true',
            per_page: String(pageSize),
            page: String(page),
            sort_by: 'date_modified',
            sort_order: 'ASC',
            start_modified_at: toIsoText(since).slice(0, 19),
          });
          const schema = z.object({ data: z.array(SurveyMonkeyResponse), links: z.object({ next: Text }).nullish() });
          const path = `${toSurveyPath(form)}/responses/bulk?${query}`;
          const answer = await requireForm(operation.list, read(operation.list, path, schema));
          return {
            responses: answer.data.filter((entry) => !isTestResponse(entry)).map(toIncomingResponse),
            next: answer.links?.next ? String(page + 1) : null,
          };
        },
      };
    },
  },
});
