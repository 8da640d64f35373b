import type { Sql } from '#domain/base/ports.ts';
import type { SettingsFile } from '#domain/templates/template.ts';
import { defineTable, singleValue } from './table.ts';

export type SettingsVersion = { version: number; files: SettingsFile[]; author: string; at: number };

const settings = defineTable<SettingsVersion>('settings', { files: 'json' });

export const findLatestSettingsVersion = (sql: Sql): SettingsVersion | null =>
  settings.list(sql, 'ORDER BY version DESC LIMIT 1')[0] ?? null;

/** One settings version; null for an unknown number. */
export const findSettingsVersion = (sql: Sql, version: number): SettingsVersion | null =>
  settings.find(sql, 'version = ?', version);

export const listSettingsVersions = (sql: Sql, before: number, limit: number): SettingsVersion[] =>
  settings.list(sql, 'WHERE version < ? ORDER BY version DESC LIMIT ?', before, limit);

export const insertSettingsVersion = (sql: Sql, next: SettingsVersion): boolean => settings.insert(sql, next);

/** The sealed root of the workspace's keys; null before the first start. */
export const findSealedRoot = (sql: Sql): string | null => singleValue(sql, 'SELECT sealed FROM sealed_roots');

/** Fingerprint of the secret under which the root is sealed. */
export const findSealFingerprint = (sql: Sql): string => findSealedRoot(sql)?.split('.')[0] ?? '';

export function saveSealedRoot(sql: Sql, sealed: string): void {
  sql.run('DELETE FROM sealed_roots');
  sql.run('INSERT INTO sealed_roots (sealed) VALUES (?)', sealed);
}

export interface SealedSecret {
  name: string;
  host: string;
  sealed: string;
  who: string;
  at: number;
}

const sealedSecrets = defineTable<SealedSecret>('sealed_secrets', {});

export const listSealedSecrets = (sql: Sql): SealedSecret[] => sealedSecrets.list(sql, 'ORDER BY name');

export const deleteSealedSecret = (sql: Sql, name: string): void =>
  sql.run('DELETE FROM sealed_secrets WHERE name = ?', name);

export function saveSealedSecret(sql: Sql, secret: SealedSecret): void {
  deleteSealedSecret(sql, secret.name);
  sealedSecrets.insert(sql, secret);
}
