import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { projectRoot } from '#src/cli/workspace-files.ts';

export const schemaSqlPath = join(projectRoot, 'docs', 'schema.sql');

/** The schema of a workspace's database after all migrations: tables in the order of their creation, then their indexes and triggers. */
export function createSchemaSql(): string {
  const folder = join(projectRoot, 'src', 'workspace', 'migrations');
  const database = new DatabaseSync(':memory:');
  for (const name of readdirSync(folder).sort())
    if (name.endsWith('.sql')) database.exec(readFileSync(join(folder, name), 'utf8'));
  const readSqlStatements = (type: string, table: string) =>
    database
      .prepare('SELECT sql FROM sqlite_master WHERE type = ? AND tbl_name = ? AND sql IS NOT NULL ORDER BY rowid')
      .all(type, table)
      .map(({ sql }) => `${sql};`);
  const tables = database
    .prepare(
      `SELECT name FROM sqlite_master JOIN pragma_table_list USING (name) WHERE pragma_table_list.type <> 'shadow' AND name NOT LIKE 'sqlite_%' ORDER BY sqlite_master.rowid`,
    )
    .all()
    .map(({ name }) => String(name));
  const head = '-- Schema of a workspace, written by `npm run schemas`; edit src/workspace/migrations instead.\n';
  const parts = tables.map((table) => ['table', 'index', 'trigger'].flatMap((type) => readSqlStatements(type, table)));
  return `${[head, ...parts.map((lines) => `${lines.join('\n')}\n`)].join('\n')}`;
}
