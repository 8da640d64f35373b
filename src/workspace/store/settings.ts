import type { AuditLineJson, Stored } from '#domain/json/index.ts';
import type { SettingsFile } from '#domain/templates/template.ts';
import { defineTable, query, type Sql } from './table.ts';

export type SettingsVersion = { version: number; files: SettingsFile[]; author: string; at: number; why: string };

export const settingsVersions = defineTable<SettingsVersion>('settings', { files: 'json' }, { order: 'version DESC' });

export const findLatestSettingsVersion = settingsVersions.row`ORDER BY version DESC LIMIT 1`;

export const insertSettingsVersion = (
  sql: Sql,
  next: Omit<SettingsVersion, 'why'> & { why?: string | undefined },
): boolean => settingsVersions.insert(sql, { ...next, why: next.why ?? '' });

/** The sealed root of the workspace's keys; null before the first start. */
export const findSealedRoot = query.value<string>`SELECT sealed FROM sealed_roots`;

/** Fingerprint of the secret under which the root is sealed. */
export const findSealFingerprint = (sql: Sql): string => findSealedRoot(sql)?.split('.')[0] ?? '';

export function saveSealedRoot(sql: Sql, sealed: string): void {
  sql.run('DELETE FROM sealed_roots');
  sql.run('INSERT INTO sealed_roots (sealed) VALUES (?)', sealed);
}

export type SealedSecret = { name: string; host: string; sealed: string; who: string; at: number };

export const sealedSecrets = defineTable<SealedSecret>('sealed_secrets', {}, { key: 'name', order: 'name' });

/** Counts up and returns the value before, for round robin. */
export const takeRoundRobinTurn = query.number<[name: string]>`
  INSERT INTO counters (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1
    RETURNING value - 1`;

export type AuditLine = Stored<Omit<AuditLineJson, 'id'>, 'at'> & { seq: number };

export const auditLog = defineTable<AuditLine>('audit_log', {});

export const hasAuditLineSince = query.has<[line: Omit<AuditLine, 'seq' | 'details'>]>`
  SELECT 1 FROM audit_log WHERE at > @at AND who = @who AND what = @what AND about = @about`;
