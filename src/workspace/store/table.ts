import type { Sql, SqlRow, SqlValue } from '#domain/base/ports.ts';

export type { Sql, SqlRow, SqlValue };

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
export const hasRow = (sql: Sql, text: string, ...values: SqlValue[]): boolean => sql.all(text, ...values).length > 0;

/** First column of the first row; null without a row. */
export const singleValue = <Value extends SqlValue>(sql: Sql, text: string, ...values: SqlValue[]): Value | null =>
  columnOf<Value>(sql, text, ...values)[0] ?? null;

/** The one row of a statement that sums up. */
export const sumsOf = <Sums extends object>(sql: Sql, text: string, ...values: SqlValue[]): Sums =>
  sql.all<Sums>(text, ...values)[0] as Sums;
/** First column of every row. */
export const columnOf = <Value extends SqlValue>(sql: Sql, text: string, ...values: SqlValue[]): Value[] =>
  sql.all(text, ...values).map((row) => Object.values(row)[0] as Value);

/** First column of every row, with the second one. */
export const pairsOf = <Key extends SqlValue, Value extends SqlValue>(sql: Sql, text: string, ...values: SqlValue[]) =>
  new Map(sql.all(text, ...values).map((row) => Object.values(row) as [Key, Value]));

type Given = SqlValue | boolean | readonly (string | number)[] | undefined;
type Values = readonly Given[] | [named: object];
/**
 * Text of a statement. What is put into it is SQL of the store; values have places, such as `?` or `@since`. With a bare
 * `LIMIT ?`, SQLite plans a statement anew each time that it runs; with `LIMIT ? + 0` it does not.
 */
type Text = [parts: TemplateStringsArray, ...inner: (string | number)[]];

/** A list goes as JSON, for `json_each`. */
function bind(value: Given): SqlValue {
  if (typeof value === 'boolean') return Number(value);
  return Array.isArray(value) ? JSON.stringify(value) : ((value as SqlValue | undefined) ?? null);
}

export type Condition = [sql: string, ...values: Given[]];

export const isOneOf = (column: string): string => `${column} IN (SELECT value FROM json_each(?))`;

/** Conditions that hold together, as one. */
export function allOf(...conditions: Condition[]): { sql: string; values: SqlValue[] } {
  const given = conditions.filter((condition) => !condition.includes(undefined));
  return {
    sql: given.map(([sql]) => `(${sql})`).join(' AND ') || 'true',
    values: given.flatMap(([, ...values]) => values.map(bind)),
  };
}

function prepare<Result, Taken extends Values>(
  [parts, ...inner]: Text,
  read: (sql: Sql, text: string, ...values: SqlValue[]) => Result,
) {
  const names: string[] = [];
  const text = String.raw({ raw: parts }, ...inner)
    .trim()
    .replaceAll(/@(\w+)/g, (_, name: string) => {
      if (!names.includes(name)) names.push(name);
      return `?${names.indexOf(name) + 1}`;
    });
  return (sql: Sql, ...given: Taken): Result => {
    const named = names.length > 0 ? new Map<string, Given>(Object.entries(given[0] as object)) : null;
    const missing = named && names.find((name) => !named.has(name));
    if (missing) throw new Error(`no value for @${missing} in: ${text}`);
    return read(sql, text, ...(named ? names.map((name) => named.get(name)) : (given as readonly Given[])).map(bind));
  };
}

