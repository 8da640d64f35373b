import type { Sql, SqlRow, SqlValue } from '#domain/base/ports.ts';

/** How a column stores values; null stays null. */
export interface Codec<Value> {
  store(value: Value): SqlValue;
  load(stored: SqlValue): Value;
}

const codecs: Record<'plain' | 'flag' | 'json', Codec<unknown>> = {
  plain: { store: (value) => value as SqlValue, load: (stored) => stored },
  flag: { store: (value) => (value ? 1 : 0), load: (stored) => stored === 1 },
  json: { store: (value) => JSON.stringify(value), load: (stored) => JSON.parse(String(stored)) },
};

/** The column of a field: strings and numbers by name, booleans as a flag, everything else as JSON or by a codec. */
type ColumnOfField<Value> = [NonNullable<Value>] extends [boolean]
  ? [column: string, kind: 'flag']
  : [NonNullable<Value>] extends [string | number]
    ? string
    : [column: string, kind: 'json' | Codec<NonNullable<Value>>];

/** `?, ?, ?`: one place per value. */
export const placesFor = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** Whether a statement returns any row. */
export const hasRow = (sql: Sql, query: string, ...values: SqlValue[]): boolean => sql.all(query, ...values).length > 0;

/** First column of the first row; null without a row. */
export const singleValue = <Value extends SqlValue>(sql: Sql, query: string, ...values: SqlValue[]): Value | null =>
  columnOf<Value>(sql, query, ...values)[0] ?? null;

/** First column of every row. */
export const columnOf = <Value extends SqlValue>(sql: Sql, query: string, ...values: SqlValue[]): Value[] =>
  sql.all(query, ...values).map((row) => Object.values(row)[0] as Value);

/** First column of every row, with the second one. */
export const pairsOf = <Key extends SqlValue, Value extends SqlValue>(sql: Sql, query: string, ...values: SqlValue[]) =>
  new Map(sql.all(query, ...values).map((row) => Object.values(row) as [Key, Value]));

/** Reads and writes records of a table by their columns; a forgotten field or a wrong kind does not compile. */
export function defineTable<Entry extends object>(
  name: string,
  fields: { [Field in keyof Entry]-?: ColumnOfField<Entry[Field]> },
) {
  const columns = new Map<string, { column: string; codec: Codec<unknown> }>(
    Object.entries<string | [string, keyof typeof codecs | Codec<unknown>]>(fields).map(([field, given]) => {
      const [column, kind] = typeof given === 'string' ? [given, 'plain' as const] : given;
      return [field, { column, codec: typeof kind === 'string' ? codecs[kind] : kind }];
    }),
  );
  const read = (row: SqlRow): Entry => {
    const entries = [...columns].map(([field, { column, codec }]) => {
      const stored = row[column] ?? null;
      return [field, stored === null ? null : codec.load(stored)];
    });
    return Object.fromEntries(entries) as Entry;
  };
  /** Columns and values of the given fields; undefined ones are left out. */
  const write = (changes: Partial<Entry>): SqlRow => {
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    const written = given.map(([field, value]): [string, SqlValue] => {
      const known = columns.get(field);
      if (!known) throw new Error(`no column for ${field}`);
      return [known.column, value === null ? null : known.codec.store(value)];
    });
    return Object.fromEntries(written);
  };
  const insert = (row: SqlRow) => {
    const names = Object.keys(row);
    return `INSERT INTO ${name} (${names.join(', ')}) VALUES (${placesFor(names)})`;
  };
  /** Entries by the rest of a query after `SELECT * FROM` and the name of the table. */
  const list = (sql: Sql, rest: string, ...values: SqlValue[]): Entry[] =>
    sql.all(`SELECT ${name}.* FROM ${name} ${rest}`, ...values).map(read);
  return {
    read,
    list,
    find: (sql: Sql, where: string, ...values: SqlValue[]): Entry | null =>
      list(sql, `WHERE ${where}`, ...values)[0] ?? null,
    /** @returns false where the clause for a conflict left the row out */
    insert(sql: Sql, entry: Partial<Entry>, onConflict = ''): boolean {
      const row = write(entry);
      return hasRow(sql, `${insert(row)} ${onConflict} RETURNING 1 AS stored`, ...Object.values(row));
    },
    /** Inserts the row with this key, or writes the given fields of it. */
    put(sql: Sql, key: SqlRow, entry: Partial<Entry>): void {
      const row = write(entry);
      const changes = Object.keys(row).map((column) => `${column} = excluded.${column}`);
      const conflict = `ON CONFLICT (${Object.keys(key).join(', ')}) DO UPDATE SET ${changes.join(', ')}`;
      sql.run(`${insert({ ...key, ...row })} ${conflict}`, ...Object.values(key), ...Object.values(row));
    },
    /** Writes the given fields and leaves the others. */
    update(sql: Sql, changes: Partial<Entry>, where: string, ...values: SqlValue[]): void {
      const row = write(changes);
      const set = Object.keys(row).map((column) => `${column} = ?`);
      sql.run(`UPDATE ${name} SET ${set.join(', ')} WHERE ${where}`, ...Object.values(row), ...values);
    },
  };
}
