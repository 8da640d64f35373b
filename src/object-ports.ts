import { AppError } from '#domain/base/errors.ts';
import type { Keyring, Sql } from '#domain/base/ports.ts';
import { type Bindings, readDeployment } from './deployment.ts';
import { createRoot, fingerprintOf, keyring, openRoot, sealRoot } from './keyring.ts';
import type { CorePorts } from './workspace/core.ts';
import { createObjectSql } from './workspace/object-sql.ts';
import { findSealedRoot, findSealFingerprint, saveSealedRoot } from './workspace/store/sealed-root.ts';

/** Ports of an object. Its keys are known once `openKeys` has read its store. */
export function createObjectPorts(storage: DurableObjectState['storage'], bindings: Bindings): CorePorts {
  const { key, publicUrl } = readDeployment(bindings);
  return {
    publicUrl,
    sql: createObjectSql(storage),
    durability: storage,
    clock: { now: () => Date.now() },
    random: {
      fraction: () => Math.random(),
      bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    },
    keys: keyring(key),
  };
}

/**
 * Keys of a workspace. Its root is made at the first start, and sealed anew after a rotation, so that markers, ids and
 * pseudonyms outlive every secret.
 *
 * @throws AppError for a root that was sealed under another secret
 */
export function openKeys(sql: Sql, bindings: Bindings): Keyring {
  const { key, previousKey } = readDeployment(bindings);
  const sealed = findSealedRoot(sql);
  const open = (secret: string | undefined) => (sealed && secret ? openRoot(secret, sealed) : null);
  const current = open(key);
  const root = current ?? open(previousKey) ?? (sealed ? null : createRoot());
  if (root === null) throw createWrongKeyError(findSealFingerprint(sql), key);
  if (current === null) saveSealedRoot(sql, sealRoot(key, root));
  return keyring(key, root, previousKey);
}

/** @param wanted fingerprint of the secret that the data needs */
const createWrongKeyError = (wanted: string, key: string): AppError =>
  new AppError(
    'config',
    `This data is sealed with another CASELITE_KEY (fingerprint ${wanted}; the present one has ${fingerprintOf(key)}). Set CASELITE_KEY to the key that was kept with the data, or name it in CASELITE_KEY_PREVIOUS if the key was changed.`,
  );

/** Waits for the work, at most `ms` milliseconds. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pause = new Promise<void>((done) => {
    timer = setTimeout(done, ms);
  });
  await Promise.race([work, pause]);
  clearTimeout(timer);
}

/** Waits until others had their turn. */
export const giveWay = (): Promise<void> => new Promise((done) => setTimeout(done, 0));
