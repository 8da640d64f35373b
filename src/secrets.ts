import { createOutboundFetch } from '#adapters/outbound.ts';
import { AppError, IntegrationError, InvalidInputError } from '#domain/base/errors.ts';
import { parseWithPlainFindings } from '#domain/base/plain-words.ts';
import type { Sql } from '#domain/base/ports.ts';
import type { InstalledApp, TrackerPlaces } from '#domain/integrations/tracker-definition.ts';
import type { SecretJson } from '#domain/json/settings-json.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import { toIsoTextOrNull } from '#domain/time/units.ts';
import { type Bindings, readDeployment, variable } from './deployment.ts';
import { openSealed, seal } from './keyring.ts';
import { createAddressReader } from './reach.ts';
import { buildSecretName, buildSecretVariableName, listNamedSecrets, registry } from './wiring.ts';
import { audit, refuseField } from './workspace/basics/index.ts';
import type { Core } from './workspace/core.ts';
import { type Result, toFailure } from './workspace/result.ts';
import * as store from './workspace/store/index.ts';

/* Secrets that admins enter on a page. Each is sealed for one workspace, name and host, and is never shown again. */

const longestSecret = 10_000;

const buildPurpose = (workspace: string, { name, host }: Pick<store.SealedSecret, 'name' | 'host'>): string =>
  `secret:${JSON.stringify([workspace, name, host])}`;

const createReader = (bindings: Bindings) => (name: string) => variable(bindings, name);

/** Variables of the deployment for one workspace, then secrets that were entered on a page, for their hosts alone. */
export function createVariables(sql: Sql, bindings: Bindings, workspace: WorkspaceSettings) {
  const { key, previousKey } = readDeployment(bindings);
  const read = createReader(bindings);
  const named = new Map(listNamedSecrets(workspace, read).map((secret) => [secret.name, secret]));
  const entered = new Map<string, string>();
  for (const secret of store.sealedSecrets.list(sql, {})) {
    const purpose = buildPurpose(workspace.workspace, secret);
    const current = openOrNull(key, secret.sealed, purpose);
    const value = current ?? (previousKey ? openOrNull(previousKey, secret.sealed, purpose) : null);
    if (value === null) continue;
    if (current === null) store.sealedSecrets.put(sql, { ...secret, sealed: seal(key, value, purpose) });
    const { host, isAddress = true } = named.get(secret.name) ?? {};
    if (host === secret.host && !isAddress)
      entered.set(buildSecretVariableName(workspace.workspace, secret.name), value);
  }
  return (name: string): string | undefined => read(name) || entered.get(name);
}

/** A secret that cannot be opened is missing, so that a damaged row stops no workspace. */
function openOrNull(key: string, sealed: string, purpose: string): string | null {
  try {
    return openSealed(key, sealed, purpose);
  } catch {
    return null;
  }
}

/** The secrets that the settings name, with where each is from. No value leaves. */
export function listSecrets({ sql, settings: { workspace } }: Core, bindings: Bindings): SecretJson[] {
  const read = createReader(bindings);
  const { key } = readDeployment(bindings);
  const sealed = new Map(store.sealedSecrets.list(sql, {}).map((secret) => [secret.name, secret]));
  const named = listNamedSecrets(workspace, read);
  const unused = [...sealed.values()].filter(({ name }) => !named.some((secret) => secret.name === name));
  const listed = [...named, ...unused.map((secret) => ({ ...secret, uses: [], isAddress: false }))];
  return listed.map(({ name, host, uses, isAddress }) => {
    const entered = sealed.get(name);
    const variable = buildSecretVariableName(workspace.workspace, name);
    const findState = (): SecretJson['state'] => {
      if (read(variable)) return 'deployment';
      if (isAddress) return 'address';
      if (!entered) return 'missing';
      if (uses.length === 0) return 'unused';
      if (entered.host !== host) return 'other host';
      return openOrNull(key, entered.sealed, buildPurpose(workspace.workspace, entered)) === null
        ? 'unreadable'
        : 'page';
    };
    const { who = null, at = null } = entered ?? {};
    return { name, variable, uses, host, state: findState(), who, at: toIsoTextOrNull(at) };
  });
}

export interface EnteredSecret {
  name: string;
  /** Null removes it. */
  value: string | null;
}

