import type { Sql, SqlRow, SqlValue } from '#domain/base/ports.ts';

/** How a column stores values; null stays null. */
export type Codec<Value> = { store(value: Value): SqlValue; load(stored: SqlValue): Value };

const codecs: Record<'plain' | 'flag' | 'json', Codec<unknown>> = {
  plain: { store: (value) => value as SqlValue, load: (stored) => stored },
  flag: { store: (value) => (value ? 1 : 0), load: (stored) => stored === 1 },
  json: { store: (value) => JSON.stringify(value), load: (stored) => JSON.parse(String(stored)) },
};

/** How fields are stored that are no plain text or number; a forgotten field or a wrong kind does not compile. */
type Kinds<Entry> = {
  [Field in keyof Entry as [NonNullable<Entry[Field]>] extends [string | number] ? never : Field]-?: [
    NonNullable<Entry[Field]>,
  ] extends [boolean]
    ? 'flag'
    : 'json' | Codec<NonNullable<Entry[Field]>>;
};

const toColumn = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const toField = (column: string): string => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

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

/** Tables of Caselite by name, without those of the runtime and of SQLite; those of the search are virtual. */
export const listTables = (sql: Sql, kind: 'table' | 'virtual' = 'table'): string[] =>
  sql
    .all<{ schema: string; name: string; type: string }>('PRAGMA table_list')
    .filter(({ schema, name, type }) => schema === 'main' && type === kind && !/^(sqlite_|_cf_)/.test(name))
    .map(({ name }) => name)
    .sort();

/** Stored columns of a table; computed ones follow from them. */
export const listColumns = (sql: Sql, table: string): { name: string; type: string }[] =>
  sql.all(`PRAGMA table_info("${table}")`);

/** Limit of values of a statement in a Durable Object. */
const mostBoundValues = 100;

/**
 * Reads and writes records of a table, each field under the column of its name.
 * @param of.prefix of the columns that belong to these records, where others lie in the same table
 * @param of.without prefix of the columns of those others
 */
export function defineTable<Entry extends object>(
  name: string,
  kinds: Kinds<Entry>,
  of: { prefix?: string; without?: string } = {},
) {
  const { prefix = '', without } = of;
  const given = new Map<string, keyof typeof codecs | Codec<unknown>>(Object.entries(kinds));
  const codecOf = (field: string): Codec<unknown> => {
    const kind = given.get(field) ?? 'plain';
    return typeof kind === 'string' ? codecs[kind] : kind;
  };
  /** Fields by their columns, kept because every row asks for them; null for a column of others. */
  const fields = new Map<string, { field: string; load: Codec<unknown>['load'] } | null>();
  const fieldOf = (column: string) => {
    const known = fields.get(column);
    if (known !== undefined) return known;
    const isOwn = column.startsWith(prefix) && !(without && column.startsWith(without));
    const field = toField(column.slice(prefix.length));
    const own = isOwn ? { field, load: codecOf(field).load } : null;
    fields.set(column, own);
    return own;
  };
  const read = (row: SqlRow): Entry => {
    const entry: Record<string, unknown> = {};
    for (const column in row) {
      const own = fieldOf(column);
      const stored = row[column] ?? null;
      if (own) entry[own.field] = stored === null ? null : own.load(stored);
    }
    return entry as Entry;
  };
  const write = (changes: Partial<Entry>): SqlRow => {
    const written = Object.entries(changes).filter(([, value]) => value !== undefined);
    const columns = written.map(([field, value]): [string, SqlValue] => [
      prefix + toColumn(field),
      value === null ? null : codecOf(field).store(value),
    ]);
    return Object.fromEntries(columns);
  };
  const insert = (row: SqlRow, count = 1) => {
    const names = Object.keys(row);
    const places = Array.from({ length: count }, () => `(${placesFor(names)})`);
    return `INSERT INTO ${name} (${names.join(', ')}) VALUES ${places.join(', ')}`;
  };
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
    /** Stores entries with the same fields, many with a statement. */
    insertAll(sql: Sql, entries: Partial<Entry>[]): void {
      const rows = entries.map(write);
      const [first = {}] = rows;
      const perStatement = Math.floor(mostBoundValues / Object.keys(first).length);
      for (let from = 0; from < rows.length; from += perStatement) {
        const some = rows.slice(from, from + perStatement);
        sql.run(insert(first, some.length), ...some.flatMap((row) => Object.values(row)));
      }
    },
    put(sql: Sql, key: SqlRow, entry: Partial<Entry>): void {
      const row = { ...key, ...write(entry) };
      const changes = Object.keys(row).map((column) => `${column} = excluded.${column}`);
      const conflict = `ON CONFLICT (${Object.keys(key).join(', ')}) DO UPDATE SET ${changes.join(', ')}`;
      sql.run(`${insert(row)} ${conflict}`, ...Object.values(row));
    },
    update(sql: Sql, changes: Partial<Entry>, where: string, ...values: SqlValue[]): void {
      const row = write(changes);
      const set = Object.keys(row).map((column) => `${column} = ?`);
      sql.run(`UPDATE ${name} SET ${set.join(', ')} WHERE ${where}`, ...Object.values(row), ...values);
    },
  };
}
