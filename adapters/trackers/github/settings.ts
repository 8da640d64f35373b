import * as z from 'zod';
import * as kit from '../../kit.ts';

/** GitHub tells its limits by these words, at times without a header (docs.github.com, rate limits for the REST API). */
export const tellsLimit = (status: number, text: string): boolean =>
  (status === 403 && /rate limit|abuse detection/i.test(text)) ||
  (status === 422 && /submitted too quickly/i.test(text));

const issueOptions = {
  'issue-type': z.string().min(1).optional().describe('Type of new issues, as the organisation names it'),
  milestone: z.int().positive().optional().describe('Number of the milestone of new issues'),
  labels: z.array(z.string().min(1).max(50)).optional().describe('Labels of new issues, beside those of the case'),
};

const GitHubIssueOptions = z.strictObject(issueOptions);

/** Settings for new issues: of the template, else of the tracker. @throws IntegrationError */
export function readIssueOptions({ 'issue-type': type, milestone, labels = [] }: GitHubSettings, given: unknown) {
  const own = kit.parseIssueOptions(GitHubIssueOptions, given);
  return { 'issue-type': type, milestone, ...own, labels: [...labels, ...(own.labels ?? [])] };
}

export const settings = z
  .strictObject({
    kind: z.literal('github'),
    repository: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/, 'write it as owner/name')
      .describe('The repository, owner/name'),
    token: kit.SecretName.optional().describe('Name of the secret with the access token'),
    app: z
      .strictObject({
        id: z.int().positive().describe('The App ID'),
        installation: z.int().positive().describe('The installation, as in /settings/installations/ID'),
        key: kit.SecretName.describe('Name of the secret with the private key in PKCS#8'),
      })
      .optional()
      .describe('A GitHub App instead of a token'),
    ...issueOptions,
    ...kit.baseTrackerFields,
  })
  .refine(({ token, app }) => (token === undefined) !== (app === undefined), {
    path: ['token'],
    message: 'give either token or app',
  });

export type GitHubSettings = z.infer<typeof settings>;
