import type { Sql } from '#domain/base/ports.ts';
import { defineTable } from './table.ts';

/** A batch of work that began and has not ended: where the process died, one of the members may have stopped it. */
export interface Run {
  /** Row numbers of what is still to do, in order. */
  members: number[];
  /** Number of members at work at once, from the first on. */
  size: number;
  /** Deaths of the process in a row while one member was at work alone. */
  deaths: number;
}

const runs = defineTable<Run & { name: string }>('runs', { members: 'json' });

export const findRun = (sql: Sql, name: string): Run | null => runs.find(sql, 'name = ?', name);

export const saveRun = (sql: Sql, name: string, run: Run): void => runs.put(sql, { name }, run);

export const deleteRun = (sql: Sql, name: string): void => sql.run('DELETE FROM runs WHERE name = ?', name);
