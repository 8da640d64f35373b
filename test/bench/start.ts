import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildWorker } from '#src/cli/build.ts';
import { DataFolder } from '#src/cli/data-folder.ts';
import { findFreeTcpPort } from '#test/harness/free-port.ts';
import { Workerd } from '#src/cli/workerd.ts';
import { median, printTable, readMemory, round, startLocalStack } from './measure.ts';

/*
 * Time of a start: the runtime with its bundle until the first answer, on an empty folder each time, and `npm start` with emulators
 * until the workspace is set up: `npm run bench -- start`.
 */

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const path = mkdtempSync(join(tmpdir(), 'caselite-bench-'));
const built = performance.now();
const bundle = await buildWorker(path);
const buildMs = performance.now() - built;

const first: number[] = [];
const memory: number[] = [];
for (let round = 0; round < Number(values.rounds); round += 1) {
  const port = await findFreeTcpPort();
  let pid = 0;
  const workerd = new Workerd({
    folder: new DataFolder(join(path, `start-${round}`)),
    bundle,
    host: '127.0.0.1',
    port,
    variables: new Map([
      ['CASELITE_KEY', '32-characters-of-no-real-key-0000'],
      ['PUBLIC_URL', `http://127.0.0.1:${port}`],
    ]),
    isQuiet: true,
    onStart: (started) => {
      pid = started;
    },
  });
  const begun = performance.now();
  workerd.start();
  const isUp = () =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (workerd.assertAlive() && !(await isUp())) await sleep(2);
  first.push(performance.now() - begun);
  memory.push(readMemory(pid).now);
  await workerd.stop();
}
const begun = performance.now();
const local = await startLocalStack();
const wholeMs = performance.now() - begun;
await local.stop();
rmSync(path, { recursive: true, force: true });
const table = [
  { step: 'the bundle is built, or there', ms: round(buildMs) },
  { step: `first answer of the runtime, median of ${first.length}`, ms: round(median(first)) },
  { step: 'npm start with emulators, until the workspace is set up', ms: round(wholeMs) },
];
printTable('start', table, { firstMs: first.map(round), memoryMiB: median(memory), mostMs: 150 });
process.exit(0);
