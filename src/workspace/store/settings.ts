import type { Sql } from '#domain/ports.ts';
import type { SettingsFile } from '../core.ts';

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

export function insertSettings(sql: Sql, next: SettingsVersion): void {
  sql.run(
    'INSERT INTO settings (version, files, author, at) VALUES (?, ?, ?, ?)',
    next.version,
    JSON.stringify(next.files),
    next.author,
    next.at,
  );
}
