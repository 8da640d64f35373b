import { readFileSync } from 'node:fs';
import { WorkspaceFileSchema } from '../wiring.ts';
import { readSettings } from '../workspace/settings/read-settings.ts';
import { Client, readStartedWorkspace } from './connect.ts';
import { until } from './progress.ts';
import { asSent } from './sign-delivery.ts';

/** Sends a delivery as its survey tool would, and prints what became of it. @returns 1 if it was refused or set aside */
export async function send(source: string, file: string, data: string | undefined): Promise<number> {
  const given = readFileSync(file);
  const { run, kept } = readStartedWorkspace(data);
  const client = new Client(run);
  const { files, version } = await client.call('GET settings', {});
  const { workspace } = readSettings(files, version, WorkspaceFileSchema);
  const findSecret = (name: string) => process.env[name] || kept[name];
  const { body, headers, query } = await asSent(workspace, source, given, findSecret);
  const { status, text } = await client.deliver(source, body, headers, query);
  console.log(`${status} ${text}`);
  if (status !== 202) return 1;
  const { delivery: id } = JSON.parse(text) as { delivery: string };
  const delivery = await until(`delivery ${id} is processed`, async () => {
    const read = await client.call('GET deliveries/:id', { id });
    return read.pending ? null : read;
  });
  if (delivery.outcome === 'set-aside') {
    console.log(`Set aside: ${delivery.error}`);
    return 1;
  }
  if (delivery.outcome === 'duplicate') console.log('Duplicate: this response was taken before, and nothing changed.');
  else if (delivery.response === null) console.log('Stored.');
  else for (const line of await listDecisions(client, delivery.response)) console.log(line);
  return 0;
}
async function listDecisions(client: Client, id: string): Promise<string[]> {
  const [{ decisions }, cases] = await Promise.all([client.call('GET responses/:id', { id }), client.list('cases')]);
  const own = cases.filter(({ responses }) => responses.includes(id));
  if (own.length > 0) return own.map(({ handle, template }) => `${handle} is about it (template ${template}).`);
  return decisions.map(({ template, why }) => `No case by template ${template}: ${why.join('; ')}.`);
}
