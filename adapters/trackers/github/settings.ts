import * as z from 'zod';
import { SecretName, webhookSecretName } from '#domain/settings/workspace-file.ts';

export const settings = z
  .strictObject({
    kind: z.literal('github'),
    repository: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/, 'write it as owner/name')
      .describe('The repository, owner/name'),
    token: SecretName.optional().describe('Name of the secret with the access token'),
    app: z
      .strictObject({
        id: z.int().positive().describe('The App ID'),
        installation: z.int().positive().describe('The installation, as in /settings/installations/ID'),
        key: SecretName.describe('Name of the secret with the private key in PKCS#8'),
      })
      .optional()
      .describe('A GitHub App instead of a token'),
    'webhook-secret': webhookSecretName,
  })
  .refine(({ token, app }) => (token === undefined) !== (app === undefined), {
    path: ['token'],
    message: 'give either token or app',
  });

export type GitHubSettings = z.infer<typeof settings>;
