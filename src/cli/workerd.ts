import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { secondMs } from '#domain/time/units.ts';
import type { DataFolder } from './data-folder.ts';
import { projectRoot } from './workspace-files.ts';

const require = createRequire(import.meta.url);
const compatibilityDate = /compatibility_date = "([\d-]+)"/.exec(
  readFileSync(join(projectRoot, 'wrangler.toml'), 'utf8'),
)?.[1];

const mostMissed = { running: 5, starting: 30 };
const [probeMs, firstPauseMs, longestPauseMs] = [1000, 250, 10_000];

interface WorkerdOptions {
  folder: DataFolder;
  /** Path of the main module; the others lie beside it. */
  bundle: string;
  host: string;
  port: number;
  variables: Map<string, string>;
  isQuiet: boolean;
  onStart: (pid: number) => void;
}

/** A workerd process over a data folder, restarted when it dies or hangs. */
export class Workerd {
  readonly #options: WorkerdOptions;
  readonly #config: string;
  #child: ChildProcess | null = null;
  #stopping = false;
  #hasAnswered = false;
  /** Deaths since the last answer: a process that cannot start is not started four times a second for ever. */
  #deaths = 0;
  #ending: string | null = null;

  constructor(options: WorkerdOptions) {
    this.#options = options;
    this.#config = options.folder.file('workerd.capnp');
    writeFileSync(this.#config, createWorkerdConfigText(options));
    process.once('exit', () => this.#child?.kill('SIGKILL'));
  }

  start(): void {
    const binary: string = require('workerd').default;
    const { folder, variables, isQuiet, onStart } = this.#options;
    const child = spawn(binary, ['serve', '--experimental', this.#config], {
      cwd: folder.path,
      stdio: ['ignore', isQuiet ? 'ignore' : 'inherit', 'pipe'],
      env: { ...Object.fromEntries(variables), PATH: process.env.PATH },
    });
    this.#child = child;
    createInterface({ input: child.stderr }).on('line', (line) => {
      // The runtime's remark about an alarm that was due while it was down; it runs that alarm.
      if (!line.includes('NOSENTRY')) console.error(line);
    });
    if (child.pid) onStart(child.pid);
    child.once('exit', (code, signal) => {
      this.#ending = signal ?? `exit ${code}`;
      if (this.#stopping || !this.#hasAnswered) return;
      console.error(`Caselite's process ended (${signal ?? `exit ${code}`}); it is started again.`);
      setTimeout(() => this.start(), Math.min(firstPauseMs * 2 ** this.#deaths, longestPauseMs));
      this.#deaths += 1;
    });
  }

  /** @throws Error when the process ended before it answered */
  assertAlive(): true {
    if (this.#ending) throw new Error(`Caselite's process did not start (${this.#ending}); see the lines above.`);
    return true;
  }

  /** Restarts the process when it dies, and ends it when its health is silent: one thread serves every workspace. */
  async keepAlive(isUp: () => Promise<boolean>, waitMs = probeMs): Promise<void> {
    this.#hasAnswered = true;
    let running = this.#child;
    let missed = 0;
    while (!this.#stopping) {
      const child = this.#child;
      const hasAnswered = await Promise.race([isUp(), sleep(waitMs, false)]);
      missed = hasAnswered ? 0 : missed + 1;
      if (hasAnswered) [running, this.#deaths] = [child, 0];
      if (missed >= (child === running ? mostMissed.running : mostMissed.starting)) {
        const seconds = Math.round((2 * missed * waitMs) / secondMs);
        console.error(
          `Caselite's process did not answer /healthz for ${seconds} seconds; it is ended and started again.`,
        );
        child?.kill('SIGKILL');
        missed = 0;
      }
      await sleep(waitMs);
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(timer);
  }
}

/** Ends a workerd that an earlier, killed start left on this folder, and no other process. */
export async function endLeftoverWorkerd(folder: DataFolder, pid: number): Promise<void> {
  const isLeft = () => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(folder.file('workerd.capnp'));
    } catch {
      return false;
    }
  };
  if (!isLeft()) return;
  process.kill(pid, 'SIGKILL');
  for (let tries = 0; tries < 50 && isLeft(); tries += 1) await sleep(50);
}

function createWorkerdConfigText({ folder, bundle, host, port, variables }: WorkerdOptions): string {
  const text = (value: string) => JSON.stringify(value);
  const others = readdirSync(dirname(bundle)).filter((name) => name.endsWith('.mjs') && name !== basename(bundle));
  const modules = [basename(bundle), ...others].map(
    (name) => `(name = ${text(name)}, esModule = embed ${text(relative(folder.path, join(dirname(bundle), name)))})`,
  );
  const bindings = [
    '(name = "WORKSPACES", durableObjectNamespace = "Workspace")',
    '(name = "DIRECTORY", durableObjectNamespace = "Directory")',
    ...[...variables.keys()].map((name) => `(name = ${text(name)}, fromEnvironment = ${text(name)})`),
  ];
  const objects = ['Workspace', 'Directory'].map(
    (name) => `(className = "${name}", uniqueKey = "caselite-${name}", enableSql = true)`,
  );
  const list = (lines: string[]) => lines.map((line) => `    ${line},`).join('\n');
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "disk", disk = (path = ${text(folder.file('objects'))}, writable = true)),
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = ${text(`${host}:${port}`)}, http = (), service = "main")],
);

const main :Workerd.Worker = (
  compatibilityDate = "${compatibilityDate}",
  modules = [
${list(modules)}
  ],
  bindings = [
${list(bindings)}
  ],
  durableObjectNamespaces = [
${list(objects)}
  ],
  durableObjectStorage = (localDisk = "disk"),
);
`;
}
