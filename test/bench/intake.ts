import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { DataFolder } from '#src/cli/data-folder.ts';
import { until } from '#src/cli/progress.ts';
import { findFreeTcpPort } from '#test/harness/free-port.ts';
import { Workerd } from '#src/cli/workerd.ts';
import { projectRoot } from '#src/cli/workspace-files.ts';
import { clients, type Load, playLoad } from './load.ts';
import { createRequest, median, printTable, readCpuMs, round, startLocalStack } from './measure.ts';

/*
 * How fast a delivery is acknowledged, stored for good: `npm run bench -- intake`. A bare route, a route that verifies
 * the same signature and parses, and Caselite take turns in one run, each with deliveries of its own, so that their
 * ratios are comparable. Loopback only. `--workspaces 256` spreads them, and `--stored 1000000` fills each workspace before.
 */

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1.5' },
    connections: { type: 'string', default: '1,16,64' },
    client: { type: 'string', default: 'sockets' },
    workspaces: { type: 'string', default: '1' },
    stored: { type: 'string', default: '0' },
  },
});
const rounds = Number(values.rounds);
const client = values.client as keyof typeof clients;
if (!(client in clients)) throw new Error(`--client ${client}: is one of ${Object.keys(clients).join(', ')}`);
const roundMs = Number(values.seconds) * 1000;
const local = await startLocalStack({ workspaces: Number(values.workspaces), stored: Number(values.stored) });
const { stack, secret, path } = local;
const plain = await startVerifyingWorker();

interface Route {
  name: string;
  port: number;
  paths: string[];
  pid: () => number;
}

const caselitePort = Number(new URL(stack.run.url).port);
const routes: Route[] = [
  { name: 'bare', port: plain.port, paths: ['/bare'], pid: plain.pid },
  { name: 'verify', port: plain.port, paths: ['/verify'], pid: plain.pid },
  { name: 'caselite', port: caselitePort, paths: local.paths, pid: () => stack.run.pids.workerd },
];

const expectedPerSecond = new Map(routes.map(({ name }) => [name, 2000]));
const table: Record<string, string | number>[] = [];
for (const connections of values.connections.split(',').map(Number)) {
  const seen = new Map<string, (Load & { cpu: number })[]>(routes.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1)
    for (const route of routes) {
      const expected = expectedPerSecond.get(route.name) ?? 0;
      const requests = Array.from({ length: Math.ceil((expected * 2.5 * roundMs) / 1000) }, (_, index) =>
        createRequest({ port: route.port, path: route.paths[index % route.paths.length] ?? '', secret }),
      );
      const before = readCpuMs(route.pid());
      const load = await playLoad(route.port, requests, connections, roundMs, client);
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
      'p50 ms': round(median(loads.map(({ p50 }) => p50))),
      'p99 ms': round(median(loads.map(({ p99 }) => p99))),
      'CPU µs': Math.round(median(loads.map(({ cpu }) => cpu))),
      'of verify': round(median(loads.map(({ perSecond }, index) => perSecond / (verify[index]?.perSecond ?? 1)))),
    });
}
const begun = performance.now();
await local.waitUntilIdle();
printTable('intake', table, {
  workspaces: local.paths.length,
  stored: Number(values.stored),
  drainMs: Math.round(performance.now() - begun),
});
await plain.stop();
await local.stop();
process.exit(0);

async function startVerifyingWorker() {
  const folder = new DataFolder(join(path, 'plain'));
  const port = await findFreeTcpPort();
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
