import { IntegrationError } from '#domain/base/errors.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import type { TrackerDeps } from '#domain/integrations/tracker-definition.ts';
import { type AdfDocument, documentOf } from './adf.ts';
import { jiraCalls } from './calls.ts';
import { jiraCheck } from './check.ts';
import { jiraComments } from './comments.ts';
import { jiraReading } from './reading.ts';
import type { JiraSettings } from './settings.ts';
import { jiraSite } from './site.ts';
import { jiraWriting } from './writing.ts';

/** Jira takes 32,767 characters, and counts those of the converted text. */
const longest = 30_000;

/** The port over one Jira project. */
export function jiraTracker(settings: JiraSettings, deps: TrackerDeps, token: string): Tracker {
  const calls = jiraCalls(deps, settings.email, token);
  const site = jiraSite({ ...calls, settings, baseUrl: deps.baseUrl, toDocument });
  const { find, demand, snapshot, linksOf, findDuplicateIssues, ...reading } = jiraReading(site);
  const { addSubIssue, linkIssues, ...writing } = jiraWriting(site, { find, demand, snapshot, linksOf });
  const { findWhereabouts, ...setUp } = jiraCheck(site, { find, snapshot });
  return {
    ...reading,
    ...writing,
    ...jiraComments(site),
    findWhereabouts,
    subIssues: { addSubIssue },
    relations: { linkIssues, findDuplicateIssues },
    setUp,
  };
}

function toDocument(markdown: string): AdfDocument {
  try {
    return documentOf(markdown.length > longest ? `${markdown.slice(0, longest)} …` : markdown);
  } catch {
    throw new IntegrationError('rejected', 'jira document', { detail: 'the text cannot be converted' });
  }
}
