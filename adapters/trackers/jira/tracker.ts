import { joinTracker } from '#adapters/tracker-parts.ts';
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
  const { find, demand, snapshot, linksOf, ...reader } = jiraReader(site);
  const writer = jiraWriter(site, { find, demand, snapshot, linksOf });
  return joinTracker({ ...reader, ...writer, ...jiraComments(site), ...jiraCheck(site, { find, snapshot }) });
}
