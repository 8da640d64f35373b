import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { findFreeTcpPort } from '#test/harness/free-port.ts';
import { isWhole } from '#test/harness/sampled.ts';

const folder = mkdtempSync(join(tmpdir(), 'caselite-stopping-'));
const patienceMs = 4000;
let running: ChildProcess | null = null;

async function kill(): Promise<void> {
  const child = running;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await ended;
}

afterAll(async () => {
  await kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Answer of the worker within the time; null while it hangs. */
async function ask(url: string, ms = patienceMs): Promise<{ id: number; state: string }[] | null> {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(ms) });
      if (answer.ok) return (await answer.json()) as { id: number; state: string }[];
    } catch {
      await sleep(50);
    }
  }
  return null;
}

it.runIf(isWhole)(
  'is restarted until the work that hangs it in an alarm is set aside',
  { timeout: 180_000 },
  async () => {
    const port = await findFreeTcpPort();
    await build({
      entryPoints: [fileURLToPath(new URL('./stopping-worker.ts', import.meta.url))],
      outfile: join(folder, 'worker.js'),
      bundle: true,
      format: 'esm',
      external: ['cloudflare:*'],
      loader: { '.sql': 'text' },
      logLevel: 'error',
    });
    mkdirSync(join(folder, 'objects'));
    const config = join(folder, 'config.capnp');
    writeFileSync(
      config,
      `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "disk", disk = (path = "${folder}/objects", writable = true))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  compatibilityDate = "2026-10-01",
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  bindings = [(name = "OBJECTS", durableObjectNamespace = "Numbers")],
  durableObjectNamespaces = [(className = "Numbers", uniqueKey = "numbers", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
);
`,
    );
    const binary: string = createRequire(import.meta.url)('workerd').default;
    const url = `http://127.0.0.1:${port}`;
    const states: string[] = [];
    let isStarted = false;
    for (let life = 1; life <= 12; life += 1) {
      running = spawn(binary, ['serve', '--experimental', config], { cwd: folder, stdio: 'ignore' });
      if (!isStarted) isStarted = (await ask(`${url}/start`, 20_000)) !== null;
      await sleep(500);
      const numbers = await ask(`${url}/state`);
      states.push(numbers?.map(({ state }) => state).join(' ') ?? 'hangs');
      if (numbers?.every(({ state }) => state !== 'waiting')) break;
      await kill();
    }
    // Six numbers at once, then three and three, then two, then the culprit alone three times.
    expect(states.slice(0, -1).every((state) => state === 'hangs')).toBe(true);
    expect(states.at(-1)).toBe('done done set-aside done done done');
    expect(states.length).toBeLessThanOrEqual(8);
    expect(await ask(`${url}/other`)).toEqual([]);
  },
);
