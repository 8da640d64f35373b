import { mkdtempSync, rmSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DataFolder } from './data-folder.ts';
import { printProgress } from './progress.ts';
import { sendSampleDeliveries } from './samples.ts';
import { type Stack, startStack } from './stack.ts';
import { playTour } from './tour.ts';
import { projectRoot } from './workspace-files.ts';

const usage = `npm start -- [options]
  --workspace FILE   any workspace file instead of Acme's
  --data DIR         where everything is kept (default .caselite)
  --port N           Caselite's port (default 8787)
  --host ADDRESS     address to listen on (default 127.0.0.1; 0.0.0.0 in a container)
  --empty            send no sample deliveries
  --no-emulators     real or other trackers and mail: addresses and secrets come from the environment
  --tour             play the whole story, check every step, and stop`;

const { values } = readArguments();
const isTour = values.tour ?? false;
const shipped = join(projectRoot, 'templates', 'workspaces', isTour ? 'acme-tour.yaml' : 'acme.yaml');
const passing = isTour && !values.data ? mkdtempSync(join(tmpdir(), 'caselite-tour-')) : null;

let stack: Stack | null = null;
let stopping = false;

async function stop(code: number): Promise<never> {
  stopping = true;
  await stack?.stop();
  if (passing) rmSync(passing, { recursive: true, force: true });
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    printProgress('Stopping …');
    void stop(0);
  });
}
// Ends when its output is closed, because an unseen process would be left behind.
process.stdout.on('error', () => process.exit(0));

try {
  stack = await startStack({
    folder: new DataFolder(resolve(values.data ?? passing ?? join(projectRoot, '.caselite'))),
    workspaceFilePath: resolve(values.workspace ?? shipped),
    ...(values.host !== undefined && { host: values.host }),
    port: values.port === undefined ? null : Number(values.port),
    emulators: !values['no-emulators'],
  });
  if (isTour) {
    await stop((await playTour(stack)) ? 0 : 1);
  } else {
    if (!values.empty && stack.emulators && !values.workspace) await sendSampleDeliveries(stack);
    printAddresses(stack);
  }
} catch (error) {
  if (!stopping) {
    console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
}

function printAddresses({ run, emulators, folder }: Stack): void {
  console.log(`
  Dashboard   ${run.signIn}`);
  if (emulators) {
    console.log(`  Trackers    ${run.desk}   (comment, close and reopen issues as somebody)
  Inbox       ${run.inbox}`);
  }
  console.log(`  Data        ${folder.path}   (run.json tells programs what runs where)

  Ctrl-C stops everything.`);
}

function readArguments() {
  try {
    const parsed = parseArgs({
      options: {
        workspace: { type: 'string' },
        data: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        empty: { type: 'boolean' },
        tour: { type: 'boolean' },
        'no-emulators': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const { port } = parsed.values;
    if (port !== undefined && !(/^\d{2,5}$/.test(port) && Number(port) <= 65_535))
      throw new Error(`--port must be a number from 10 to 65535, not ${port}.`);
    const { host } = parsed.values;
    if (host !== undefined && isIP(host) === 0) throw new Error(`--host must be an IP address, not ${host}.`);
    if (parsed.values.tour && parsed.values['no-emulators']) throw new Error('--tour needs the emulators.');
    if (!parsed.values.help) return parsed;
    console.log(usage);
    return process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    return process.exit(2);
  }
}
