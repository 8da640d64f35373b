import * as z from 'zod';
import * as kit from '../../kit.ts';
import { JiraSettings } from './settings.ts';

/** Jira's burst limits per endpoint, site and issue (developer.atlassian.com, rate limiting), at the lowest. */
const rateLimit: kit.RateLimit = {
  limits: kit.leaveRoom([
    { unit: 'reads', most: 100, windowMs: kit.secondMs },
    { unit: 'writes', most: 50, windowMs: kit.secondMs },
    { unit: 'issue-writes', most: 20, windowMs: 2 * kit.secondMs },
    { unit: 'issue-writes', most: 100, windowMs: 30 * kit.secondMs },
  ]),
  costOf({ method, url }) {
    const path = url.split('?')[0] ?? '';
    // Jira also reads by POST.
    if (method === 'GET' || /\/(search\/jql|bulkfetch)$/.test(path)) return [{ unit: 'reads', amount: 1 }];
    const issue = /\/issue\/([^/]+)/.exec(path)?.[1];
    return [{ unit: 'writes', amount: 1 }, ...(issue ? [{ unit: 'issue-writes', amount: 1, of: issue }] : [])];
  },
  readAllowances: () => [],
};

/** Jira Cloud through version 3 of its REST API, with an API token. */
export const jira: kit.TrackerDefinition<JiraSettings> = {
  kind: 'jira',
  title: 'Jira',
  settings: JiraSettings,
  baseUrl: {
    variable: 'JIRA_API_URL',
    fallback: '',
    ofSettings: ({ site }) => (site ? `https://${site}` : null),
  },
  rateLimit,
  // Webhooks without a secret have no signature and are refused. A retry keeps its identifier (developer.atlassian.com,
  // webhooks).
  webhook: kit.signedHook(
    { signature: 'x-hub-signature', prefix: 'sha256=', id: 'x-atlassian-webhook-identifier' },
    z.object({ issue: z.object({ id: z.string() }) }).transform(({ issue }) => issue.id),
  ),
  rechecksPerPoll: 100,
  cannot: [
    'Jira takes no ids of ours: an issue whose answer got lost is looked for over ten minutes before it is made again. Should its index lag for longer, a second issue can appear.',
    'There are no locked or archived issues: only permissions limit changes.',
    'A project without an issue type for sub-tasks has response plans as check boxes.',
    'A webhook without a secret is not signed, and not believed.',
    'Ticks in the text of an issue are not followed, because no webhook is known to tell them.',
  ],
  secrets: ({ token, 'webhook-secret': hook }) => [token, hook].filter((name) => name !== undefined),

  places: {
    setting: 'project',
    list: async (deps) => (await import('./tracker.ts')).listProjects(deps),
  },

  async create(settings, deps) {
    if (!deps.baseUrl)
      throw new kit.AppError(
        'config',
        'No site is named: write site: acme.atlassian.net under the tracker, or set JIRA_API_URL in the deployment',
      );
    // The module loads late, so that a bundler can drop unused parts of the library.
    return (await import('./tracker.ts')).createJiraTracker(settings, deps, deps.secret(settings.token));
  },
};
