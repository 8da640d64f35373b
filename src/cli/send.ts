import { randomUUID } from 'node:crypto';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import * as wiring from '../wiring.ts';
import { readSettings } from '../workspace/settings/read-settings.ts';
import { Client, readStartedWorkspace } from './connect.ts';
import { until } from './progress.ts';
import { readNamedFile } from './workspace-files.ts';

/** Sends a delivery as its survey tool would, and prints what became of it. @returns 1 if it was refused or set aside */
export async function send(source: string, file: string, data: string | undefined): Promise<number> {
  const given = readNamedFile(file);
  const { run, kept } = readStartedWorkspace(data);
  const client = new Client(run);
  const { files, version } = await client.call('GET settings', {});
  const { workspace } = readSettings(files, version, wiring.WorkspaceFileSchema);
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
  if (delivery.outcome === 'set-aside') console.log(`Set aside: ${delivery.error}`);
  else if (delivery.outcome === 'duplicate')
    console.log('Duplicate: this response was taken before, and nothing changed.');
  else if (delivery.response === null) console.log('Stored.');
  else for (const line of await listDecisions(client, delivery.response)) console.log(line);
  return delivery.outcome === 'set-aside' ? 1 : 0;
}

async function listDecisions(client: Client, id: string): Promise<string[]> {
  const [{ decisions }, cases] = await Promise.all([client.call('GET responses/:id', { id }), client.list('cases')]);
  const own = cases.filter(({ responses }) => responses.includes(id));
  if (own.length > 0)
    return own.map(({ handle, template, responseCount: count }) => {
      const others = count > 2 ? `${count - 1} other responses` : 'one other response';
      return `${handle} is about it${count > 1 ? ` and ${others}` : ''} (template ${template}).`;
    });
  return decisions.map(({ template, why }) => `No case by template ${template}: ${why.join('; ')}.`);
}

/** The delivery as the survey tool would send it: some tools sign inside the body, some in the address. */
export async function asSent(
  workspace: WorkspaceSettings,
  source: string,
  body: Uint8Array,
  secrets: (variable: string) => string | undefined,
): Promise<{ body: Uint8Array; headers: Record<string, string>; query: Record<string, string> }> {
  const settings = Object.hasOwn(workspace.sources, source) ? workspace.sources[source] : undefined;
  if (!settings)
    throw new Error(`There is no source ${source}. There are: ${Object.keys(workspace.sources).join(', ')}.`);
  const definition = wiring.registry.surveys.find(({ kind }) => kind === settings.kind);
  const [name] = definition?.secrets(settings) ?? [];
  if (!name)
    throw new Error(
      `Source ${source} names no secret, so nothing can be posted to it. Files go in with npm run import.`,
    );
  const variable = wiring.buildSecretVariableName(workspace.workspace, name);
  const secret = secrets(variable);
  if (!definition || !secret) throw new Error(`The secret ${variable} is not known; set it in the environment.`);
  return createSignedDelivery(definition, body, secret, { id: randomUUID(), now: Date.now() }, settings);
}
