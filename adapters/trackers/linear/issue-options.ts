import * as z from 'zod';
import { parseIssueOptions } from '#adapters/tracker-parts.ts';

export const issueOptions = {
  state: z.string().min(1).optional().describe('Name of the state of new issues, or triage'),
  labels: z.array(z.string().min(1)).optional().describe('Labels of new issues, beside those of the case'),
};
const LinearIssueOptions = z.strictObject(issueOptions);
type LinearIssueOptions = z.output<typeof LinearIssueOptions>;

export type ReadIssueOptions = (given: unknown) => LinearIssueOptions;

/** Reads the settings for new issues: of the template, else of the tracker; labels of both. */
export function createIssueOptionsReader({ state, labels = [] }: LinearIssueOptions): ReadIssueOptions {
  return (given) => {
    const own = parseIssueOptions(LinearIssueOptions, given);
    return { state: own.state ?? state, labels: [...labels, ...(own.labels ?? [])] };
  };
}
