import { AppError } from '#domain/base/errors.ts';
import type { Keyring, Sql } from '#domain/base/ports.ts';
import { takeSteps } from '#domain/base/steps.ts';
import type { SurveySource } from '#domain/integrations/integrations.ts';
import type { Settings, SettingsFile } from '#domain/templates/template.ts';
import { addDeploymentSender, type Bindings, readDeployment, variable } from './deployment.ts';
import { createRoot, fingerprintOf, keyring, openSealed, seal } from './keyring.ts';
import { createConsoleLog } from './log.ts';
import { platformClock } from './objects.ts';
import { createVariables } from './secrets.ts';
import { createIntegrations, requireLoopbackInDemo, WorkspaceFileSchema } from './wiring.ts';
import { unfinishedRestoreMessage } from './workspace/backup/backup.ts';
import type { Core, CorePorts } from './workspace/core.ts';
import { Flood } from './workspace/intake/gather.ts';
import { findRemovedSourceSettings } from './workspace/intake/keep-sources.ts';
import { createObjectSql } from './workspace/object-sql.ts';
import { createRateMeter } from './workspace/queues/rate-limit.ts';
import { type Result, toFailure } from './workspace/result.ts';
import { readSettings } from './workspace/settings/read-settings.ts';
import * as store from './workspace/store/index.ts';

export * from './secrets.ts';

/** The workspaces of one runtime share its thread. */
export const flood = new Flood();

/** Ports of an object; its keys are known once `openKeys` has read its store. */
export function createObjectPorts(storage: DurableObjectState['storage'], bindings: Bindings): CorePorts {
  const { key, publicUrl } = readDeployment(bindings);
  return {
    publicUrl,
    sql: createObjectSql(storage),
    durability: storage,
    async giveWay() {
      await flood.waitForQuiet(platformClock, (ms) => within(ms, new Promise(() => {})));
    },
    clock: platformClock,
    random: { fraction: () => Math.random(), bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    keys: keyring(key),
  };
}

/** Keys of a workspace, whose root outlives every secret: it is sealed anew after a rotation. */
export function openKeys(sql: Sql, bindings: Bindings): Keyring {
  const { key, previousKey } = readDeployment(bindings);
  const sealed = store.findSealedRoot(sql);
  const open = (secret: string | undefined) => (sealed && secret ? openSealed(secret, sealed) : null);
  const current = open(key);
  const root = current ?? open(previousKey) ?? (sealed ? null : createRoot());
  if (root === null) throw createWrongKeyError(store.findSealFingerprint(sql), key);
  if (current === null) store.saveSealedRoot(sql, seal(key, root));
  return keyring(key, root, previousKey);
}

/** Brings the store up to this version, and reads the keys of the workspace. */
export function openStore(base: CorePorts, bindings: Bindings, migrations: store.Migration[]): CorePorts {
  const { sql } = base;
  if (store.findLinesTaken(sql) !== null) throw new AppError('config', unfinishedRestoreMessage);
  store.migrate(sql, migrations);
  const opened = { ...base, keys: openKeys(sql, bindings) };
  store.deleteBackupLines(sql);
  return opened;
}

/** @param wanted fingerprint of the secret that the data needs */
const createWrongKeyError = (wanted: string, key: string): AppError =>
  new AppError(
    'config',
    `This data is sealed with another CASELITE_KEY (fingerprint ${wanted}; the present one has ${fingerprintOf(key)}). Set CASELITE_KEY to the key that was kept with the data, or name it in CASELITE_KEY_PREVIOUS if the key was changed.`,
  );

/** @throws AppError where neither secret of the deployment has the fingerprint that a backup names */
export function demandSealingKey(bindings: Bindings, fingerprint: string): void {
  const { key, previousKey } = readDeployment(bindings);
  const known = [key, previousKey].some((secret) => secret && fingerprintOf(secret) === fingerprint);
  if (!known) throw createWrongKeyError(fingerprint, key);
}

/** Settings as this deployment runs them. */
export function readDeployedSettings(
  { sql }: Pick<CorePorts, 'sql'>,
  bindings: Bindings,
  { files, version, wasAcceptedBefore }: { files: SettingsFile[]; version: number; wasAcceptedBefore: boolean },
): Settings {
  const accepted = wasAcceptedBefore || (store.findLatestSettingsVersion(sql)?.files ?? []);
  const variables = (name: string) => variable(bindings, name);
  const read = readSettings(files, version, WorkspaceFileSchema, accepted);
  const settings = addDeploymentSender(read, variables);
  requireLoopbackInDemo(settings.workspace, variables);
  return settings;
}

/** Why stored settings give no core; also logged. */
export function refuseStoredSettings(
  error: AppError,
  { files, version }: Pick<store.SettingsVersion, 'files' | 'version'>,
): AppError {
  createConsoleLog(files.find(({ kind }) => kind === 'workspace')?.name ?? '').error('settings-refused', { version });
  const why = `The settings that are stored (version ${version}) are refused; push a corrected version. ${error.message}`;
  return new AppError('config', why);
}

export function createCore(base: CorePorts, bindings: Bindings, settings: Settings): Core {
  const integrations = createIntegrations(settings, createVariables(base.sql, bindings, settings.workspace), {
    removed: findRemovedSourceSettings(base, settings),
    meter: (queue, rateLimit) => createRateMeter(base, queue, rateLimit),
    lastCursor: (tracker) => store.findPollState(base.sql, tracker).cursor,
  });
  const { workspace } = settings.workspace;
  return { ...base, workspace, log: createConsoleLog(workspace), settings, integrations };
}

/** Waits for the work, at most `ms` milliseconds. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pause = new Promise<void>((done) => {
    timer = setTimeout(done, ms);
  });
  await Promise.race([work, pause]);
  clearTimeout(timer);
}

/** @throws AppError where calls of queues are still under way after 18 seconds */
export async function waitForCalls(busyQueues: ReadonlySet<string>): Promise<void> {
  for (let waits = 0; busyQueues.size > 0 && waits < 360; waits += 1) await within(50, new Promise(() => {}));
  if (busyQueues.size > 0) throw new AppError('conflict', 'Calls are under way; try again in a minute.');
}

const giveWay = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

/** Forms that a survey tool shows to the token of a source, of which one is chosen for its webhook. */
export async function listForms(asked: Result<SurveySource | null>): Promise<Result<{ id: string; title: string }[]>> {
  if (!asked.ok) return asked;
  try {
    return { ok: true, value: (await asked.value?.api()?.hooks?.listForms?.()) ?? [] };
  } catch (error) {
    return toFailure(error);
  }
}

/** Does long work in steps, between which others get their turn; most operations have none. */
export async function takeAllSteps<Value>(begun: Result<Value | Generator<void, Value>>): Promise<Result<Value>> {
  if (!begun.ok || !(begun.value instanceof Iterator)) return begun as Result<Value>;
  const steps = begun.value as Generator<void, Value>;
  return takeSteps(steps, platformClock, giveWay).then((value) => ({ ok: true, value }), toFailure);
}
