import type { Sql } from '#domain/base/ports.ts';
import type { SettingsFile } from '#domain/templates/template.ts';
import { defineTable, hasRow, singleValue } from './table.ts';

export type SettingsVersion = { version: number; files: SettingsFile[]; author: string; at: number; why: string };

const settings = defineTable<SettingsVersion>('settings', { files: 'json' });

export const findLatestSettingsVersion = (sql: Sql): SettingsVersion | null =>
  settings.list(sql, 'ORDER BY version DESC LIMIT 1')[0] ?? null;

/** One settings version; null for an unknown number. */
export const findSettingsVersion = (sql: Sql, version: number): SettingsVersion | null =>
  settings.find(sql, 'version = ?', version);

export const listSettingsVersions = (sql: Sql, before: number, limit: number): SettingsVersion[] =>
  settings.list(sql, 'WHERE version < ? ORDER BY version DESC LIMIT ?', before, limit);

export const insertSettingsVersion = (
  sql: Sql,
  next: Omit<SettingsVersion, 'why'> & { why?: string | undefined },
): boolean => settings.insert(sql, { ...next, why: next.why ?? '' });

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

/** Counts up and returns the value before, for round robin. */
export function takeRoundRobinTurn(sql: Sql, name: string): number {
  const next =
    'INSERT INTO counters (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value';
  return (singleValue<number>(sql, next, name) ?? 1) - 1;
}

export interface AuditLine {
  seq: number;
  at: number;
  who: string;
  what: string;
  about: string;
  details: string;
}

const lines = defineTable<AuditLine>('audit_log', {});

export const insertAuditLine = (sql: Sql, line: Omit<AuditLine, 'seq'>): boolean => lines.insert(sql, line);

/** Lines before a number, newest first. */
export const listAuditLines = (sql: Sql, before: number, limit: number): AuditLine[] =>
  lines.list(sql, 'WHERE seq < ? ORDER BY seq DESC LIMIT ?', before, limit);

export const hasAuditLineSince = (sql: Sql, since: number, { who, what, about }: Omit<AuditLine, 'seq' | 'at'>) =>
  hasRow(sql, 'SELECT 1 FROM audit_log WHERE at > ? AND who = ? AND what = ? AND about = ?', since, who, what, about);
