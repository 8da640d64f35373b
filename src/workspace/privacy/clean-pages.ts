import { type Core, store } from '../kit.ts';

/** Bytes of tables rewritten in one turn, so that deliveries never wait long. */
const mostBytesPerStep = 8_000_000;
/** Longer tables would stop the workspace for too long; SQLite reuses their free parts over time. */
const mostBytesOfTable = 32_000_000;
/** Zeros written at the end of each step, more than the write-ahead log holds before it begins anew. */
const leastFillerBytes = 6_000_000;
/** Steps after the last table, so that zeros reach the whole write-ahead log. */
const lastSteps = 2;

/** Starts to clean the pages in which erased rows lay, from the first table again. */
export const startCleaningPages = (core: Pick<Core, 'sql' | 'clock'>): void =>
  store.setOnlyTimer(core.sql, 'clean-pages', '0', core.clock.now());

/**
 * One step: rewrites the next tables, and fills the pages that this frees.
 * @param step number of the next table
 */
export function cleanPages({ sql, clock }: Core, step: string): void {
  const first = Number(step);
  store.dropFiller(sql);
  const all = store.listTables(sql);
  if (first >= all.length + lastSteps) return;
  const tables: string[] = [];
  let bytes = 0;
  let next = first;
  for (; next < all.length && bytes < mostBytesPerStep; next += 1) {
    const table = all[next] ?? '';
    const ofTable = store.estimateBytes(sql, table);
    if (ofTable > mostBytesOfTable) continue;
    tables.push(table);
    bytes += ofTable;
  }
  store.rewriteTables(sql, tables, bytes);
  store.fillFreePages(sql, Math.max(leastFillerBytes, 2 * bytes));
  store.setOnlyTimer(sql, 'clean-pages', String(Math.max(next, first + 1)), clock.now());
}
