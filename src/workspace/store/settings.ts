import type { Sql } from '#domain/base/ports.ts';
import type { SettingsFile } from '#domain/templates/settings.ts';

export interface SettingsVersion {
  version: number;
  files: SettingsFile[];
  author: string;
  at: number;
}

export function latestSettings(sql: Sql): SettingsVersion | null {
  const [row] = sql.all<{ version: number; files: string; author: string; at: number }>(
    'SELECT * FROM settings ORDER BY version DESC LIMIT 1',
  );
  return row ? { ...row, files: JSON.parse(row.files) } : null;
}

/** One settings version; null for an unknown number. */
export function settingsAt(sql: Sql, version: number): SettingsVersion | null {
  const [row] = sql.all<{ version: number; files: string; author: string; at: number }>(
    'SELECT * FROM settings WHERE version = ?',
    version,
  );
  return row ? { ...row, files: JSON.parse(row.files) } : null;
}

export function listSettings(sql: Sql, before: number, limit: number): SettingsVersion[] {
  return sql
    .all<{ version: number; files: string; author: string; at: number }>(
      'SELECT * FROM settings WHERE version < ? ORDER BY version DESC LIMIT ?',
      before,
      limit,
    )
    .map((row) => ({ ...row, files: JSON.parse(row.files) }));
}

export function insertSettings(sql: Sql, next: SettingsVersion): void {
  sql.run(
    'INSERT INTO settings (version, files, author, at) VALUES (?, ?, ?, ?)',
    next.version,
    JSON.stringify(next.files),
    next.author,
    next.at,
  );
}
