import { isLoopback } from '#adapters/loopback.ts';
import { createOutboundFetch } from '#adapters/outbound.ts';
import { AppError } from '#domain/base/errors.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type { TrackerDefinition } from '#domain/integrations/tracker-definition.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';

export type Variables = (name: string) => string | undefined;

/** Name of a workspace's secret in the deployment, such as `ACME__GITHUB_TOKEN`. */
export const buildSecretVariableName = (workspace: string, name: string): string =>
  `${workspace.toUpperCase().replaceAll('-', '_')}__${name}`;

type BaseUrl<Settings> = { variable: string; fallback: string; ofSettings?(settings: Settings): string | null };

/** Base addresses of vendors: the deployment's loopback goes first, then the host that the workspace names. */
export const createAddressReader =
  (variables: (name: string) => string | undefined) =>
  <Settings>({ variable, fallback, ofSettings }: BaseUrl<Settings>, settings?: Settings): string => {
    const deployed = variables(variable) || fallback;
    const own = settings === undefined || isLoopback(deployed) ? null : ofSettings?.(settings);
    return own ?? deployed;
  };

/** Secrets and hosts of the deployment, as one workspace may use them. */
export function reach({ workspace }: WorkspaceSettings, variables: Variables, fetch: Fetch | undefined) {
  const secret = (name: string): string => {
    const value = variables(buildSecretVariableName(workspace, name));
    if (!value)
      throw new AppError('config', `the deployment has no secret ${buildSecretVariableName(workspace, name)}`);
    return value;
  };
  const readCurrentAndPreviousSecrets = (name: string): string[] => {
    const variable = buildSecretVariableName(workspace, name);
    return [variables(variable), variables(`${variable}_PREVIOUS`)].flatMap((value) => value || []);
  };
  const address = createAddressReader(variables);
  const createFetch = (baseUrl: string): Fetch => (baseUrl ? createOutboundFetch(baseUrl, fetch) : unreachable);
  return { secret, readCurrentAndPreviousSecrets, address, createFetch };
}

const unreachable: Fetch = () => Promise.reject(new TypeError('no address is set'));

/** The first tracker with a tracker's host and credentials, perhaps itself: vendors count limits by credential. */
export function findCountedAs(
  trackers: WorkspaceSettings['trackers'],
  definitions: TrackerDefinition[],
  { address, readCurrentAndPreviousSecrets }: ReturnType<typeof reach>,
  name: string,
): string {
  const describeCredentials = (known: string): string | null => {
    const target = trackers[known];
    const definition = definitions.find(({ kind }) => kind === target?.kind);
    if (!target || !definition) return null;
    const hook = definition.webhook.secret(target);
    const secrets = definition.secrets(target).filter((secret) => secret !== hook);
    const values = secrets.map((secret) => readCurrentAndPreviousSecrets(secret)[0] ?? secret);
    return JSON.stringify([address(definition.baseUrl, target), ...values]);
  };
  const own = describeCredentials(name);
  return Object.keys(trackers).find((known) => describeCredentials(known) === own) ?? name;
}
