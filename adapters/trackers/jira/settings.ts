import * as z from 'zod';
import { SecretName, webhookSecretName } from '#domain/settings/workspace-file.ts';

export const JiraSettings = z.strictObject({
  kind: z.literal('jira'),
  project: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'is not a project key such as SUP'),
  'issue-type': z.string().min(1).default('Task'),
  email: z.email('is not the e-mail address of the token’s account'),
  token: SecretName,
  'webhook-secret': webhookSecretName,
});
export type JiraSettings = z.output<typeof JiraSettings>;
