import type { TrackerDefinition } from '#domain/tracker.ts';
import { type GitHubSettings, settings } from './github/settings.ts';

export type { GitHubSettings };

/** Issues of one GitHub repository. `id` and `key` are the number. */
export const github: TrackerDefinition<GitHubSettings> = {
  kind: 'github',
  title: 'GitHub',
  settings,
  baseUrl: { variable: 'GITHUB_API_URL', fallback: 'https://api.github.com' },
  secrets: ({ token, app }) => [token, app?.key].filter((name) => name !== undefined),

  async create(given, deps) {
    // Our own modules load late, so that a worker without GitHub never loads its SDK.
    const [{ connect }, { githubTracker }] = await Promise.all([
      import('./github/auth.ts'),
      import('./github/tracker.ts'),
    ]);
    return githubTracker(await connect(given, deps), given.repository, deps.retryMs);
  },
};
