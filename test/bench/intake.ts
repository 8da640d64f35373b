import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { DataFolder } from '#src/cli/data-folder.ts';
import { until } from '#src/cli/progress.ts';
import { findFreeTcpPort, startStack } from '#src/cli/stack.ts';
import { Workerd } from '#src/cli/workerd.ts';
import { projectRoot } from '#src/cli/workspace-files.ts';
import { encodeTypeform } from '#test/harness/sample-response.ts';
import { type Load, playLoad } from './load.ts';

/*
 * How fast a delivery is acknowledged, stored for good: `npm run bench -- intake`. A bare route, a route that verifies
 * the same signature and parses, and Caselite take turns in one run, each with deliveries of its own, so that their
 * ratios are comparable. Loopback only.
 */

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1.5' },
    connections: { type: 'string', default: '1,16,64' },
  },
});
const rounds = Number(values.rounds);
const roundMs = Number(values.seconds) * 1000;
const path = mkdtempSync(join(tmpdir(), 'caselite-bench-'));
const stack = await startStack({
  folder: new DataFolder(join(path, 'caselite')),
  workspaceFilePath: join(projectRoot, 'templates', 'workspaces', 'acme.yaml'),
  port: await findFreeTcpPort(0),
  emulators: true,
});
const secret = stack.secrets.get('ACME__TYPEFORM_SECRET') ?? '';
const plain = await startVerifyingWorker();

interface Route {
  name: string;
  port: number;
  path: string;
  pid: () => number;
}

const caselitePort = Number(new URL(stack.run.url).port);
const routes: Route[] = [
  { name: 'bare', port: plain.port, path: '/bare', pid: plain.pid },
  { name: 'verify', port: plain.port, path: '/verify', pid: plain.pid },
  { name: 'caselite', port: caselitePort, path: '/hooks/acme/upgrade-survey', pid: () => stack.run.pids.workerd },
];

let made = 0;
const expectedPerSecond = new Map(routes.map(({ name }) => [name, 2000]));
const table: Record<string, string | number>[] = [];
for (const connections of values.connections.split(',').map(Number)) {
  const seen = new Map<string, (Load & { cpu: number })[]>(routes.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1)
    for (const route of routes) {
      const expected = expectedPerSecond.get(route.name) ?? 0;
      const requests = Array.from({ length: Math.ceil((expected * 2.5 * roundMs) / 1000) }, () => deliver(route));
      const before = readCpuMs(route.pid());
      const load = await playLoad(route.port, requests, connections, roundMs);
      const cpu = ((readCpuMs(route.pid()) - before) * 1000) / (load.perSecond * (roundMs / 1000));
      if (load.statuses.size !== 1 || !load.statuses.has(202))
        throw new Error(`${route.name} answered ${JSON.stringify([...load.statuses])}`);
      expectedPerSecond.set(route.name, load.perSecond);
      // The first round warms up.
      if (round > 0) seen.get(route.name)?.push({ ...load, cpu });
    }
  const verify = seen.get('verify') ?? [];
  for (const [name, loads] of seen)
    table.push({
      connections,
      route: name,
      'per second': Math.round(median(loads.map(({ perSecond }) => perSecond))),
      'p50 ms': round2(median(loads.map(({ p50 }) => p50))),
      'p99 ms': round2(median(loads.map(({ p99 }) => p99))),
      'CPU µs': Math.round(median(loads.map(({ cpu }) => cpu))),
      'of verify': round2(median(loads.map(({ perSecond }, index) => perSecond / (verify[index]?.perSecond ?? 1)))),
    });
}
const begun = performance.now();
await until(
  'everything is judged',
  async () => (await stack.client.call('GET health', {})).deliveries.waiting === 0,
  120_000,
);
console.table(table);
console.log(JSON.stringify({ bench: 'intake', table, drainMs: Math.round(performance.now() - begun) }));
await stack.stop();
await plain.stop();
rmSync(path, { recursive: true, force: true });
process.exit(0);

/** A whole request with a body and a signature of its own. */
function deliver({ port, path: address }: Route): Buffer {
  made += 1;
  const token = `bench-${made}`;
  const body = Buffer.from(
    encodeTypeform({ token, customer: `k-${made}`, ease: 9, hidden: { note: 'x'.repeat(900) } }, Date.now()),
  );
  const mac = createHmac('sha256', secret).update(body).digest('base64');
  const head = [
    `POST ${address} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'content-type: application/json',
    'user-agent: Typeform Webhooks',
    `typeform-signature: sha256=${mac}`,
    `content-length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

async function startVerifyingWorker() {
  const folder = new DataFolder(join(path, 'plain'));
  const port = await findFreeTcpPort(0);
  const { outputFiles } = await build({
    entryPoints: [join(projectRoot, 'test', 'bench', 'verifying-worker.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    external: ['node:*'],
    write: false,
  });
  const bundle = folder.file('worker.js');
  // The runtime's configuration names Caselite's objects.
  const objects = 'export class Workspace {} export class Directory {}';
  writeFileSync(bundle, `${outputFiles[0]?.text ?? ''}\n${objects}`);
  let pid = 0;
  const variables = new Map([['SECRET', secret]]);
  const workerd = new Workerd({
    folder,
    bundle,
    host: '127.0.0.1',
    port,
    variables,
    isQuiet: true,
    onStart: (started) => {
      pid = started;
    },
  });
  workerd.start();
  const isUp = () =>
    fetch(`http://127.0.0.1:${port}/bare`, { method: 'POST' }).then(
      ({ ok }) => ok,
      () => false,
    );
  await until('the verifying worker answers', async () => workerd.assertAlive() && (await isUp()), 30_000);
  return { port, pid: () => pid, stop: () => workerd.stop() };
}

/** Processor time of a process so far; the kernel counts in hundredths of a second. */
function readCpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