/** Statements by what they return: `query.column<string, [id: string]>` and its text make a function with these values. */
export const query = {
  value: <Value extends SqlValue, Given extends Values = []>(...text: Text) =>
    prepare<Value | null, Given>(text, singleValue),
  /** First column of the first row, a number; 0 without one. */
  number: <Given extends Values = []>(...text: Text) =>
    prepare<number, Given>(text, (...statement) => singleValue<number>(...statement) ?? 0),
  column: <Value extends SqlValue, Given extends Values = []>(...text: Text) => prepare<Value[], Given>(text, columnOf),
  pairs: <Key extends SqlValue, Value extends SqlValue, Given extends Values = []>(...text: Text) =>
    prepare<Map<Key, Value>, Given>(text, pairsOf),
  rows: <Row extends object, Given extends Values = []>(...text: Text) =>
    prepare<Row[], Given>(text, (sql, ...statement) => sql.all<Row>(...statement)),
  sums: <Row extends object, Given extends Values = []>(...text: Text) => prepare<Row, Given>(text, sumsOf<Row>),
  has: <Given extends Values = []>(...text: Text) => prepare<boolean, Given>(text, hasRow),
  run: <Given extends Values = []>(...text: Text) =>
    prepare<void, Given>(text, (sql, ...statement) => sql.run(...statement)),
};

/** Tables of Caselite by name, without those of the runtime and of SQLite; those of the search are virtual. */
export const listTables = (sql: Sql, kind: 'table' | 'virtual' = 'table'): string[] =>
  sql
    .all<{ schema: string; name: string; type: string }>('PRAGMA table_list')
    .filter(({ schema, name, type }) => schema === 'main' && type === kind && !/^(sqlite_|_cf_)/.test(name))
    .map(({ name }) => name)
    .sort();

/** Stored columns of a table; computed ones follow from them. */
export const listColumns = (sql: Sql, table: string): { name: string; type: string; pk: number }[] =>
  sql.all(`PRAGMA table_info("${table}")`);

/** Limit of values of a statement in a Durable Object. */
const mostBoundValues = 100;

/** Values that fields of a record must have, one of several in a list; null for none. */
type Where<Entry> = { [Field in keyof Entry]?: Entry[Field] | readonly Entry[Field][] };

/**
 * Reads and writes records of a table, each field under the column of its name.
 * @param of.key columns by which an entry is one, as `put` and `add` see it
 * @param of.order of lists
 * @param of.prefix of the columns that belong to these records, where others lie in the same table
 * @param of.nested records of other columns, each in the field that its prefix names; null without an id
 */
