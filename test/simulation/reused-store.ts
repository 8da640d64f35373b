import type { Sql } from '#domain/base/ports.ts';
import { migrate } from '#src/workspace/store/backup.ts';
import { listTables } from '#src/workspace/store/table.ts';
import { migrations } from '#test/harness/migrations.ts';
import { createVolatileStore, type VolatileStore } from '#test/harness/volatile-store.ts';

let reused: VolatileStore | null = null;

/**
 * The one store of this process, emptied. Creating its tables and preparing its statements takes longer than a short
 * run.
 */
export function reuseStore(): VolatileStore {
  if (reused === null) {
    reused = createVolatileStore();
    migrate(reused.sql, migrations);
    reused.commit();
  }
  reused.lose();
  emptyTables(reused.sql);
  reused.commit();
  return reused;
}

/** Empties all tables of a store but the list of its migrations, also those that its triggers keep or count. */
function emptyTables(sql: Sql): void {
  const keeping = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(%'";
  for (const { name } of sql.all<{ name: string }>(keeping)) sql.run(`DROP TRIGGER ${name}`);
  const tables = sql.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migrations' AND name NOT LIKE 'search%' ORDER BY name = 'case_counts'",
  );
  for (const { name } of tables) sql.run(`DELETE FROM "${name}"`);
  for (const name of listTables(sql, 'virtual')) sql.run(`INSERT INTO ${name} (${name}) VALUES ('delete-all')`);
}
