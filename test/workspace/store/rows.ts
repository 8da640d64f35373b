import type { Sql, SqlRow } from '#domain/base/ports.ts';

/** Reads all rows of a table. */
export const rowsOf = (sql: Sql, table: string): SqlRow[] => sql.all(`SELECT * FROM "${table}"`);

/** Deletes all rows of a table but those with a value in a column. */
export const keepRows = (sql: Sql, table: string, column: string, value: string): void =>
  sql.run(`DELETE FROM "${table}" WHERE "${column}" <> ?`, value);

/** Reads every value of every table as a line `table.column: value`, to prove that a text stands nowhere. */
export function storedLines(sql: Sql): string[] {
  const text = (value: unknown) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value));
  return sql
    .all<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%'",
    )
    .flatMap(({ name }) =>
      rowsOf(sql, name).flatMap((row) =>
        Object.entries(row).map(([column, value]) => `${name}.${column}: ${text(value)}`),
      ),
    );
}

/** Reads what was to leave, with what became of it. */
export const outboxRows = (sql: Sql) =>
  sql.all<{ kind: string; state: string; attempts: number; error: string | null }>(
    'SELECT kind, state, attempts, error FROM outbox ORDER BY id',
  );