/** Seals a secret for a host in place of an earlier one, or removes it. */
export function enterSecret(
  core: Core,
  bindings: Bindings,
  { name, value, who }: EnteredSecret & { who: string },
  host?: string,
): void {
  const { workspace } = core.settings;
  const named = listNamedSecrets(workspace, createReader(bindings)).find((secret) => secret.name === name);
  const boundHost = host ?? named?.host;
  const variableName = buildSecretVariableName(workspace.workspace, name);
  if (value !== null && named?.isAddress)
    refuseField('value', `is set only by the variable ${variableName} of the deployment`);
  if (value !== null && boundHost === undefined) refuseField('name', `is no secret that the settings name: ${name}`);
  if (value !== null && (value.trim() === '' || value.length > longestSecret))
    refuseField('value', `is empty or longer than ${longestSecret} characters; paste the secret`);
  const { key } = readDeployment(bindings);
  core.sql.transaction(() => {
    const was = store.sealedSecrets.list(core.sql, {}).some((secret) => secret.name === name);
    if (value === null && !was) refuseField('name', 'holds no secret; there is nothing to remove');
    if (value === null) store.sealedSecrets.delete(core.sql, { name });
    else {
      const bound = { name, host: boundHost ?? '' };
      const sealed = seal(key, value.trim(), buildPurpose(core.workspace, bound));
      store.sealedSecrets.put(core.sql, { ...bound, sealed, who, at: core.clock.now() });
    }
    const what = value === null ? 'secret removed' : was ? 'secret replaced' : 'secret entered';
    audit(core, { who, what, about: name });
  });
}

export interface TrackerConnection {
  kind: string;
  token: string;
  /** Host of the vendor that the settings would name, such as Jira's site; empty without one. */
  site: string;
  email: string;
  app?: InstalledApp | undefined;
}

/** Requires that what was entered fits the tracker's settings, whose patterns bound the hosts that get a token. */
function requireEnteredSettings(definition: (typeof registry.trackers)[number], given: Record<string, string>): void {
  const entered = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const { findings } = parseWithPlainFindings(definition.settings, entered);
  const refused = findings?.find(({ path }) => Object.hasOwn(entered, String(path[0])));
  if (refused) refuseField(String(refused.path[0]), refused.message);
}

const unreadableKey =
  'is no private key in PKCS#8: openssl pkcs8 -topk8 -nocrypt -in app.pem -out app.pkcs8.pem makes one of the file that the App gave';

/** Lists where a token may make issues, and seals it for the vendor's host before the settings name it. */
export async function connectTracker(
  asked: Result<{ core: Core; who: string }>,
  bindings: Bindings,
  { kind, token, app, ...given }: TrackerConnection,
): Promise<Result<TrackerPlaces>> {
  if (!asked.ok) return asked;
  const { core, who } = asked.value;
  const definition = registry.trackers.find((tracker) => tracker.kind === kind);
  const baseUrl = definition ? createAddressReader(createReader(bindings))(definition.baseUrl, { ...given, kind }) : '';
  try {
    if (!definition?.places) throw new AppError('not-found', 'There is no such tracker to choose.');
    requireEnteredSettings(definition, { ...given, kind });
    if (!baseUrl) refuseField('site', 'is missing; enter the host of your site');
    const fetch = createOutboundFetch(baseUrl);
    const reached = await definition.places.list({ fetch, baseUrl, retryMs: 300, token, app, email: given.email });
    enterSecret(
      core,
      bindings,
      { name: buildSecretName(kind, app ? 'app key' : 'token'), value: token, who },
      new URL(baseUrl).host,
    );
    return { ok: true, value: reached };
  } catch (error) {
    const isKey = error instanceof AppError && error.code === 'config' && app !== undefined;
    if (isKey) return toFailure(new InvalidInputError(error.message, [{ field: 'token', message: unreadableKey }]));
    if (!(error instanceof IntegrationError)) return toFailure(error);
    const said = [
      error.status ? `status ${error.status}` : error.code,
      ...error.fields.map(({ field, why }) => why ?? field),
    ];
    const message = `does not let ${definition?.title} in (${said.join(', ')}). Check that it was copied whole and has not ended, and what stands beside it`;
    return toFailure(new InvalidInputError(`token: ${message}`, [{ field: 'token', message }]));
  }
}
