import type { DatabaseSync } from 'node:sqlite';
import type { Sql, SqlValue } from '#domain/base/ports.ts';

/** The core's SQL port over Node's SQLite, with the same statements as in the object. */
export function nodeSql(database: DatabaseSync): Sql {
  const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const statement = (query: string) => {
    const known = prepared.get(query) ?? database.prepare(query);
    prepared.set(query, known);
    return known;
  };
  let depth = 0;
  return {
    all: <Row extends object>(query: string, ...values: SqlValue[]) => statement(query).all(...values) as Row[],
    run(query, ...values) {
      statement(query).run(...values);
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
