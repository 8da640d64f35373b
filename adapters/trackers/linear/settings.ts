import * as z from 'zod';
import * as kit from '../../kit.ts';

const issueOptions = {
  state: z.string().min(1).optional().describe('Name of the state of new issues, or triage'),
  project: z.string().min(1).optional().describe('Project of new issues, by name or id'),
  labels: z
    .array(z.string().min(1))
    .optional()
    .describe('Labels of new issues, beside those of the case; GROUP/LABEL names one of a label group'),
};
const LinearIssueOptions = z.strictObject(issueOptions);

/** Settings for new issues: of the template, else of the tracker; labels of both, the template's first. */
export function readIssueOptions({ state, project, labels = [] }: LinearSettings, given: unknown) {
  const own = kit.parseIssueOptions(LinearIssueOptions, given);
  return { state, project, ...own, labels: [...(own.labels ?? []), ...labels] };
}

export const settings = z
  .strictObject({
    kind: z.literal('linear'),
    team: z.string().min(1).describe('Key of the team, as in GRO-12, or its id'),
    token: kit.SecretName.optional().describe('Name of the secret that holds the API key'),
    client: z
      .strictObject({
        id: z.string().min(1).describe('Client ID of an OAuth application of this workspace alone'),
        secret: kit.SecretName.describe('Name of the secret that holds the client secret'),
      })
      .optional()
      .describe('An OAuth application with client credentials instead of a key'),
    ...issueOptions,
    ...kit.baseTrackerFields,
  })
  .refine(({ token, client }) => (token === undefined) !== (client === undefined), {
    path: ['token'],
    message: 'give either token or client',
  });
export type LinearSettings = z.infer<typeof settings>;
