import { getCurrentUser, searchProjects } from 'jira.js/cloud';
import * as z from 'zod';
import type { TrackerDeps, TrackerPlaces } from '#domain/integrations/tracker-definition.ts';
import { createJiraClient } from './client.ts';
import { ownAccountSchema } from './schema.ts';

const Projects = z.object({ values: z.array(z.object({ key: z.string(), name: z.string() })) });

/** The projects in which a token may make issues. */
export async function listProjects(deps: TrackerDeps & { token: string; email: string }): Promise<TrackerPlaces> {
  const { read } = createJiraClient(deps, deps.email, deps.token);
  const { accountId } = await read('jira account', ownAccountSchema, (client) => getCurrentUser(client));
  const { values } = await read('jira projects', Projects, (client) =>
    searchProjects(client, { maxResults: 100, orderBy: 'name', action: 'create' }),
  );
  return { places: values.map(({ key, name }) => ({ value: key, title: `${name} (${key})` })), account: accountId };
}
