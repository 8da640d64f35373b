import type { Sql } from '#domain/base/ports.ts';
import type { SettingsFile } from '#domain/templates/settings.ts';
import { defineTable } from './table.ts';

export interface SettingsVersion {
  version: number;
  files: SettingsFile[];
  author: string;
  at: number;
}

const settings = defineTable<SettingsVersion>('settings', { files: 'json' });

export const findLatestSettingsVersion = (sql: Sql): SettingsVersion | null =>
  settings.list(sql, 'ORDER BY version DESC LIMIT 1')[0] ?? null;

/** One settings version; null for an unknown number. */
export const findSettingsVersion = (sql: Sql, version: number): SettingsVersion | null =>
  settings.find(sql, 'version = ?', version);

export const listSettingsVersions = (sql: Sql, before: number, limit: number): SettingsVersion[] =>
  settings.list(sql, 'WHERE version < ? ORDER BY version DESC LIMIT ?', before, limit);

export function insertSettingsVersion(sql: Sql, next: SettingsVersion): void {
  settings.insert(sql, next);
}
