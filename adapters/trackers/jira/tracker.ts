import type { Tracker } from '#domain/integrations/tracker.ts';
import type { TrackerDeps } from '#domain/integrations/tracker-definition.ts';
import { jiraCheck } from './check.ts';
import { createClient } from './client.ts';
import { jiraComments } from './comments.ts';
import { jiraReader } from './read.ts';
import type { JiraSettings } from './settings.ts';
import { jiraSite } from './site.ts';
import { toDocument } from './text.ts';
import { jiraWriter } from './write.ts';

/** The port over one Jira project. */
export function jiraTracker(settings: JiraSettings, deps: TrackerDeps, token: string): Tracker {
  const calls = createClient(deps, settings.email, token);
  const site = jiraSite({ ...calls, settings, baseUrl: deps.baseUrl, toDocument });
  const { find, demand, snapshot, linksOf, findDuplicateIssues, ...reader } = jiraReader(site);
  const { addSubIssue, linkIssues, ...writer } = jiraWriter(site, { find, demand, snapshot, linksOf });
  const { findWhereabouts, ...setUp } = jiraCheck(site, { find, snapshot });
  return {
    ...reader,
    ...writer,
    ...jiraComments(site),
    findWhereabouts,
    subIssues: { addSubIssue },
    relations: { linkIssues, findDuplicateIssues },
    setUp,
  };
}
