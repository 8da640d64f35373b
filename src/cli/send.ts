import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { WorkspaceFileSchema } from '../wiring.ts';
import { readSettings } from '../workspace/settings/read-settings.ts';
import { Client } from './client.ts';
import { command, readStartedRun } from './connect.ts';
import { asSent } from './sign-delivery.ts';

await command(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { data: { type: 'string' } },
  });
  const [source, file] = positionals;
  if (!source || !file) throw new Error('Use: npm run send -- SOURCE FILE [--data DIR]');
  const given = readFileSync(file);
  const { run, kept } = readStartedRun(values.data);
  const client = new Client(run);
  const { files, version } = await client.pull();
  const { workspace } = readSettings(files, version, WorkspaceFileSchema);
  const findSecret = (name: string) => process.env[name] || kept[name];
  const { body, headers, query } = await asSent(workspace, source, given, findSecret);
  const { status, text } = await client.deliver(source, body, headers, query);
  console.log(`${status} ${text}`);
  return status === 202 ? 0 : 1;
});
