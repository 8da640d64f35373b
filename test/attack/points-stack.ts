import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { DataFolder } from '#src/cli/data-folder.ts';
import { until } from '#src/cli/progress.ts';
import { asSent } from '#src/cli/send.ts';
import { type Stack, startStack } from '#src/cli/stack.ts';
import { findFreeTcpPort } from '#test/harness/free-port.ts';
import { projectRoot, readWorkspaceFiles } from '#src/cli/workspace-files.ts';
import { deliverMail, readMailbox } from '#src/deliver-mail.ts';
import { inbound, renderReply } from '#test/harness/replies.ts';
import { encodeTypeform } from '#test/harness/sample-response.ts';
import type { Plan } from './points-runtime.ts';

/** Looks for what was lost soon, so that a run takes minutes. */
const quick = (acme: string): string =>
  `demo: true
${acme}`
    .replace('settle: 10 minutes', 'settle: 2 seconds')
    .replace('sources:\n', `${inbound}sources:\n`)
    .replace('delay: 10 seconds', 'delay: 3 seconds');

const customerOf = (response: number): string => `point-${response}`;
const addressOf = (response: number): string => `${customerOf(response)}@customer.example`;

/** A Caselite in the real runtime that a test can stop at any named point, with emulated vendors. */
export class PointsStack {
  readonly stack: Stack;
  readonly #path: string;
  /** Names of the points at which something was done, in order. */
  readonly reached: string[] = [];
  readonly #bundle: string;
  #sent = 0;
  /** Responses that open a case. */
  readonly opened: number[] = [];

  private constructor(stack: Stack, path: string, bundle: string) {
    this.stack = stack;
    this.#path = path;
    this.#bundle = bundle;
    console.error = (line: unknown) => this.#hear(String(line));
  }

  static async start(): Promise<PointsStack> {
    const path = mkdtempSync(join(tmpdir(), 'caselite-points-'));
    const shipped = readFileSync(join(projectRoot, 'templates', 'workspaces', 'acme.yaml'), 'utf8');
    const workspaceFilePath = join(path, 'acme.yaml');
    writeFileSync(workspaceFilePath, quick(shipped));
    const folder = new DataFolder(join(path, 'data'));
    const port = await findFreeTcpPort();
    const stack = await startStack({ folder, workspaceFilePath, port, emulators: true });
    const points = new PointsStack(stack, path, await bundleWith(folder.file('worker', 'worker.mjs'), path));
    await points.restart();
    return points;
  }

