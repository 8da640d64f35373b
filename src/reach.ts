import { createOutboundFetch } from '#adapters/outbound.ts';
import { AppError } from '#domain/base/errors.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import { createAddressReader } from './vendor-address.ts';

export type Variables = (name: string) => string | undefined;

/** Name of a workspace's secret in the deployment, such as `ACME__GITHUB_TOKEN`. */
export const buildSecretVariableName = (workspace: string, name: string): string =>
  `${workspace.toUpperCase().replaceAll('-', '_')}__${name}`;

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
    return [variables(variable), variables(`${variable}_PREVIOUS`)].filter(
      (value) => value !== undefined && value !== '',
    ) as string[];
  };
  const address = createAddressReader(variables);
  const createFetch = (baseUrl: string): Fetch => (baseUrl ? createOutboundFetch(baseUrl, fetch) : unreachable);
  const createLoginHost = (login: { variable: string; fallback: string } | undefined) => {
    if (!login) return null;
    const baseUrl = address(login);
    return { baseUrl, fetch: ((...call) => createFetch(baseUrl)(...call)) as Fetch };
  };
  return { secret, readCurrentAndPreviousSecrets, address, createFetch, createLoginHost };
}

const unreachable: Fetch = () => Promise.reject(new TypeError('no address is set'));
