import * as z from 'zod';
import type { ParsedDelivery, SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import { SecretName, sourceBase } from '#domain/settings/workspace-file.ts';
import { isoText } from '#domain/time/units.ts';
import { readJson } from '../../json.ts';
import { fromBase64, hmac, hmacMatches, toBase64 } from '../../signature.ts';
import { readSchema, Text } from '../../survey-reading.ts';
import { readApi } from '../../vendor-api.ts';
import { Filled, FormFields, readTitle, toIncoming } from './response.ts';

const TypeformSettings = z.strictObject({
  kind: z.literal('typeform'),
  secret: SecretName,
  token: SecretName.optional().describe('Name of the secret with a personal token, for missed responses'),
  ...sourceBase,
});
type TypeformSettings = z.output<typeof TypeformSettings>;

const prefix = 'sha256=';

const Delivery = z.object({
  event_type: z.enum(['form_response', 'form_response_partial']),
  form_response: Filled.extend({ form_id: z.string().min(1), response_url: Text }),
});

const pageSize = 500;

/** Typeform. Source: Typeform developer documentation, "Webhooks", with its example payloads. */
export const typeform: SurveySourceDefinition<TypeformSettings> = {
  kind: 'typeform',
  title: 'Typeform',
  settings: TypeformSettings,
  secrets: ({ secret }) => [secret],

  verify({ body, headers }, secrets) {
    const header = headers['typeform-signature'] ?? '';
    const signature = header.startsWith(prefix) ? fromBase64(header.slice(prefix.length)) : null;
    return hmacMatches('SHA-256', secrets, body, signature);
  },

  signer: {
    async sign(body, secret) {
      const signature = toBase64(await hmac('SHA-256', secret, body));
      return { 'content-type': 'application/json', 'typeform-signature': `${prefix}${signature}` };
    },
  },

  parse({ body, receivedAt }): ParsedDelivery {
    const { event_type, form_response: given } = readSchema('Typeform response', Delivery, readJson(body));
    const partial = event_type === 'form_response_partial';
    return { kind: 'response', response: toIncoming(given.form_id, given, { partial, receivedAt }) };
  },

  api: {
    // Accounts in Europe use https://api.eu.typeform.com.
    baseUrl: { variable: 'TYPEFORM_API_URL', fallback: 'https://api.typeform.com' },
    secrets: ({ token }) => (token ? [token] : []),
    create({ token }, deps) {
      if (!token) return null;
      const read = <Value>(operation: string, path: string, schema: z.ZodType<Value>) =>
        readApi(deps, {
          operation,
          path,
          headers: { authorization: `Bearer ${deps.secret(token)}` },
          schema,
        });
      const list = (form: string, query: Record<string, string>) => {
        const path = `/forms/${encodeURIComponent(form)}/responses?${new URLSearchParams(query)}`;
        return read('list Typeform responses', path, z.object({ items: z.array(Filled) }));
      };
      return {
        async fetchResponse({ form, responseId }) {
          const found = await list(form, { included_response_ids: responseId });
          const item = found?.items.find((entry) => entry.token === responseId);
          return item ? toIncoming(form, item, { partial: !item.submitted_at, receivedAt: 0 }) : null;
        },
        async fetchQuestions(form) {
          const found = await read('read a Typeform', `/forms/${encodeURIComponent(form)}`, FormFields);
          return (found?.fields ?? []).map(({ id, ref, title, properties }) => ({
            id,
            names: ref ? [ref] : [],
            title: readTitle(title),
            choices: new Map((properties?.choices ?? []).map((entry) => [entry.id, entry.label ?? entry.id])),
          }));
        },
        /** Typeform may leave out submissions of the last half hour. */
        async listResponses(form, since, cursor) {
          const start: Record<string, string> = cursor
            ? { after: cursor }
            : { since: isoText(since).slice(0, 19), sort: 'submitted_at,asc' };
          const found = await list(form, { page_size: String(pageSize), ...start });
          const items = found?.items ?? [];
          return {
            responses: items.map((item) => toIncoming(form, item, { partial: !item.submitted_at, receivedAt: since })),
            next: items.length === pageSize ? (items.at(-1)?.token ?? null) : null,
          };
        },
      };
    },
  },
};
