import * as z from 'zod';
import * as kit from '../../kit.ts';
import { type GitHubSettings, settings, tellsLimit } from './settings.ts';

/** GitHub's secondary limits (docs.github.com, rate limits for the REST API); headers report the primary limit. */
const rateLimit: kit.RateLimit = {
  limits: kit.leaveRoom([
    { unit: 'writes', most: 80, windowMs: kit.minuteMs },
    { unit: 'writes', most: 500, windowMs: kit.hourMs },
    { unit: 'points', most: 900, windowMs: kit.minuteMs },
  ]),
  costOf({ method }) {
    const requests = { unit: 'requests', amount: 1 };
    if (method === 'GET' || method === 'HEAD') return [requests, { unit: 'points', amount: 1 }];
    return [requests, { unit: 'points', amount: 5 }, { unit: 'writes', amount: 1 }];
  },
  readAllowances(headers) {
    const [remaining, reset] = ['remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`));
    if (!remaining || !reset || (headers.get('x-ratelimit-resource') ?? 'core') !== 'core') return [];
    return [{ unit: 'requests', remaining: Number(remaining), resetsAt: Number(reset) * 1000 }];
  },
  reportsLimit: tellsLimit,
};

/** The webhook `issues` `edited`; that of a comment has an issue and a former text as well. */
const EditedIssue = z.object({
  action: z.literal('edited'),
  comment: z.undefined().optional(),
  issue: z.object({ number: z.int(), body: z.string(), updated_at: z.iso.datetime() }),
  changes: z.object({ body: z.object({ from: z.string() }) }),
  repository: z.object({ full_name: z.string() }),
  sender: z.object({ login: z.string() }),
});

/** Issues of one GitHub repository. `id` and `key` are the issue's number. */
export const github: kit.TrackerDefinition<GitHubSettings> = {
  kind: 'github',
  title: 'GitHub',
  settings,
  baseUrl: { variable: 'GITHUB_API_URL', fallback: 'https://api.github.com' },
  rateLimit,
  longestBody: 64_000,
  // The signature holds no time, so that a repeated delivery is recognised by its id (docs.github.com, webhooks).
  webhook: {
    ...kit.signedHook(
      { signature: 'x-hub-signature-256', prefix: 'sha256=', id: 'x-github-delivery' },
      z.object({ issue: z.object({ number: z.int() }) }).transform(({ issue }) => String(issue.number)),
    ),
    hooksNeed: 'Webhooks: read and write',
    readTextEdit(body, { repository }) {
      const { data } = EditedIssue.safeParse(kit.jsonOrNull(body));
      if (data?.repository.full_name.toLowerCase() !== repository.toLowerCase()) return null;
      const { issue, changes, sender } = data;
      const at = Date.parse(issue.updated_at);
      return { issue: String(issue.number), account: sender.login, before: changes.body.from, after: issue.body, at };
    },
  },
  rechecksPerPoll: 5,
  cannot: [
    'GitHub takes no ids of ours: an issue whose answer got lost is looked for over ten minutes before it is made again. Should its lists lag for longer, a second issue can appear.',
    'Without the organisation’s issue fields (or in a user’s own repository) due date and severity are labels and lines of the text.',
    'Issues are open or closed, nothing in between: other statuses need labels.',
    'The original of a duplicate is read from a comment "Duplicate of #12"; GitHub’s menu entry is not visible to programs of this kind.',
    'There are no links between issues but those in comments.',
    'GitHub never sends a webhook again by itself; what is missed is found by polls.',
  ],
  secrets: ({ token, app, 'webhook-secret': hook }) => [token, app?.key, hook].filter((name) => name !== undefined),

  places: {
    setting: 'repository',
    takesApp: true,
    list: async (deps) => (await import('./tracker.ts')).listRepositories(deps),
  },

  // The module loads late, so that a worker without GitHub never loads its SDK.
  create: async (given, deps) => (await import('./tracker.ts')).createGithubTracker(given, deps),
};
