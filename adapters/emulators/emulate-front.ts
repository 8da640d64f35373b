import type { SeedConfig } from 'emulate';
import { Hono } from 'hono';
import * as z from 'zod';
import { type EmulateHost, startEmulate } from './emulate-host.ts';
import { type JournalEntry, openJournal } from './journal.ts';
import { serveAt } from './serve.ts';

const keptHeaders = ['authorization', 'content-type', 'idempotency-key'];

export interface Front {
  url: string;
  /** Ids after a replay, mapped to the first ids. */
  firstIds: Map<string, string>;
  close(): Promise<void>;
}

interface FrontOptions {
  service: Parameters<typeof startEmulate>[0]['service'];
  file: string;
  host: string;
  port: number;
  tokens: string[];
  seed: SeedConfig;
  prepare?(app: Hono): void;
  observe?(entry: JournalEntry): void;
  correct?(answer: Response): Promise<Response>;
}

/** The public port of one service: checks the token, keeps a journal of changes, and replays it at start. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const { service, seed, tokens, observe, correct = async (answer) => answer } = options;
  let handle = async (_: Request) => new Response('Starting', { status: 503 });
  const served = await serveAt(() => ({ fetch: (request: Request) => handle(request) }), options);
  const { url } = served;
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
    const answer = await emulator.fetch(url + path, { method, headers, body }).finally(() => emulator.setClock(null));
    if (answer.ok) {
      const entry = { at, method, path, headers, body, id: await idIn(answer.clone()) };
      journal.append(entry);
      observe?.(entry);
    }
    return correct(answer);
  }

  // Changes run one after the other, so that the journal keeps the emulator's order.
  let turn: Promise<unknown> = Promise.resolve();
  const app = new Hono();
  options.prepare?.(app);
  app.onError((_, c) => c.text('The emulator is not there.', 502));
  app.get('/inbox/*', (c) => emulator.fetch(c.req.raw));
  app.get('/_emulate/*', (c) => emulator.fetch(c.req.raw));
  app.all('*', async (c) => {
    const token = /^(?:token|bearer)\s+(.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
    if (!tokens.includes(token)) return c.json({ message: 'Bad credentials', name: 'invalid_api_key' }, 401);
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return correct(await emulator.fetch(c.req.raw));
    const done = turn.then(() => change(c.req.raw));
    turn = done.catch(() => {});
    return done;
  });
  handle = async (request) => app.fetch(request);

  return {
    url,
    firstIds,
    async close() {
      await served.close();
      await emulator.close();
    },
  };
}

async function replay(emulator: EmulateHost, url: string, entries: JournalEntry[]): Promise<Map<string, string>> {
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
  const { data } = z.object({ id: z.union([z.string(), z.number()]) }).safeParse(await answer.json().catch(() => null));
  return data ? String(data.id) : null;
}
