import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { WorkspaceFile } from '../wiring.ts';
import { readSettings } from '../workspace/settings/read-settings.ts';
import { Client } from './client.ts';
import type { RunFile } from './data-folder.ts';
import { asSent } from './sign-delivery.ts';
import { projectRoot } from './workspace-files.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' } },
});
const [source, file] = positionals;
if (!source || !file) fail('Use: npm run send -- SOURCE FILE [--data DIR]');
if (!existsSync(file)) fail(`There is no file ${file}.`);

const folder = resolve(values.data ?? join(projectRoot, '.caselite'));
const runPath = join(folder, 'run.json');
if (!existsSync(runPath))
  fail(`Nothing was started on ${folder}: run npm start first, or name its folder with --data.`);
const run: RunFile = JSON.parse(readFileSync(runPath, 'utf8'));
const secretsPath = join(folder, 'secrets.json');
const kept: Record<string, string> = existsSync(secretsPath)
  ? JSON.parse(readFileSync(secretsPath, 'utf8'))
  : {};

try {
  const client = new Client(run);
  const { files, version } = await client.pull();
  const { workspace } = readSettings(files, version, WorkspaceFile);
  const { body, headers, query } = await asSent(
    workspace,
    source,
    readFileSync(file),
    (name) => process.env[name] || kept[name],
  );
  const { status, text } = await client.deliver(source, body, headers, query);
  console.log(`${status} ${text}`);
  process.exit(status === 202 ? 0 : 1);
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
