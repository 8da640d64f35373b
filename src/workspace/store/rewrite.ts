import type { Sql } from '#domain/base/ports.ts';
import { columnOf, keptByTriggers, listTables, singleValue } from './table.ts';

/*
 * SQLite leaves the bytes of deleted and moved rows and index entries in free parts of its pages. Copied into a new
 * table, rows leave them all in pages that are free as a whole, which zeros then fill.
 */

/** Names of the tables that may lie on a page that held personal data before: all but plain counts. */
export const listTablesToClean = (sql: Sql): string[] =>
  listTables(sql).filter((name) => !keptByTriggers.includes(name));

const listColumns = (sql: Sql, table: string): string[] =>
  sql.all<{ name: string }>(`PRAGMA table_info("${table}")`).map(({ name }) => `"${name}"`);

/** Bytes of the texts and blobs of a table, with some for each row. */
export function estimateBytes(sql: Sql, table: string): number {
  const lengths = listColumns(sql, table).map((column) => `COALESCE(octet_length(${column}), 0)`);
  return singleValue<number>(sql, `SELECT COALESCE(SUM(64 + ${lengths.join(' + ')}), 0) FROM "${table}"`) ?? 0;
}

const listDefinitions = (sql: Sql, type: 'table' | 'index' | 'trigger', table: string): string[] =>
  columnOf(sql, 'SELECT sql FROM sqlite_schema WHERE type = ? AND tbl_name = ? AND sql IS NOT NULL', type, table);

const copyOf = (table: string): string => `copy of ${table}`;

/**
 * Copies tables with their row numbers into pages that were free before, and only then frees the old ones. Triggers
 * hold again at once; indexes follow by `createMissingIndexes`, once zeros fill the pages that this frees.
 */
export function rewriteTables(sql: Sql, tables: string[]): void {
  sql.run('CREATE TABLE IF NOT EXISTS missing_indexes (definition TEXT NOT NULL)');
  for (const table of tables) {
    const [definition = ''] = listDefinitions(sql, 'table', table);
    const isNumbered = /INTEGER PRIMARY KEY|WITHOUT ROWID/i.test(definition);
    const columns = [...(isNumbered ? [] : ['rowid']), ...listColumns(sql, table)].join(', ');
    sql.run(definition.replace(/^CREATE TABLE\s+("[^"]+"|\w+)/i, `CREATE TABLE "${copyOf(table)}"`));
    sql.run(`INSERT INTO "${copyOf(table)}" (${columns}) SELECT ${columns} FROM "${table}"`);
    for (const missing of listDefinitions(sql, 'index', table))
      sql.run('INSERT INTO missing_indexes (definition) VALUES (?)', missing);
  }
  for (const table of tables) {
    const counted = listDefinitions(sql, 'table', table).some((definition) => /AUTOINCREMENT/i.test(definition));
    const sequence = counted ? singleValue<number>(sql, 'SELECT seq FROM sqlite_sequence WHERE name = ?', table) : null;
    const triggers = listDefinitions(sql, 'trigger', table);
    sql.run(`DROP TABLE "${table}"`);
    sql.run(`ALTER TABLE "${copyOf(table)}" RENAME TO "${table}"`);
    for (const definition of triggers) sql.run(definition);
    if (sequence === null) continue;
    sql.run('DELETE FROM sqlite_sequence WHERE name = ?', table);
    sql.run('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', table, sequence);
  }
}

export function createMissingIndexes(sql: Sql): void {
  sql.run('CREATE TABLE IF NOT EXISTS missing_indexes (definition TEXT NOT NULL)');
  for (const definition of columnOf<string>(sql, 'SELECT definition FROM missing_indexes')) sql.run(definition);
  sql.run('DROP TABLE missing_indexes');
}

const fillerRowBytes = 1_000_000;

/** Fills free pages with zeros. */
export function fillFreePages(sql: Sql, bytes: number): void {
  sql.run('CREATE TABLE filler (zeros BLOB NOT NULL)');
  for (let filled = 0; filled < bytes; filled += fillerRowBytes)
    sql.run('INSERT INTO filler (zeros) VALUES (zeroblob(?))', fillerRowBytes);
}

export const dropFiller = (sql: Sql): void => sql.run('DROP TABLE IF EXISTS filler');
