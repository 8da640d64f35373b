import { joinTracker } from '#adapters/tracker-parts.ts';
import type * as port from '#domain/integrations/index.ts';
import { createJiraSetUpCheck } from './check.ts';
import { createJiraClient } from './client.ts';
import { createJiraCommenter } from './comments.ts';
import { createScreenCache } from './fields.ts';
import { createJiraReader } from './read.ts';
import type { JiraSettings } from './settings.ts';
import { createJiraSite } from './site.ts';
import { toAdfDocument } from './text.ts';
import { createJiraWriter } from './write.ts';

/** The port over one Jira project. */
export function createJiraTracker(settings: JiraSettings, deps: port.TrackerDeps, token: string): port.Tracker {
  const calls = createJiraClient(deps, settings.email, token);
  const site = createJiraSite({ ...calls, settings, baseUrl: deps.baseUrl, toAdfDocument: toAdfDocument });
  const screens = createScreenCache(site);
  const { find, demand, snapshot, readIssueLinks: linksOf, ...reader } = createJiraReader(site, screens);
  const writer = createJiraWriter(site, screens, { find, demand, snapshot, readIssueLinks: linksOf });
  return joinTracker({
    ...reader,
    ...writer,
    ...createJiraCommenter(site),
    ...createJiraSetUpCheck(site, screens, { find, snapshot }),
  });
}
