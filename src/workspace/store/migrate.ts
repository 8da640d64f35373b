import { AppError } from '#domain/base/errors.ts';
import type { Sql } from '#domain/base/ports.ts';
import { columnOf, singleValue } from './table.ts';

export interface Migration {
  /** `0001-initial.sql`; the number orders them. Never edited after release. */
  name: string;
  sql: string;
}

/** Brings a database up to the schema of this build. @throws AppError for a database that a newer build has written */
export function migrate(sql: Sql, migrations: Migration[]): void {
  sql.run('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)');
  const applied = new Set(columnOf<string>(sql, 'SELECT name FROM migrations ORDER BY name'));
  const unknown = [...applied].find((name) => migrations.every((migration) => migration.name !== name));
  if (unknown !== undefined) throw createNewerSchemaError(unknown, migrations);
  for (const migration of migrations.filter(({ name }) => !applied.has(name)))
    sql.transaction(() => {
      for (const statement of migration.sql.split(/;\s*(?:\n|$)/).filter((text) => text.trim() !== ''))
        sql.run(statement);
      sql.run('INSERT INTO migrations (name) VALUES (?)', migration.name);
    });
}
const nameSchema = (migrations: Migration[]): string => migrations.at(-1)?.name ?? '';

export function createNewerSchemaError(newer: string, migrations: Migration[]): AppError {
  const known = nameSchema(migrations);
  return new AppError(
    'config',
    `This data has the schema ${newer} of a newer version of Caselite, and this version knows schemas up to ${known}. Start the newer version again, or restore a backup that is older than the upgrade.`,
  );
}

/** Name of the schema that a database has. */
export const readSchemaName = (sql: Sql): string => singleValue(sql, 'SELECT MAX(name) FROM migrations') ?? '';
