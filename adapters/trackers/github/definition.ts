import type { TrackerDefinition } from '#domain/integrations/tracker-definition.ts';
import { rateLimit } from './rate-limit.ts';
import { type GitHubSettings, settings } from './settings.ts';
import { webhook } from './webhook.ts';

export type { GitHubSettings };

/** Issues of one GitHub repository. `id` and `key` are the number. */
export const github: TrackerDefinition<GitHubSettings> = {
  kind: 'github',
  title: 'GitHub',
  settings,
  baseUrl: { variable: 'GITHUB_API_URL', fallback: 'https://api.github.com' },
  rateLimit,
  webhook,
  rechecksPerPoll: 5,
  cannot: [
    'GitHub takes no ids of ours: an issue whose answer got lost is looked for over ten minutes before it is made again. Should its lists lag for longer, a second issue can appear.',
    'Without the organisation’s issue fields (or in a user’s own repository) due date and severity are labels and lines of the text.',
    'Issues are open or closed, nothing in between: other statuses need labels.',
    'Which issue a duplicate repeats is told by a comment "Duplicate of #12"; one that was only picked from GitHub’s menu is not shown to programs of this kind.',
    'There are no links between issues but those in comments.',
    'GitHub never sends a webhook again by itself; what is missed is found by polls.',
  ],
  secrets: ({ token, app, 'webhook-secret': hook }) => [token, app?.key, hook].filter((name) => name !== undefined),

  async create(given, deps) {
    // The modules load late, so that a worker without GitHub never loads its SDK.
    const [{ connect }, { githubTracker }] = await Promise.all([import('./credentials.ts'), import('./tracker.ts')]);
    return githubTracker(await connect(given, deps), given.repository, deps.retryMs);
  },
};
