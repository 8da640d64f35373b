import { getCurrentUser, searchProjects } from 'jira.js/cloud';
import * as z from 'zod';
import type * as kit from '../../kit.ts';
import { createJiraSetUpCheck } from './check.ts';
import type { JiraSettings } from './settings.ts';
import { createScreenCache } from './fields.ts';
import { createJiraCommenter, createJiraReader } from './read.ts';
import { ownAccountSchema } from './schema.ts';
import { createJiraClient, createJiraSite } from './site.ts';
import { createJiraWriter } from './write.ts';

/** The port over one Jira project. */
export function createJiraTracker(settings: JiraSettings, deps: kit.TrackerDeps, token: string): kit.Tracker {
  const site = createJiraSite(settings, deps, token);
  const screens = createScreenCache(site);
  const { reading, port: reader } = createJiraReader(site, screens);
  return {
    ...reader,
    ...createJiraWriter(site, screens, reading),
    ...createJiraCommenter(site),
    ...createJiraSetUpCheck(site, screens, reading),
  };
}

const Projects = z.object({ values: z.array(z.object({ key: z.string(), name: z.string() })) });

/** The projects in which a token may make issues. */
export async function listProjects(
  deps: kit.TrackerDeps & { token: string; email: string },
): Promise<kit.TrackerPlaces> {
  const { read } = createJiraClient(deps, deps.email, deps.token);
  const { accountId } = await read('jira account', ownAccountSchema, getCurrentUser, {});
  const { values } = await read('jira projects', Projects, searchProjects, {
    maxResults: 100,
    orderBy: 'name',
    action: 'create',
  });
  return { places: values.map(({ key, name }) => ({ value: key, title: `${name} (${key})` })), account: accountId };
}
