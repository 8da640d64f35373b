import { join } from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import type { SeedConfig } from 'emulate';
import { Hono } from 'hono';
import * as z from 'zod';
import { createGitHubGaps } from '../trackers/github/emulator/gaps.ts';
import { githubUser } from '../trackers/github/emulator/tracker-user.ts';
import { type EmulateHost, startEmulate } from './emulate-host.ts';
import { type JournalEntry, openJournal } from './journal.ts';
import type { TrackerUser } from './tracker-user.ts';

export interface SeenMail {
  id: string;
  to: string[];
  from: string;
  replyTo: string | null;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
  at: string;
}

interface GitHubPlace {
  repository: string;
  people: string[];
  bot: { login: string; token: string };
}

export interface ThirdPartyOptions {
  /** Where the journals lie. */
  dir: string;
  host: '127.0.0.1';
  /** 0 takes any free port. */
  ports: { github: number; resend: number };
  github: GitHubPlace;
  resend: { key: string; domain?: string };
  /** Where a person who follows an issue's link ends up; the emulator has no page of its own. */
  issuePage?: (number: string) => string;
}

export interface ThirdParty {
  github: { url: string; trackerUser: TrackerUser };
  resend: { url: string; inboxUrl: string; inbox(): Promise<SeenMail[]> };
  close(): Promise<void>;
}

const keptHeaders = ['authorization', 'content-type', 'idempotency-key'];

const mails = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      to: z.array(z.string()),
      from: z.string(),
      reply_to: z.array(z.string()),
      subject: z.string(),
      text: z.string().nullable(),
      html: z.string().nullable(),
      headers: z.record(z.string(), z.string()),
      created_at: z.string(),
    }),
  ),
});

/** `emulate`'s GitHub and Resend for a local start, remembering what happened over restarts. */
export async function startThirdParty(options: ThirdPartyOptions): Promise<ThirdParty> {
  const { dir, host, ports, github, resend } = options;
  const tracker = await startFront({
    service: 'github',
    file: join(dir, 'github.jsonl'),
    host,
    port: ports.github,
    ...createGitHubGaps(),
    tokens: [...githubTokens(github).keys()],
    seed: githubSeed(github),
    prepare(app) {
      // `emulate` assigns people, but lacks the question whether they can be.
      app.get('/repos/:owner/:repo/assignees/:login', (c, next) => {
        const asked = `${c.req.param('owner')}/${c.req.param('repo')}`;
        if (asked.toLowerCase() !== github.repository.toLowerCase()) return next();
        const login = c.req.param('login').toLowerCase();
        const isKnown = [...githubTokens(github).values()].some((value) => value.toLowerCase() === login);
        return Promise.resolve(isKnown ? c.body(null, 204) : c.json({ message: 'Not Found' }, 404));
      });
      app.get('/:owner/:repo/issues/:number{[0-9]+}', (c, next) => {
        return options.issuePage
          ? Promise.resolve(c.redirect(options.issuePage(c.req.param('number'))))
          : next();
      });
    },
  });
  const mail = await startFront({
    service: 'resend',
    file: join(dir, 'resend.jsonl'),
    host,
    port: ports.resend,
    tokens: [resend.key],
    seed: {
      tokens: { [resend.key]: { login: 'caselite' } },
      ...(resend.domain ? { resend: { domains: [{ name: resend.domain, region: 'us-east-1' }] } } : {}),
    },
  });

  const { repository, people } = github;
  return {
    github: {
      url: tracker.url,
      trackerUser: githubUser({
        fetch: (...call) => fetch(...call),
        baseUrl: tracker.url,
        repository,
        people,
      }),
    },
    resend: {
      url: mail.url,
      inboxUrl: `${mail.url}/inbox`,
      async inbox() {
        const answer = await fetch(`${mail.url}/emails`, {
          headers: { authorization: `Bearer ${resend.key}` },
        });
        return mails.parse(await answer.json()).data.map(({ reply_to, created_at, text, html, ...rest }) => ({
          ...rest,
          id: mail.firstIds.get(rest.id) ?? rest.id,
          replyTo: reply_to[0] ?? null,
          text: text ?? '',
          html: html ?? '',
          at: created_at,
        }));
      },
    },
    async close() {
      await Promise.all([tracker.close(), mail.close()]);
    },
  };
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
  return new Map([
    [bot.token, bot.login],
    ...people.map((login): [string, string] => [`as-${login}`, login]),
  ]);
}

