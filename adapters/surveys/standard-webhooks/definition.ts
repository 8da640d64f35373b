import { SecretName } from '#domain/settings/workspace-file.ts';
import { readJsonDelivery } from '../../json.ts';
import { ResponseMapping, readMappedResponse } from '../../mapped-response.ts';
import { sourceSettings, surveySource } from '../../survey-api.ts';
import { signedByStandard } from '../../webhook-signature.ts';

/** Any tool that signs its JSON by Standard Webhooks 1.0. */
export const standardWebhooks = surveySource({
  kind: 'standard-webhooks',
  title: 'Signed JSON (Standard Webhooks)',
  clicks: 'Enter the address and the secret where your tool takes a webhook by Standard Webhooks.',
  settings: sourceSettings('standard-webhooks', { secret: SecretName, response: ResponseMapping }),
  ...signedByStandard,
  parse: (delivery, { response }) => readMappedResponse(readJsonDelivery(delivery), response, delivery.receivedAt),
});
