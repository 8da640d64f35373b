import * as z from 'zod';
import * as kit from '../../kit.ts';

const settings = z.strictObject({
  kind: z.literal('webhook'),
  url: kit.SecretName.describe('Name of the secret with the address that notices are posted to'),
  secret: kit.SecretName.describe('Name of the secret that they are signed with, whsec_ and base64'),
  ...kit.caseEventFields,
});

/** Notices are for colleagues, so they leave this machine encrypted only. */
const isSafe = (address: string): boolean =>
  URL.canParse(address) && (new URL(address).protocol === 'https:' || kit.isLoopback(address));

export type WebhookSettings = z.infer<typeof settings>;

const operation = 'send notice';

/** Each notice and event as JSON, signed by Standard Webhooks 1.0; equal `webhook-id`s are the same one. */
export const webhook: kit.NotifierDefinition<WebhookSettings> = {
  kind: 'webhook',
  title: 'webhook',
  settings,
  secrets: ({ secret }) => [secret],
  addresses: ({ url }) => [url],

  async create({ url, secret: secretName }, { createFetch: fetchFor, now, secret }) {
    const address = secret(url);
    const refusal = (detail: string) => new kit.IntegrationError('auth', operation, { detail });
    if (!isSafe(address)) throw refusal(`the secret ${url} holds no address that begins with https://`);
    const fetch = fetchFor(address);
    const key = secret(secretName);
    if (!kit.isWebhookSecret(key)) throw refusal(`the secret ${secretName} is not base64 after whsec_`);
    const sendEvent = async (id: string, content: object) => {
      const body = new TextEncoder().encode(JSON.stringify(content));
      const headers = await kit.signWebhook(body, key, { id, now: now() });
      await kit.post(operation, () => fetch(address, { method: 'POST', headers, body }));
    };
    return { send: (notice) => sendEvent(notice.key, notice), sendEvent };
  },
};
