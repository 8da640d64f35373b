import { join } from 'node:path';
import type { SeedConfig } from 'emulate';
import { startFront } from '#adapters/emulators/emulate-front.ts';
import type { TrackerEmulator } from '#adapters/emulators/emulator.ts';
import type { TrackerUser } from '#adapters/emulators/tracker-user.ts';
import { createGitHubGaps } from './gaps.ts';
import { githubUser } from './tracker-user.ts';

export interface GitHubPlace {
  repository: string;
  people: string[];
  bot: { login: string; token: string };
}

export const githubEmulator: TrackerEmulator = {
  kind: 'github',
  port: 8791,
  start: ({ host, port, folder, settings, people, secret, deskUrl }) =>
    startGitHub({
      host,
      port,
      folder,
      place: {
        repository: settings.repository ?? 'acme/product',
        people: people.map(({ account }) => account),
        bot: { login: 'caselite', token: secret(settings.token) },
      },
      issuePage: (number) => `${deskUrl}/#github-${number}`,
    }),
};

/** `emulate`'s GitHub with one repository, which remembers over restarts what happened. */
export async function startGitHub(options: {
  host: string;
  port: number;
  folder: string;
  place: GitHubPlace;
  /** Page of an issue for people who follow its link; the emulator has none. */
  issuePage?: (number: string) => string;
}): Promise<{ address: string; trackerUser: TrackerUser; close(): Promise<void> }> {
  const { place, issuePage } = options;
  const { repository, people } = place;
  const tokens = githubTokens(place);
  const { url, close } = await startFront({
    service: 'github',
    file: join(options.folder, 'github.jsonl'),
    host: options.host,
    port: options.port,
    ...createGitHubGaps(),
    tokens: [...tokens.keys()],
    seed: githubSeed(place),
    prepare(app) {
      // `emulate` assigns people, but has no check of whether a person can be assigned.
      app.get('/repos/:owner/:repo/assignees/:login', (c, next) => {
        const asked = `${c.req.param('owner')}/${c.req.param('repo')}`;
        if (asked.toLowerCase() !== repository.toLowerCase()) return next();
        const login = c.req.param('login').toLowerCase();
        const isKnown = [...tokens.values()].some((value) => value.toLowerCase() === login);
        return Promise.resolve(isKnown ? c.body(null, 204) : c.json({ message: 'Not Found' }, 404));
      });
      // `emulate` lists repositories of the user's own only; GitHub lists those of organisations as well.
      app.get('/user/repos', (c) => Promise.resolve(c.json([{ full_name: repository, has_issues: true }])));
      // `emulate` lets nobody but an owner register webhooks, and shows none of their secrets.
      const hooks: Record<string, object>[] = [];
      const path = '/repos/:owner/:repo/hooks';
      app.get(path, (c) => Promise.resolve(c.json(hooks)));
      app.post(path, async (c) => {
        const hook = { id: hooks.length + 1, active: true, ...(await c.req.json()) };
        hooks.push({ ...hook, config: { ...hook.config, secret: '********' } });
        return c.json(hook, 201);
      });
      app.patch(`${path}/:id`, (c) => Promise.resolve(c.json(hooks[Number(c.req.param('id')) - 1] ?? {})));
      app.get('/:owner/:repo/issues/:number{[0-9]+}', (c, next) => {
        return issuePage ? Promise.resolve(c.redirect(issuePage(c.req.param('number')))) : next();
      });
    },
  });
  const trackerUser = githubUser({
    fetch: (...call) => fetch(...call),
    baseUrl: url,
    repository: () => repository,
    people,
  });
  return { address: url, trackerUser, close };
}

/** `emulate`'s seed for one public repository, with a token for the bot and `as-<login>` for each person. */
export function githubSeed(place: GitHubPlace): SeedConfig {
  const [owner = '', name = ''] = place.repository.split('/');
  const tokens = githubTokens(place);
  return {
    tokens: Object.fromEntries([...tokens].map(([token, login]) => [token, { login }])),
    github: {
      users: [...tokens.values()].map((login) => ({ login })),
      orgs: [{ login: owner }],
      repos: [{ owner, name, auto_init: false }],
    },
  };
}

function githubTokens({ bot, people }: GitHubPlace): Map<string, string> {
  return new Map([[bot.token, bot.login], ...people.map((login): [string, string] => [`as-${login}`, login])]);
}
