import type { Sql } from '#domain/base/ports.ts';
import { migrate } from '#src/workspace/store/migrate.ts';
import { migrations } from '#test/harness/migrations.ts';
import { createVolatileStore, type VolatileStore } from '#test/harness/volatile-store.ts';

let reused: { store: VolatileStore; tables: string[] } | null = null;

/**
 * The one store of this process, emptied. Creating its tables and preparing its statements takes longer than a short
 * run.
 */
export function reuseStore(): VolatileStore {
  reused ??= createReusedStore();
  const { store, tables } = reused;
  store.lose();
  for (const table of tables) store.sql.run(`DELETE FROM ${table}`);
  store.commit();
  return store;
}

/** Lets an emptied store lose the lines of its audit log, which its triggers keep. */
export function dropTriggers(sql: Sql): void {
  for (const { name } of sql.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    sql.run(`DROP TRIGGER ${name}`);
}

function createReusedStore() {
  const store = createVolatileStore();
  migrate(store.sql, migrations);
  dropTriggers(store.sql);
  store.commit();
  const tables = store.sql
    .all<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migrations' AND name NOT LIKE 'search%'",
    )
    .map(({ name }) => name);
  return { store, tables };
}
