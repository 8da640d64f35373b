import type { Sql } from '#domain/base/ports.ts';
import { columnOf, listColumns, singleValue } from './table.ts';

/* SQLite leaves deleted bytes in free parts of its pages, so rows move to new tables while zeros fill those parts. */

function listDefinitions(sql: Sql, types: string, table: string): string[] {
  const query = `SELECT sql FROM sqlite_schema WHERE type IN (${types}) AND tbl_name = ? AND sql IS NOT NULL
      ORDER BY type`;
  return columnOf(sql, query, table);
}

/** Bytes of the texts and blobs of a table, with some for each row. */
export function estimateBytes(sql: Sql, table: string): number {
  const lengths = listColumns(sql, table).map(({ name }) => `COALESCE(octet_length("${name}"), 0)`);
  return singleValue<number>(sql, `SELECT COALESCE(SUM(64 + ${lengths.join(' + ')}), 0) FROM "${table}"`) ?? 0;
}

/** What a table is made from again: its definition, its columns with the number of a row, and where its numbers are. */
function describeTable(sql: Sql, name: string) {
  const [definition = ''] = listDefinitions(sql, "'table'", name);
  const isNumbered = /INTEGER PRIMARY KEY|WITHOUT ROWID/i.test(definition);
  const columns = listColumns(sql, name).map((column) => `"${column.name}"`);
  const isCounted = /AUTOINCREMENT/i.test(definition);
  return {
    name,
    copy: `"copy of ${name}"`,
    definitions: [definition, ...listDefinitions(sql, "'index', 'trigger'", name)],
    columns: [...(isNumbered ? [] : ['rowid']), ...columns].join(', '),
    sequence: isCounted ? singleValue<number>(sql, 'SELECT seq FROM sqlite_sequence WHERE name = ?', name) : null,
  };
}

/** @param bytes of these tables, which zeros are to fill */
export function rewriteTables(sql: Sql, names: string[], bytes: number): void {
  const tables = names.map((name) => describeTable(sql, name));
  for (const { name, copy, columns } of tables) sql.run(`CREATE TABLE ${copy} AS SELECT ${columns} FROM "${name}"`);
  for (const { name } of tables) sql.run(`DROP TABLE "${name}"`);
  fillFreePages(sql, 2 * bytes);
  dropFiller(sql);
  for (const { name, copy, definitions, columns, sequence } of tables) {
    const [definition = '', ...others] = definitions;
    sql.run(definition);
    sql.run(`INSERT INTO "${name}" (${columns}) SELECT * FROM ${copy}`);
    sql.run(`DROP TABLE ${copy}`);
    for (const other of others) sql.run(other);
    if (sequence === null) continue;
    sql.run('DELETE FROM sqlite_sequence WHERE name = ?', name);
    sql.run('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', name, sequence);
  }
}

const fillerRowBytes = 1_000_000;

/** Fills free pages with zeros. */
export function fillFreePages(sql: Sql, bytes: number): void {
  sql.run('CREATE TABLE filler (zeros BLOB NOT NULL)');
  for (let filled = 0; filled < bytes; filled += fillerRowBytes)
    sql.run('INSERT INTO filler (zeros) VALUES (zeroblob(?))', fillerRowBytes);
}

export const dropFiller = (sql: Sql): void => sql.run('DROP TABLE IF EXISTS filler');
