import type { Sql } from '#domain/base/ports.ts';

export interface Migration {
  /** `0001-initial.sql`; the number orders them. Never edited after release. */
  name: string;
  sql: string;
}

export function migrate(sql: Sql, migrations: Migration[]): void {
  sql.run('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)');
  const applied = new Set(sql.all<{ name: string }>('SELECT name FROM migrations').map(({ name }) => name));
  for (const migration of migrations.filter(({ name }) => !applied.has(name))) {
    sql.transaction(() => {
      for (const statement of migration.sql.split(/;\s*(?:\n|$)/).filter((text) => text.trim() !== '')) {
        sql.run(statement);
      }
      sql.run('INSERT INTO migrations (name) VALUES (?)', migration.name);
    });
  }
}
