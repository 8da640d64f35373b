import { AppError } from '#domain/base/errors.ts';
import type { TrackerDefinition } from '#domain/integrations/tracker-definition.ts';
import { rateLimit } from './rate-limit.ts';
import { JiraSettings } from './settings.ts';
import { webhook } from './webhook.ts';

/** Jira Cloud through version 3 of its REST API, with an API token. */
export const jira: TrackerDefinition<JiraSettings> = {
  kind: 'jira',
  title: 'Jira',
  settings: JiraSettings,
  baseUrl: { variable: 'JIRA_API_URL', fallback: '' },
  rateLimit,
  webhook,
  rechecksPerPoll: 100,
  cannot: [
    'Jira takes no ids of ours: an issue whose answer got lost is looked for over ten minutes before it is made again. Should its index lag for longer, a second issue can appear.',
    'There are no locked or archived issues: what may be changed is told by permissions alone.',
    'A project without an issue type for sub-tasks has response plans as check boxes.',
    'A webhook without a secret is not signed, and not believed.',
  ],
  secrets: ({ token, 'webhook-secret': hook }) => [token, hook].filter((name) => name !== undefined),

  async create(settings, deps) {
    if (!deps.baseUrl) {
      throw new AppError(
        'config',
        'JIRA_API_URL is not set: the address of your site, such as https://acme.atlassian.net',
      );
    }
    // The module loads late, so that a bundler can drop unused parts of the library.
    const { jiraTracker } = await import('./tracker.ts');
    return jiraTracker(settings, deps, deps.secret(settings.token));
  },
};
