import * as z from 'zod';
import { SecretName, webhookSecret } from '#domain/settings/workspace-file.ts';

export const settings = z
  .strictObject({
    kind: z.literal('linear'),
    team: z.string().min(1).describe('Key of the team, as in GRO-12'),
    token: SecretName.optional().describe('Name of the secret that holds the API key'),
    client: z
      .strictObject({
        id: z.string().min(1).describe('Client ID of an OAuth application of this workspace alone'),
        secret: SecretName.describe('Name of the secret that holds the client secret'),
      })
      .optional()
      .describe('An OAuth application with client credentials instead of a key'),
    'webhook-secret': webhookSecret,
  })
  .refine(({ token, client }) => (token === undefined) !== (client === undefined), {
    path: ['token'],
    message: 'give either token or client',
  });
export type LinearSettings = z.infer<typeof settings>;
