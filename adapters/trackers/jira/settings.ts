import * as z from 'zod';
import * as kit from '../../kit.ts';

const issueType = z.string().min(1);
const fields = z.record(z.string().min(1), z.unknown()).describe('Fields of new issues, by name or id');

export const JiraSettings = z.strictObject({
  kind: z.literal('jira'),
  site: z
    .string()
    .regex(/^[a-z0-9-]{1,63}\.atlassian\.net$/, 'is the host of a Jira Cloud site alone, such as acme.atlassian.net')
    .optional()
    .describe('Your Jira Cloud site, such as acme.atlassian.net; without it the deployment’s JIRA_API_URL counts'),
  project: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, 'is not a project key such as SUP')
    .describe('Key of the project'),
  'issue-type': issueType.default('Task').describe('Type of new issues'),
  fields: fields.default({}),
  'priority-names': z.array(z.string().min(1)).min(1).optional().describe('Names of priorities, most urgent first'),
  email: z
    .email('is not the e-mail address of the token’s account')
    .describe('E-mail address of the Jira account that the token belongs to'),
  token: kit.SecretName.describe('Name of the secret with the API token'),
  ...kit.baseTrackerFields,
});
export type JiraSettings = z.output<typeof JiraSettings>;

/** Settings of a template for its issues; the fields are added to those of the tracker. */
const JiraIssueOptions = z.strictObject({ 'issue-type': issueType.optional(), fields: fields.optional() });

/** @throws IntegrationError for settings of another kind */
export const readIssueOptions = (given: unknown): z.output<typeof JiraIssueOptions> =>
  kit.parseIssueOptions(JiraIssueOptions, given);
