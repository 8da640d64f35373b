import * as kit from '../../kit.ts';

/** Any tool that signs its JSON by Standard Webhooks 1.0. */
export const standardWebhooks = kit.surveySource({
  kind: 'standard-webhooks',
  title: 'Signed JSON (Standard Webhooks)',
  clicks: 'Enter the address and the secret where your tool takes a webhook by Standard Webhooks.',
  settings: kit.sourceSettings('standard-webhooks', {
    secret: kit.SecretName.describe('Name of the secret that signs its deliveries'),
    response: kit.ResponseMapping,
  }),
  ...kit.signedByStandard,
  parse: (delivery, { response }) =>
    kit.readMappedResponses(kit.readDeliveredFields(delivery), response, delivery.receivedAt),
});
