import * as z from 'zod';
import { isLoopback } from '#adapters/loopback.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { NotifierDefinition } from '#domain/integrations/mailer.ts';
import { SecretName } from '#domain/settings/workspace-file.ts';
import * as kit from '../../kit.ts';

const settings = z.strictObject({
  kind: z.literal('webhook'),
  url: SecretName.describe('Name of the secret with the address that notices are posted to'),
  secret: SecretName.describe('Name of the secret that they are signed with, whsec_ and base64'),
});

/** Notices are for colleagues, so they leave this machine encrypted only. */
const isSafe = (address: string): boolean =>
  URL.canParse(address) && (new URL(address).protocol === 'https:' || isLoopback(address));

export type WebhookSettings = z.infer<typeof settings>;

const operation = 'send notice';

/** Each notice as JSON, signed by Standard Webhooks 1.0; equal `webhook-id`s are the same notice. */
export const webhook: NotifierDefinition<WebhookSettings> = {
  kind: 'webhook',
  title: 'webhook for notices',
  settings,
  secrets: ({ secret }) => [secret],
  addresses: ({ url }) => [url],

  async create({ url, secret: secretName }, { createFetch: fetchFor, now, secret }) {
    const address = secret(url);
    if (!isSafe(address))
      throw new IntegrationError('auth', operation, {
        detail: `the secret ${url} holds no address that begins with https://`,
      });
    const fetch = fetchFor(address);
    const key = secret(secretName);
    if (!kit.isWebhookSecret(key))
      throw new IntegrationError('auth', operation, { detail: `the secret ${secretName} is not base64 after whsec_` });
    return {
      async send(notice) {
        const body = new TextEncoder().encode(JSON.stringify(notice));
        const headers = await kit.signWebhook(body, key, { id: notice.key, now: now() });
        const answer = await fetch(address, { method: 'POST', headers, body }).catch((error: unknown) => {
          throw kit.classifyNetworkError(operation, error);
        });
        if (!answer.ok) throw kit.classifyFailedHttpAnswer(operation, answer.status, answer.headers, { write: true });
      },
    };
  },
};
