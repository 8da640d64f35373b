import * as z from 'zod';
import type * as kit from '../../kit.ts';
import { type Octokit, pageSize } from './client.ts';
import type { Repository } from './repository.ts';
import { anySchema } from './schema.ts';

const events = ['issues', 'issue_comment'];
const Hooks = z.array(
  z.object({
    id: z.int(),
    active: z.boolean(),
    events: z.array(z.string()),
    config: z.object({ url: z.string(), content_type: z.string(), secret: z.string() }).partial(),
  }),
);

/** Webhooks of a repository, which shows only whether one has a secret: docs.github.com, "Repository webhooks". */
export function createGithubHooks(
  { rest: { repos } }: Octokit,
  { place, read, write }: Repository,
  secret: () => string,
): kit.HookRegistrar {
  const find = async (url: string) => {
    const hooks = await read('list webhooks', Hooks, () => repos.listWebhooks({ ...place, per_page: pageSize }));
    return hooks.find(({ config }) => config.url === url);
  };
  return {
    async isInOrder({ url }) {
      const hook = await find(url);
      const { content_type: type, secret: mask } = hook?.config ?? {};
      const isComplete = events.every((event) => hook?.events.includes(event));
      return hook?.active === true && isComplete && type === 'json' && Boolean(mask);
    },

    async register({ url }) {
      const config = { url, content_type: 'json', insecure_ssl: '0', secret: secret() };
      const wanted = { ...place, active: true, events, config };
      const known = await find(url);
      await write('register webhook', anySchema, () =>
        known ? repos.updateWebhook({ ...wanted, hook_id: known.id }) : repos.createWebhook({ ...wanted, name: 'web' }),
      );
    },
  };
}
