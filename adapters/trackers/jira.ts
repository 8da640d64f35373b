import { AppError } from '#domain/errors.ts';
import type { TrackerDefinition } from '#domain/tracker.ts';
import { JiraSettings } from './jira/settings.ts';

/** Jira Cloud through version 3 of its REST API, with an API token. */
export const jira: TrackerDefinition<JiraSettings> = {
  kind: 'jira',
  title: 'Jira',
  settings: JiraSettings,
  baseUrl: { variable: 'JIRA_API_URL', fallback: '' },
  secrets: (settings) => [settings.token],

  async create(settings, deps) {
    if (!deps.baseUrl) {
      throw new AppError(
        'config',
        'JIRA_API_URL is not set: the address of your site, such as https://acme.atlassian.net',
      );
    }
    // Our own module is what loads late, so that a bundler can still drop what we do not use of the library.
    const { jiraTracker } = await import('./jira/tracker.ts');
    return jiraTracker(settings, deps, deps.secret(settings.token));
  },
};
