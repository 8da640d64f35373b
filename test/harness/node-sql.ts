import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Sql, SqlRow, SqlValue } from '#domain/base/ports.ts';

interface Prepared {
  statement: StatementSync;
  columns: string[];
}

/** The core's SQL port over Node's SQLite, with the same statements as in the object. */
export function nodeSql(database: DatabaseSync): Sql {
  const prepared = new Map<string, Prepared>();
  const prepare = (query: string): Prepared => {
    const known = prepared.get(query);
    if (known) return known;
    const statement = database.prepare(query);
    // Names of columns are read once, because Node makes them anew for each row.
    statement.setReturnArrays(true);
    const made = { statement, columns: statement.columns().map(({ name }) => name) };
    prepared.set(query, made);
    return made;
  };
  let depth = 0;
  return {
    all<Row extends object>(query: string, ...values: SqlValue[]) {
      const { statement, columns } = prepare(query);
      const rows: unknown[] = statement.all(...values);
      return rows.map((row) => toRecord(columns, row as SqlValue[])) as Row[];
    },
    run(query, ...values) {
      prepare(query).statement.run(...values);
    },
    transaction(work) {
      if (depth > 0) return work();
      depth += 1;
      database.exec('BEGIN');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      } finally {
        depth -= 1;
      }
    },
  };
}

function toRecord(columns: string[], row: SqlValue[]): SqlRow {
  const record: SqlRow = {};
  let index = 0;
  for (const name of columns) {
    record[name] = row[index] ?? null;
    index += 1;
  }
  return record;
}