interface Front {
  url: string;
  /** Ids given anew by a replay, with those that were given first. */
  firstIds: Map<string, string>;
  close(): Promise<void>;
}

interface FrontOptions {
  service: 'github' | 'resend';
  file: string;
  host: string;
  port: number;
  tokens: string[];
  seed: SeedConfig;
  prepare?(app: Hono): void;
  observe?(entry: JournalEntry): void;
  mend?(answer: Response): Promise<Response>;
}

/** The public port of one service: checks the token, keeps a journal of changes, replays it at the start. */
async function startFront(options: FrontOptions): Promise<Front> {
  const { service, seed, tokens, observe, mend = async (answer) => answer } = options;
  let handle = async (_: Request) => new Response('Starting', { status: 503 });
  const { server, port } = await listen((request) => handle(request), options.host, options.port);
  const url = `http://${options.host}:${port}`;
  const emulator = await startEmulate({ service, baseUrl: url, seed });
  const journal = openJournal(options.file);
  const firstIds = await replay(emulator, url, journal.entries);
  for (const entry of journal.entries) observe?.(entry);

  async function change(request: Request): Promise<Response> {
    const body = await request.text();
    const { pathname, search } = new URL(request.url);
    const { method } = request;
    const headers = Object.fromEntries([...request.headers].filter(([name]) => keptHeaders.includes(name)));
    const path = pathname + search;
    const at = Date.now();
    await emulator.setClock(at);
    const answer = await emulator
      .fetch(url + path, { method, headers, body })
      .finally(() => emulator.setClock(null));
    if (answer.ok) {
      const entry = { at, method, path, headers, body, id: await idIn(answer.clone()) };
      journal.append(entry);
      observe?.(entry);
    }
    return mend(answer);
  }

  // Changes go one after another, so that the journal has them in the emulator's order.
  let turn: Promise<unknown> = Promise.resolve();
  const app = new Hono();
  options.prepare?.(app);
  app.onError((_, c) => c.text('The emulator is not there.', 502));
  app.get('/inbox/*', (c) => emulator.fetch(c.req.raw));
  app.get('/_emulate/*', (c) => emulator.fetch(c.req.raw));
  app.all('*', async (c) => {
    const token = /^(?:token|bearer)\s+(.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
    if (!tokens.includes(token)) return c.json({ message: 'Bad credentials', name: 'invalid_api_key' }, 401);
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return mend(await emulator.fetch(c.req.raw));
    const done = turn.then(() => change(c.req.raw));
    turn = done.catch(() => {});
    return done;
  });
  handle = async (request) => app.fetch(request);

  return {
    url,
    firstIds,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
      await emulator.close();
    },
  };
}

async function replay(
  emulator: EmulateHost,
  url: string,
  entries: JournalEntry[],
): Promise<Map<string, string>> {
  const firstIds = new Map<string, string>();
  for (const { at, method, path, headers, body, id } of entries) {
    await emulator.setClock(at);
    const answer = await emulator.fetch(url + path, { method, headers, body });
    const again = await idIn(answer);
    if (id !== null && again !== null && again !== id) firstIds.set(again, id);
  }
  await emulator.setClock(null);
  return firstIds;
}

async function idIn(answer: Response): Promise<string | null> {
  const { data } = z
    .object({ id: z.union([z.string(), z.number()]) })
    .safeParse(await answer.json().catch(() => null));
  return data ? String(data.id) : null;
}

function listen(
  fetch: (request: Request) => Promise<Response>,
  hostname: string,
  port: number,
): Promise<{ server: ServerType; port: number }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname, port }, (info) => resolve({ server, port: info.port }));
    server.once('error', reject);
  });
}
