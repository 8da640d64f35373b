import { join, resolve } from 'node:path';
import type { Page } from '#domain/base/page.ts';
import { minuteMs } from '#domain/time/units.ts';
import type { Address, Answered } from '../routes/api/table.ts';
import { type RunFile, readJsonFile } from './data-folder.ts';
import { projectRoot } from './workspace-files.ts';

export interface ConnectOptions {
  data?: string | undefined;
  url?: string | undefined;
  tokenVariable?: string | undefined;
  workspace?: string | undefined;
}

/** The Caselite of the options: one started on a data folder, or one at an address. */
export function connect(options: ConnectOptions, workspace?: string): Client {
  const name = options.workspace ?? workspace;
  if (options.url) {
    const variable = options.tokenVariable;
    const token = variable && process.env[variable];
    if (!variable) throw new Error('--url wants --token-variable NAME: the environment variable with the API token.');
    if (!token) throw new Error(`The environment variable ${variable} is not set.`);
    if (!name) throw new Error('--url wants --workspace NAME.');
    return new Client({ url: options.url.replace(/\/+$/, ''), workspace: name, token });
  }
  const { run } = readStartedWorkspace(options.data, ', or use --url');
  if (name && name !== run.workspace)
    throw new Error(
      `What runs on ${findDataFolder(options.data)} is workspace ${run.workspace}, not ${name}: name the folder of ${name} with --data.`,
    );
  return new Client(run);
}

export const findDataFolder = (data: string | undefined): string => resolve(data ?? join(projectRoot, '.caselite'));

/** The running Caselite of a data folder, and its generated secrets; an Error with the remedy without it. */
export function readStartedRun(data: string | undefined, otherwise = ''): { run: RunFile; kept: Kept } {
  const folder = findDataFolder(data);
  const run = readJsonFile<RunFile>(join(folder, 'run.json'));
  if (!run)
    throw new Error(
      `Nothing was started on ${folder}: run npm start first, or name its folder with --data${otherwise}.`,
    );
  return { run, kept: readJsonFile<Kept>(join(folder, 'secrets.json')) ?? {} };
}

/** The same for commands on the workspace with which it was started. */
export function readStartedWorkspace(data: string | undefined, otherwise = ''): { run: RunFile; kept: Kept } {
  const started = readStartedRun(data, otherwise);
  if (started.run.workspace === '')
    throw new Error(
      `This deployment was set up on its pages: make an API token on the page Sessions and tokens, then name it by --url ${started.run.url} --workspace NAME --token-variable VARIABLE.`,
    );
  return started;
}

type Kept = Record<string, string>;

/** Runs a command. A known mistake prints its message without a trace, and exits with 2. */
export async function runCommand(run: () => Promise<number> | number): Promise<never> {
  try {
    process.exit(await run());
  } catch (error) {
    console.error(explainError(error));
    process.exit(2);
  }
}

/** What a person reads of an error that ends a command. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' && path) return `There is no file ${path}.`;
  if (code === 'ENOSPC') return 'The disk is full. Make space on it, then do this again.';
  if (code === 'EISDIR') return `${path ?? 'What was named'} is a folder, and a file is wanted.`;
  return path
    ? `${path.slice(0, 200)} cannot be used (${code}); name another, or change who may use it.`
    : error.message;
}

/** Names of the parts that a path leaves open: `id` of `GET cases/:id`. */
type Open<Path> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Open<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;
type List = 'cases' | 'responses' | 'deliveries' | 'follow-ups' | 'mails';
type ItemOf<What extends List> = Answered<`GET ${What}`> extends Page<infer Item> ? Item : never;
/** A backup of a large workspace is copied before the first answer. */
const maxWaitMs = 4 * minuteMs;
const patienceMs = 3000;

export class Refusal extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** The HTTP API of a running Caselite, as programs elsewhere use it. */
export class Client {
  readonly #url: string;
  readonly workspace: string;
  readonly token: string;

  constructor({ url, workspace, token }: { url: string; workspace: string; token: string }) {
    this.#url = url;
    this.workspace = workspace;
    this.token = token;
  }

  isUp(): Promise<boolean> {
    return fetch(`${this.#url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async list<What extends List>(what: What): Promise<ItemOf<What>[]> {
    const items: ItemOf<What>[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<unknown> = await this.call<`GET ${List}`>(`GET ${what}`, {}, { limit: '200', cursor });
      items.push(...(page.items as ItemOf<What>[]));
      cursor = page.next;
    }
    return items;
  }

  async deliver(
    source: string,
    body: Uint8Array,
    headers: Record<string, string>,
    query: Record<string, string> = {},
  ): Promise<{ status: number; text: string }> {
    const search = Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : '';
    const answer = await this.#patiently(`${this.#url}/hooks/${this.workspace}/${source}${search}`, {
      method: 'POST',
      body: new Uint8Array(body),
      headers,
    });
    return { status: answer.status, text: await answer.text() };
  }

  async call<Name extends Address>(
    address: Name,
    open: Record<Open<Name>, string>,
    input: object = {},
  ): Promise<Answered<Name>> {
    const [method = '', template = ''] = address.split(' ');
    const values = new Map<string, string>(Object.entries(open));
    const path = template.replace(/:(\w+)/g, (_, name) => encodeURIComponent(values.get(name) ?? ''));
    const body = input instanceof Blob ? input : JSON.stringify(input);
    const type = input instanceof Blob ? input.type : 'application/json';
    const url = `${this.#url}/api/v1/workspaces/${this.workspace}/${path}`;
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': type };
    const answer = await (method === 'GET'
      ? this.#patiently(`${url}?${new URLSearchParams({ ...input })}`, { headers })
      : this.#patiently(url, { method, headers, body }));
    if (!answer.ok) {
      const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
      const moved = answer.headers.get('location');
      const said = `${method} ${path} answered ${answer.status}${moved ? ` and points to ${moved}; name the address there` : ''}`;
      throw new Refusal(problem.detail ?? said, answer.status);
    }
    return answer.json().catch(() => {
      throw new Error(`What answers at ${this.#url} is not Caselite; correct the address.`);
    });
  }

  /** Repeats refused connections for a moment, because a restarting process refuses them. */
  async #patiently(url: string, init: RequestInit): Promise<Response> {
    const until = performance.now() + patienceMs;
    for (;;) {
      try {
        // A redirect would drop the token, and make a read of a change.
        const answer = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(maxWaitMs) });
        if (answer.status !== 503 || performance.now() > until) return answer;
      } catch (error) {
        const { name, cause } = error as Error & { cause?: { code?: string } };
        const slow = `Caselite at ${this.#url} took longer than ${maxWaitMs / minuteMs} minutes; look whether it was done before you do it again.`;
        const silent = `Caselite does not answer at ${this.#url} (${cause?.code ?? name}). Start it with npm start, or correct the address.`;
        const isSlow = name === 'TimeoutError';
        if (isSlow || performance.now() > until) throw new Error(isSlow ? slow : silent, { cause: error });
      }
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}

/** A file of comma-separated values as the body of a call. */
export const toCsvBody = (text: string): Blob => new Blob([text], { type: 'text/csv' });
