import * as z from 'zod';
import * as kit from '../../kit.ts';
import { Filled, flattenField, TypeformForm, toIncomingResponse, toPlainTitle } from './response.ts';

const settings = kit.sourceSettings('typeform', {
  secret: kit.SecretName,
  token: kit.SecretName.optional().describe(
    'Name of the secret with a personal token, for missed responses and the webhook',
  ),
});

const Delivery = z.object({
  event_type: z.enum(['form_response', 'form_response_partial']),
  form_response: Filled.extend({ form_id: z.string().min(1), response_url: kit.Text }),
});
const Listed = z.object({ items: z.array(Filled) });

const Hook = z.object({
  url: z.string(),
  enabled: z.boolean(),
  secret: kit.Text,
  event_types: z.object({ form_response: z.boolean().optional() }).nullish(),
});
const Forms = z.object({ items: z.array(z.object({ id: z.string(), title: kit.Text })) });

/** A form has one webhook a tag, and a source one tag, so that a repeated registration changes the same one. */
const toHookPath = ({ form, url }: kit.WantedHook): string =>
  `/forms/${encodeURIComponent(form)}/webhooks/caselite-${url.split('/').slice(-2).join('-')}`;

const pageSize = 500;

/** Typeform. Source: Typeform developer documentation, "Webhooks", with its example payloads. */
export const typeform = kit.surveySource({
  kind: 'typeform',
  title: 'Typeform',
  clicks: 'Open the form, then Connect, Webhooks. Add a webhook with the address and the secret, and switch it on.',
  settings,
  ...kit.signedBy('typeform-signature', { prefix: 'sha256=' }),

  parse(delivery) {
    const json = kit.readJsonDelivery(delivery);
    const { event_type, form_response: given } = kit.readBySchema('Typeform response', Delivery, json);
    const partial = event_type === 'form_response_partial';
    const response = toIncomingResponse(given.form_id, given, { partial, receivedAt: delivery.receivedAt });
    return { kind: 'response', response };
  },

  api: {
    // Accounts in Europe use https://api.eu.typeform.com.
    baseUrl: { variable: 'TYPEFORM_API_URL', fallback: 'https://api.typeform.com' },
    hooksNeed: 'forms:read, webhooks:read and webhooks:write',
    connect(deps, token, { secret }) {
      const headers = { authorization: `Bearer ${deps.secret(token)}` };
      const { find, demand, write } = kit.apiClient(deps, { headers });
      const toFormPath = (form: string) => `/forms/${encodeURIComponent(form)}`;
      return {
        async fetchQuestions(form) {
          const { fields } = await demand('read a Typeform', toFormPath(form), TypeformForm);
          return fields.flatMap(flattenField).map(({ id, ref, title, properties }) => {
            const choices = (properties?.choices ?? []).map((entry): [string, string] => [
              entry.id,
              entry.label ?? entry.id,
            ]);
            return kit.describeQuestion(id, toPlainTitle(title), choices, ref ? [ref] : []);
          });
        },
        /** Typeform may leave out submissions of the last half hour. */
        async listResponses(form, since, cursor) {
          const start: Record<string, string> = cursor
            ? { after: cursor }
            : { since: kit.toIsoText(since).slice(0, 19), sort: 'submitted_at,asc' };
          const query = new URLSearchParams({ page_size: String(pageSize), ...start });
          const { items } = await demand('list Typeform responses', `${toFormPath(form)}/responses?${query}`, Listed);
          return {
            responses: items.map((item) =>
              toIncomingResponse(form, item, { partial: !item.submitted_at, receivedAt: since }),
            ),
            next: items.length === pageSize ? (items.at(-1)?.token ?? null) : null,
          };
        },
        hooks: {
          async isInOrder(wanted) {
            const hook = await find('read webhook', toHookPath(wanted), Hook);
            const isOurs = hook?.url === wanted.url && (!hook.secret || hook.secret === deps.secret(secret));
            return isOurs && hook.enabled && hook.event_types?.form_response !== false;
          },
          register: (wanted) =>
            write('register webhook', 'PUT', toHookPath(wanted), {
              url: wanted.url,
              enabled: true,
              secret: deps.secret(secret),
              event_types: { form_response: true },
            }),
          async listForms() {
            const found = await find('list forms', '/forms?page_size=200', Forms);
            return (found?.items ?? []).map(({ id, title }) => ({ id, title: title || id }));
          },
        },
      };
    },
  },
});
