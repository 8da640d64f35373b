import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import { Client } from '#src/cli/connect.ts';
import { type RunFile, readJsonFile } from '#src/cli/data-folder.ts';
import { until } from '#src/cli/progress.ts';
import { asSent } from '#src/cli/send.ts';
import { deliverMail, readMailbox } from '#src/deliver-mail.ts';
import { projectRoot } from '#src/cli/workspace-files.ts';
import { WorkspaceFileSchema } from '#src/wiring.ts';
import { readSettings } from '#src/workspace/settings/read-settings.ts';
import { inbound } from '#test/harness/replies.ts';

/** Header in which this Caselite is told the address of a client. */
export const addressHeader = 'x-attacker';

/** A Caselite on loopback with emulated vendors, as somebody on the network meets it. */
export class Running {
  readonly run: RunFile;
  readonly client: Client;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #secrets: Record<string, string>;
  #settings: WorkspaceSettings | null = null;
  #asked = 0;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    this.run = readJsonFile<RunFile>(join(folder, 'run.json')) as RunFile;
    this.#secrets = readJsonFile<Record<string, string>>(join(folder, 'secrets.json')) ?? {};
    this.client = new Client(this.run);
  }

  /**
   * Starts Acme in a folder of its own.
   *
   * @param variables of the deployment, beside those that a local start makes
   * @param sources settings of more sources
   */
  static async start(variables: Record<string, string> = {}, sources = ''): Promise<Running> {
    const folder = mkdtempSync(join(tmpdir(), 'caselite-attack-'));
    const shipped = readFileSync(join(projectRoot, 'templates', 'workspaces', 'acme.yaml'), 'utf8');
    const file = join(folder, 'acme.yaml');
    writeFileSync(file, shipped.replace('sources:\n', `${inbound}sources:\n${sources}`));
    const start = ['src/cli/caselite.ts', 'start', '--data', folder, '--empty', '--workspace', file];
    const child = spawn(process.execPath, start, {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...variables, CLIENT_ADDRESS_HEADER: addressHeader },
    });
    await new Promise<void>((ready, failed) => {
      child.once('exit', () => failed(new Error('Caselite did not start.')));
      const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
      lines.on('line', (line) => line.includes('Ctrl-C stops') && ready());
    });
    return new Running(child, folder);
  }

  async stop(): Promise<void> {
    const ended = new Promise((end) => this.#child.once('exit', end));
    this.#child.kill('SIGINT');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A request that follows no redirect, each from an address of its own unless one is given. */
  ask(path: string, init: RequestInit = {}): Promise<Response> {
    this.#asked += 1;
    const headers = { [addressHeader]: `client-${this.#asked}`, ...(init.headers as Record<string, string>) };
    return fetch(new URL(path, this.run.url), { redirect: 'manual', ...init, headers });
  }

  /** The cookie of a new session. */
  async signIn(person: string): Promise<string> {
    const { url } = await this.client.call('POST sign-in-links', {}, { person });
    const answer = await this.ask(new URL(url).pathname, { method: 'POST', headers: ownOrigin });
    return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  /** A delivery with the headers that its survey tool sends. */
  async sign(source: string, body: Uint8Array): Promise<{ body: Uint8Array; headers: Record<string, string> }> {
    if (this.#settings === null) {
      const { files, version } = await this.client.call('GET settings', {});
      this.#settings = readSettings(files, version, WorkspaceFileSchema).workspace;
    }
    return asSent(this.#settings, source, body, (name) => this.#secrets[name]);
  }

  async deliver(source: string, content: unknown): Promise<Response> {
    const bytes = content instanceof Uint8Array ? content : new TextEncoder().encode(JSON.stringify(content));
    const { body, headers } = await this.sign(source, bytes);
    return this.ask(`/hooks/${this.run.workspace}/${source}`, { method: 'POST', body: new Uint8Array(body), headers });
  }

  /** Address to which customers reply about a case, as it stands in a mail of the case. */
  async findReplyAddress(to: string): Promise<string> {
    const key = this.#secrets.ACME__RESEND_KEY ?? '';
    const answer = await fetch(new URL('/emails', this.run.inbox), { headers: { authorization: `Bearer ${key}` } });
    const { data } = (await answer.json()) as { data: { to: string[]; reply_to: string[] }[] };
    return data.find((mail) => mail.to.includes(to))?.reply_to[0] ?? '';
  }

  /** Brings a mail as the mail server does. */
  bring(address: string, mail: Uint8Array<ArrayBuffer>) {
    const post = (path: string, init: RequestInit) => this.ask(path, init);
    return deliverMail(readMailbox(address), mail, (name) => this.#secrets[name], post);
  }

  /** Waits until nothing waits any more: deliveries are judged, and what follows is in trackers and mail. */
  async settle(): Promise<void> {
    await until(
      'all work is done',
      async () => {
        const { deliveries, queues } = await this.client.call('GET health', {});
        return deliveries.waiting === 0 && queues.length === 0 ? true : null;
      },
      60_000,
    );
  }
}

/** What a browser sends with a form of our own page. */
export const ownOrigin = { 'sec-fetch-site': 'same-origin' };

/** What became of one class of attacks. */
export interface Tally {
  name: string;
  tried: number;
  /** What was not held, in words. */
  broken: string[];
}

/** A class of attacks: each promise tells null where it was held, else what happened. */
export async function tally(name: string, attacks: AsyncIterable<string | null>): Promise<Tally> {
  const result: Tally = { name, tried: 0, broken: [] };
  for await (const broken of attacks) {
    result.tried += 1;
    if (broken !== null) result.broken.push(broken);
  }
  return result;
}
