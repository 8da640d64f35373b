import type { Sql } from '#domain/base/ports.ts';

/** The object's SQLite as the core's port. All calls are synchronous, so that a transaction is one step. */
export function createObjectSql(storage: DurableObjectState['storage']): Sql {
  return {
    all: <Row extends object>(query: string, ...values: unknown[]) =>
      storage.sql
        .exec(query, ...values)
        .toArray()
        .map(convertBlobsToBytes) as Row[],
    run: (query, ...values) => {
      storage.sql.exec(query, ...values);
    },
    transaction: (work) => storage.transactionSync(work),
  };
}

function convertBlobsToBytes(row: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(row)) {
    if (value instanceof ArrayBuffer) row[name] = new Uint8Array(value);
  }
  return row;
}
