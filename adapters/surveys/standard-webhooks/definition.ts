import * as z from 'zod';
import type { SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import { SecretName, sourceBase } from '#domain/settings/workspace-file.ts';
import { readJson } from '../../json.ts';
import { ResponseMapping, readMapped } from '../../mapped-response.ts';
import { signWebhook, verifyWebhook } from '../../webhook-signature.ts';

const StandardWebhooksSettings = z.strictObject({
  kind: z.literal('standard-webhooks'),
  secret: SecretName,
  response: ResponseMapping,
  ...sourceBase,
});
type StandardWebhooksSettings = z.output<typeof StandardWebhooksSettings>;

/** Any tool that signs its JSON by Standard Webhooks 1.0. */
export const standardWebhooks: SurveySourceDefinition<StandardWebhooksSettings> = {
  kind: 'standard-webhooks',
  title: 'Signed JSON (Standard Webhooks)',
  settings: StandardWebhooksSettings,
  secrets: ({ secret }) => [secret],
  verify: verifyWebhook,
  signer: {
    sign: signWebhook,
  },
  parse: ({ body, receivedAt }, { response }) => readMapped(readJson(body), response, receivedAt),
};