  /** Takes the line by which the worker asks for its end. */
  #hear(line: string): void {
    const [, act, point] = /^POINT (\w+) (.*)$/.exec(line) ?? [];
    if (point === undefined) return;
    this.reached.push(point);
    if (act === 'kill' && !point.startsWith('lost ')) process.kill(this.stack.run.pids.workerd, 'SIGKILL');
  }

  /** Ends the runtime, and starts it with another bundle or another time. */
  async restart({ offsetMs = 0, bundle = this.#bundle } = {}): Promise<void> {
    const { run, folder } = this.stack;
    const { workerd } = run.pids;
    writeFileSync(
      folder.file('worker', 'worker.mjs'),
      `globalThis.pointsOffsetMs=${offsetMs};${readFileSync(bundle, 'utf8')}`,
    );
    process.kill(workerd, 'SIGKILL');
    await until('the runtime is started again', async () => run.pids.workerd !== workerd);
    await this.isUp();
  }

  /** Begins anew, on empty data, with another build. */
  async beginWith(bundle: string): Promise<void> {
    const { folder, client } = this.stack;
    const { workerd } = this.stack.run.pids;
    process.kill(workerd, 'SIGKILL');
    rmSync(folder.file('objects'), { recursive: true });
    mkdirSync(folder.file('objects'));
    writeFileSync(folder.file('worker', 'worker.mjs'), readFileSync(bundle));
    await until('the runtime is started again', async () => this.stack.run.pids.workerd !== workerd);
    await this.isUp();
    // A release knows no setting that is newer than itself.
    const older = join(this.#path, 'older.yaml');
    writeFileSync(older, readFileSync(join(this.#path, 'acme.yaml'), 'utf8').replace(inbound, ''));
    const { files } = readWorkspaceFiles(older);
    await client.call('PUT settings', {}, { files, base: null, author: 'npm start' });
  }

  async isUp(): Promise<void> {
    await until('Caselite answers', () => this.stack.client.isUp(), 60_000);
  }

  async plan(wanted: Plan | null): Promise<void> {
    const url = `${this.stack.run.url}/points`;
    const post = () => fetch(url, { method: 'POST', body: JSON.stringify(wanted) });
    await until('the plan is taken', () =>
      post().then(
        ({ ok }) => ok,
        () => false,
      ),
    );
  }

  /** Body and headers of a response that opens a case, or of one that opens none. */
  async sign(response: number, opensCase = true): Promise<{ body: Uint8Array; headers: Record<string, string> }> {
    const { workspace, secrets } = this.stack;
    const facts = { customer: customerOf(response), email: addressOf(response), name: `Customer ${response}` };
    const answers = { token: customerOf(response), completed: !opensCase, ease: 9, ...facts, at: Date.now() };
    const body = encodeTypeform(answers, Date.now());
    return { body, headers: (await asSent(workspace, 'upgrade-survey', body, (name) => secrets.get(name))).headers };
  }

  /** Sends what was signed until it is taken. @returns the answer's status */
  async deliver({ body, headers }: { body: Uint8Array; headers: Record<string, string> }): Promise<number> {
    const { run } = this.stack;
    const url = `${run.url}/hooks/${run.workspace}/upgrade-survey`;
    return until('the answer to a response', async () => {
      const answer = await fetch(url, { method: 'POST', body: new Uint8Array(body), headers }).catch(() => null);
      return answer?.ok ? answer.status : null;
    });
  }

  /** A new customer cannot install; the response opens a case. @returns its number */
  async respond(): Promise<number> {
    const response = this.#sent;
    this.#sent += 1;
    this.opened.push(response);
    await this.deliver(await this.sign(response));
    return response;
  }

  /** Everybody works: issues are closed as solved, and Caselite is told to look. */
  async work(): Promise<void> {
    const { emulators, workspace, client } = this.stack;
    const account = workspace.people.dana?.accounts.jira ?? '';
    const jira = emulators?.trackerUser.jira;
    for (const { key, state } of (await jira?.list()) ?? [])
      if (state === 'open' && jira) await jira.close(key, account);
    await client.call('POST poll', {}).catch(() => null);
  }

  /** Mails to a customer that ask about a closing. */
  async questionsTo(response: number) {
    const mails = (await this.stack.emulators?.inbox()) ?? [];
    return mails.filter(({ to, text }) => to.includes(addressOf(response)) && text.includes('/s/'));
  }

  /** When the customer is to be asked; null while no closing was seen. */
  async dueAt(response: number): Promise<number | null> {
    const followUps = await this.stack.client.list('follow-ups');
    const own = followUps.find(({ kind, customer }) => kind === 'customer' && customer === customerOf(response));
    return own ? Date.parse(own.dueAt) : null;
  }

  /** The customer ends all mail by the link of a mail, until it is taken. */
  async optOut(response: number): Promise<void> {
    const [mail] = await until('a question', async () => {
      const found = await this.questionsTo(response);
      return found.length > 0 && found;
    });
    const link = /\S+\/u\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
    await this.#post(link, 'List-Unsubscribe=One-Click');
  }

  /** The customer replies to the mail, and the mail server brings the reply until it is taken. */
  async reply(response: number): Promise<void> {
    const { run, secrets, emulators } = this.stack;
    const mails = (await emulators?.inbox()) ?? [];
    const isOwn = ({ to, replyTo }: (typeof mails)[number]) =>
      to.includes(addressOf(response)) && replyTo?.includes('@in.');
    const mailbox = mails.find(isOwn)?.replyTo;
    if (!mailbox) return;
    this.#said += 1;
    // A second mail with the same words would be the first one again.
    const mail = renderReply(addressOf(response), `It still fails, says ${customerOf(response)} (${this.#said}).`);
    const post = (path: string, init: RequestInit) => fetch(new URL(path, run.url), init);
    await until('the reply is taken', () =>
      deliverMail(readMailbox(mailbox), mail, (name) => secrets.get(name), post).then(
        (outcome) => outcome !== 'later',
        () => false,
      ),
    );
  }

  /** A case manager writes on the newest issue. */
  async say(): Promise<void> {
    const { client } = this.stack;
    const [newest] = await client.list('cases').catch(() => []);
    this.#said += 1;
    const input = { comment: `Word ${this.#said}.`, who: 'dana', once: `w-${this.#said}` };
    if (newest) await client.call('POST cases/:id/actions/comment', { id: newest.id }, input).catch(() => null);
  }

  #said = 0;

  async erase(response: number): Promise<void> {
    const { client } = this.stack;
    const input = { person: addressOf(response), who: 'dana' };
    await until('the erasure is done', async () => {
      const responses = await client.list('responses').catch(() => null);
      if (responses && !responses.some(({ customer }) => customer.key === customerOf(response))) return true;
      await client.call('POST people-data/erase', {}, input).catch(() => null);
      return false;
    });
  }

  async #post(link: string, body: string): Promise<void> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await until('the link is taken', () =>
      fetch(link, { method: 'POST', body, headers }).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
  }

  /** Waits until nothing is under way, and everybody was asked once. */
  async settle(asked: number[] = this.opened, ms = 90_000): Promise<void> {
    await until(
      'all work is done',
      async () => {
        await this.work().catch(() => null);
        const health = await this.stack.client.call('GET health', {}).catch(() => null);
        if (!health || health.deliveries.waiting > 0 || health.queues.length > 0) return false;
        for (const response of asked) if ((await this.questionsTo(response)).length === 0) return false;
        return true;
      },
      ms,
    ).catch(async () => {
      const health = await this.stack.client.call('GET health', {}).catch(() => null);
      console.log('not all work ended:', JSON.stringify(health?.queues));
    });
  }

  /** What was lost or done twice so far, in words; customers who wanted no mail or were erased get at most one. */
  async findLosses(quiet: ReadonlySet<number> = new Set()): Promise<string[]> {
    const { client, emulators } = this.stack;
    const [responses, cases] = [await client.list('responses'), await client.list('cases')];
    const mails = (await emulators?.inbox()) ?? [];
    const issues = (await Promise.all(Object.values(emulators?.trackerUser ?? {}).map((user) => user.list()))).flat();
    const own = new Set(cases.map(({ handle }) => handle));
    const titled = issues.flatMap(({ title }) => / · (C-\d+)$/.exec(title)?.[1] ?? []);
    const twice = (items: string[]) => items.filter((item, index) => items.indexOf(item) !== index);
    const lines = [
      ...twice(titled).map((handle) => `${handle} has two issues`),
      ...[...own].filter((handle) => !titled.includes(handle)).map((handle) => `${handle} has no issue`),
      ...twice(mails.map(({ to, subject, text }) => `${to.join()}: ${subject} ${text}`)).map(
        (mail) => `a mail came twice: ${mail.slice(0, 70)}`,
      ),
    ];
    for (const response of this.opened) {
      const key = customerOf(response);
      const kept = responses.filter(({ customer }) => customer.key === key).length;
      const asked = (await this.questionsTo(response)).length;
      const isQuiet = quiet.has(response);
      if (kept > 1 || (kept === 0 && !isQuiet)) lines.push(`the response of ${key} is stored ${kept} times`);
      if (asked > 1 || (asked === 0 && !isQuiet)) lines.push(`${key} was asked ${asked} times`);
    }
    return lines;
  }

  async stop(): Promise<void> {
    await this.stack.stop();
    rmSync(this.#path, { recursive: true, force: true });
  }
}

/** The bundle as it is started, in a wrapper that can stop it. */
async function bundleWith(bundle: string, path: string): Promise<string> {
  const outfile = join(path, 'points.js');
  const built: Plugin = {
    name: 'built',
    setup: ({ onResolve }) => onResolve({ filter: /^#src\/worker\.ts$/ }, () => ({ path: bundle })),
  };
  await build({
    entryPoints: [fileURLToPath(new URL('./points-worker.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    external: ['node:*', 'cloudflare:*'],
    plugins: [built],
    logLevel: 'error',
  });
  return outfile;
}

export const pause = sleep;
