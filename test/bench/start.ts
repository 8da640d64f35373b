import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
 * Time of a start: the runtime until the first answer, without code and with Caselite in turns, on an empty folder each
 * time, and `npm start` with emulators until the workspace is set up: `npm run bench -- start`.
 */

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const path = mkdtempSync(join(tmpdir(), 'caselite-bench-'));
const built = performance.now();
const bundle = await buildWorker(path);
const buildMs = performance.now() - built;

/** A worker without code of its own: what the runtime itself takes. */
const bare = join(path, 'bare.js');
const nothing = `export class Workspace {} export class Directory {}
export default { fetch: () => new Response('ok') };`;
writeFileSync(bare, nothing);

interface Starts {
  ms: number[];
  memory: number[];
}

async function startOnce(code: string, starts: Starts): Promise<void> {
  const port = await findFreeTcpPort();
  let pid = 0;
  const workerd = new Workerd({
    folder: new DataFolder(mkdtempSync(join(path, 'start-'))),
    bundle: code,
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
  starts.ms.push(performance.now() - begun);
  starts.memory.push(readMemory(pid).now);
  await workerd.stop();
}

const own: Starts = { ms: [], memory: [] };
const empty: Starts = { ms: [], memory: [] };
for (let round = 0; round < Number(values.rounds); round += 1) {
  await startOnce(bare, empty);
  await startOnce(bundle, own);
}
const begun = performance.now();
const local = await startLocalStack();
const wholeMs = performance.now() - begun;
await local.stop();
rmSync(path, { recursive: true, force: true });
const table = [
  { step: 'the bundle is built, or there', ms: round(buildMs), MiB: '' },
  { step: 'first answer of a runtime without code', ms: round(median(empty.ms)), MiB: median(empty.memory) },
  { step: 'first answer of Caselite', ms: round(median(own.ms)), MiB: median(own.memory) },
  { step: 'npm start with emulators, until the workspace is set up', ms: round(wholeMs), MiB: '' },
];
printTable('start', table, { mostMs: 150 });
process.exit(0);