export function defineTable<Entry extends object, Nested extends keyof Entry = never>(
  name: string,
  kinds: Kinds<Omit<Entry, Nested>>,
  of: { key?: string; order?: string; prefix?: string; nested?: Record<Nested, { read(row: SqlRow): unknown }> } = {},
) {
  const { key = 'id', prefix = '' } = of;
  const ordered = of.order ? `ORDER BY ${of.order}` : '';
  const nested = Object.entries<{ read(row: SqlRow): unknown }>(of.nested ?? {});
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
    const isOwn = column.startsWith(prefix) && !nested.some(([field]) => column.startsWith(`${field}_`));
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
    for (const [field, { read: readNested }] of nested)
      entry[field] = row[`${field}_id`] === null ? null : readNested(row);
    return entry as Entry;
  };
  const write = (changes: Partial<Entry>): SqlRow => {
    const written = Object.entries(changes).filter(([, value]) => value !== undefined);
    const store = (field: string, value: unknown) => (value === null ? null : codecOf(field).store(value));
    return Object.fromEntries(written.map(([field, value]) => [prefix + toColumn(field), store(field, value)]));
  };
  const insert = (row: SqlRow, count = 1) => {
    const names = Object.keys(row);
    const places = Array.from({ length: count }, () => `(${placesFor(names)})`);
    return `INSERT INTO ${name} (${names.join(', ')}) VALUES ${places.join(', ')}`;
  };
  const meet = (where: Where<Entry>): [condition: string, values: SqlValue[]] => {
    const values: SqlValue[] = [];
    const conditions = Object.entries<unknown>(where).map(([field, value]) => {
      const column = prefix + toColumn(field);
      // A condition that is left out would meet every row.
      if (value === undefined) throw new Error(`no ${field} of ${name}`);
      if (value === null) return `${column} IS NULL`;
      values.push(Array.isArray(value) ? JSON.stringify(value) : codecOf(field).store(value));
      return Array.isArray(value) ? isOneOf(column) : `${column} = ?`;
    });
    return [conditions.join(' AND ') || 'true', values];
  };
  const select = (sql: Sql, rest: string, ...values: SqlValue[]): Entry[] =>
    sql.all(`SELECT ${name}.* FROM ${name} ${rest}`, ...values).map(read);
  const list = (sql: Sql, where: Where<Entry>, rest: string, ...values: SqlValue[]): Entry[] => {
    const [condition, own] = meet(where);
    return select(sql, `WHERE ${condition} ${rest}`, ...own, ...values);
  };
  return {
    read,
    select,
    find: (sql: Sql, where: Where<Entry>): Entry | null => list(sql, where, 'LIMIT 1')[0] ?? null,
    has(sql: Sql, where: Where<Entry>): boolean {
      const [condition, values] = meet(where);
      return hasRow(sql, `SELECT 1 FROM ${name} WHERE ${condition} LIMIT 1`, ...values);
    },
    list: (sql: Sql, where: Where<Entry>, limit?: number): Entry[] =>
      limit === undefined ? list(sql, where, ordered) : list(sql, where, `${ordered} LIMIT ? + 0`, limit),
    /** The newest entries, those before a number first. */
    page: (sql: Sql, where: Where<Entry>, limit: number, before = Number.MAX_SAFE_INTEGER): Entry[] =>
      list(sql, where, 'AND seq < ? ORDER BY seq DESC LIMIT ? + 0', before, limit),
    count(sql: Sql, where: Where<Entry>): number {
      const [condition, values] = meet(where);
      return singleValue<number>(sql, `SELECT COUNT(*) FROM ${name} WHERE ${condition}`, ...values) ?? 0;
    },
    rows: <Given extends Values = []>(...text: Text) => prepare<Entry[], Given>(text, select),
    row: <Given extends Values = []>(...text: Text) =>
      prepare<Entry | null, Given>(text, (...statement) => select(...statement)[0] ?? null),
    /** @returns false where the clause for a conflict left the row out */
    insert(sql: Sql, entry: Partial<Entry>, onConflict = ''): boolean {
      const row = write(entry);
      return hasRow(sql, `${insert(row)} ${onConflict} RETURNING 1 AS stored`, ...Object.values(row));
    },
    /** Inserts an entry that is new. @returns false for a known one */
    add(sql: Sql, entry: Partial<Entry>): boolean {
      return this.insert(sql, entry, 'ON CONFLICT DO NOTHING');
    },
    insertAll(sql: Sql, entries: Partial<Entry>[]): void {
      const rows = entries.map(write);
      const [first = {}] = rows;
      const perStatement = Math.floor(mostBoundValues / Object.keys(first).length);
      for (let from = 0; from < rows.length; from += perStatement) {
        const some = rows.slice(from, from + perStatement);
        sql.run(insert(first, some.length), ...some.flatMap((row) => Object.values(row)));
      }
    },
    put(sql: Sql, entry: Partial<Entry>): void {
      const row = write(entry);
      const changes = Object.keys(row).map((column) => `${column} = excluded.${column}`);
      sql.run(`${insert(row)} ON CONFLICT (${key}) DO UPDATE SET ${changes.join(', ')}`, ...Object.values(row));
    },
    /** @param where fields and their values, or a condition with its values */
    update(sql: Sql, where: Where<Entry> | [condition: string, ...values: SqlValue[]], changes: Partial<Entry>): void {
      const row = write(changes);
      const set = Object.keys(row).map((column) => `${column} = ?`);
      const [condition, values] = Array.isArray(where) ? [where[0], where.slice(1)] : meet(where);
      sql.run(`UPDATE ${name} SET ${set.join(', ')} WHERE ${condition}`, ...Object.values(row), ...values);
    },
    delete(sql: Sql, where: Where<Entry>): void {
      const [condition, values] = meet(where);
      sql.run(`DELETE FROM ${name} WHERE ${condition}`, ...values);
    },
  };
}
