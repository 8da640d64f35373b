import { DatabaseSync } from 'node:sqlite';
import type { Durability, Sql } from '#domain/base/ports.ts';
import { nodeSql } from './node-sql.ts';

export interface VolatileStore {
  sql: Sql;
  durability: Durability;
  /** Keeps all writes so far. */
  commit(): void;
  /** Loses all writes since the last commit, as the death of the process does. */
  lose(): void;
}

/**
 * A store with the durability of the platform's: writes of a turn, also those of its transactions, are in one open
 * transaction until the turn yields, a request leaves, or `sync` is called.
 */
export function createVolatileStore(database = new DatabaseSync(':memory:')): VolatileStore {
  // As on the platform. The types of Node do not have it yet.
  (database as DatabaseSync & { limits: { length: number } }).limits.length = 2_000_000;
  const statements = nodeSql(database);
  let isOpen = false;
  let depth = 0;
  const open = () => {
    if (!isOpen) statements.run('BEGIN');
    isOpen = true;
  };
  const end = (how: 'COMMIT' | 'ROLLBACK') => {
    if (isOpen) statements.run(how);
    isOpen = false;
  };
  const commit = () => end('COMMIT');
  return {
    sql: {
      all(query, ...values) {
        open();
        return statements.all(query, ...values);
      },
      run(query, ...values) {
        open();
        statements.run(query, ...values);
      },
      transaction(work) {
        open();
        depth += 1;
        const savepoint = `level_${depth}`;
        statements.run(`SAVEPOINT ${savepoint}`);
        try {
          return work();
        } catch (error) {
          statements.run(`ROLLBACK TO ${savepoint}`);
          throw error;
        } finally {
          statements.run(`RELEASE ${savepoint}`);
          depth -= 1;
        }
      },
    },
    durability: { sync: async () => commit() },
    commit,
    lose: () => end('ROLLBACK'),
  };
}
