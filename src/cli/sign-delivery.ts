import { randomUUID } from 'node:crypto';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import { buildSecretVariableName, registry } from '../wiring.ts';

/** Headers that the survey tool would send with this body. */
export const signDelivery = async (
  workspace: WorkspaceSettings,
  source: string,
  body: Uint8Array,
  secrets: (variable: string) => string | undefined,
): Promise<Record<string, string>> => (await asSent(workspace, source, body, secrets)).headers;

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
  const definition = registry.surveys.find(({ kind }) => kind === settings.kind);
  const [name] = definition?.secrets(settings) ?? [];
  if (!name)
    throw new Error(
      `Source ${source} names no secret, so nothing can be posted to it. Files go in with npm run import.`,
    );
  const variable = buildSecretVariableName(workspace.workspace, name);
  const secret = secrets(variable);
  if (!definition || !secret) throw new Error(`The secret ${variable} is not known; set it in the environment.`);
  return createSignedDelivery(definition, body, secret, { id: randomUUID(), now: Date.now() }, settings);
}
