import type { Sql } from '#domain/base/ports.ts';
import { columnOf, defineTable, hasRow, placesFor } from './table.ts';

/** Customer keys of one person, that a case manager merged: which key, into which person, by whom. */
const mergedKeys = defineTable<{ key: string; person: string; who: string; at: number }>('merged_keys', {});

/** The person of the key in `column`, as an expression: the same for all keys that were merged. */
export const personOf = (column: string): string =>
  `COALESCE((SELECT person FROM merged_keys WHERE key = ${column}), ${column})`;

/** All keys of the person with this key, itself first. */
export const listKeysOfPerson = (sql: Sql, key: string): string[] => [
  key,
  ...columnOf<string>(
    sql,
    `SELECT other.key FROM merged_keys own JOIN merged_keys other ON other.person = own.person
      WHERE own.key = ?1 AND other.key <> ?1 ORDER BY other.at, other.key`,
    key,
  ),
];

/** Makes one person of all these keys, and of those merged with them before. */
export function storeMergedKeys(sql: Sql, keys: string[], row: { person: string; who: string; at: number }): void {
  const earlier = `UPDATE merged_keys SET person = ? WHERE person IN (SELECT person FROM merged_keys WHERE key IN (${placesFor(keys)}))`;
  sql.run(earlier, row.person, ...keys);
  for (const key of keys) mergedKeys.insert(sql, { key, ...row }, 'ON CONFLICT (key) DO NOTHING');
}

/** Parts a key from its person; a single key that remains is no merged one any more. */
export function deleteMergedKey(sql: Sql, key: string): void {
  sql.run('DELETE FROM merged_keys WHERE key = ?', key);
  sql.run(
    'DELETE FROM merged_keys WHERE person IN (SELECT person FROM merged_keys GROUP BY person HAVING COUNT(*) = 1)',
  );
}

export const hasNoMailMark = (sql: Sql, marks: string[]): boolean =>
  hasRow(sql, `SELECT 1 FROM opt_outs WHERE person IN (${placesFor(marks)}) LIMIT 1`, ...marks);

export function addNoMailMark(sql: Sql, mark: string, at: number): void {
  sql.run('INSERT INTO opt_outs (person, at) VALUES (?, ?) ON CONFLICT (person) DO NOTHING', mark, at);
}

export function removeNoMailMark(sql: Sql, mark: string): void {
  sql.run('DELETE FROM opt_outs WHERE person = ?', mark);
}
