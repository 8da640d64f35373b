import * as z from 'zod';
import { parseIssueOptions } from '#adapters/tracker-parts.ts';

export const issueOptions = {
  state: z.string().min(1).optional().describe('Name of the state of new issues, or triage'),
  project: z.string().min(1).optional().describe('Project of new issues, by name or id'),
  labels: z
    .array(z.string().min(1))
    .optional()
    .describe('Labels of new issues, beside those of the case; GROUP/LABEL names one of a label group'),
};
const LinearIssueOptions = z.strictObject(issueOptions);
type LinearIssueOptions = z.output<typeof LinearIssueOptions>;

export type ReadIssueOptions = (given: unknown) => LinearIssueOptions;

/** Reads the settings for new issues: of the template, else of the tracker; labels of both, the template's first. */
export function createIssueOptionsReader({ state, project, labels = [] }: LinearIssueOptions): ReadIssueOptions {
  return (given) => {
    const own = parseIssueOptions(LinearIssueOptions, given);
    const all = [...(own.labels ?? []), ...labels];
    return { state: own.state ?? state, project: own.project ?? project, labels: all };
  };
}
