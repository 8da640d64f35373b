import type { SqlValue } from '#domain/base/ports.ts';

type Column = string | [column: string, kind: 'flag' | 'json'];

/** The column of a field: strings and numbers by name, booleans as a flag, everything else as JSON. */
type ColumnFor<Value> = [NonNullable<Value>] extends [boolean]
  ? [column: string, kind: 'flag']
  : [NonNullable<Value>] extends [string | number]
    ? string
    : [column: string, kind: 'json'];

/** Reads and writes records by a table of their columns; a forgotten field or a wrong kind does not compile. */
export function fieldsOf<Record_ extends object>(
  table: {
    [Field in keyof Record_]-?: ColumnFor<Record_[Field]>;
  },
) {
  const columns = new Map<string, { column: string; kind: 'plain' | 'flag' | 'json' }>(
    Object.entries<Column>(table).map(([field, given]) =>
      typeof given === 'string'
        ? [field, { column: given, kind: 'plain' }]
        : [field, { column: given[0], kind: given[1] }],
    ),
  );
  const write = (field: string, value: unknown): { column: string; value: SqlValue } => {
    const found = columns.get(field);
    if (!found) throw new Error(`no column for ${field}`);
    const { column, kind } = found;
    if (kind === 'flag') return { column, value: value ? 1 : 0 };
    return { column, value: kind === 'json' && value !== null ? JSON.stringify(value) : (value as SqlValue) };
  };
  return {
    read(row: Record<string, SqlValue>): Record_ {
      const read = [...columns].map(([field, { column, kind }]) => {
        const value = row[column] ?? null;
        if (kind === 'flag') return [field, value === 1];
        return [field, kind === 'json' && value !== null ? JSON.parse(String(value)) : value];
      });
      return Object.fromEntries(read) as Record_;
    },
    /** Columns and values of the given fields; undefined ones are left out. */
    write(changes: Partial<Record_>): { columns: string[]; values: SqlValue[] } {
      const written = Object.entries(changes)
        .filter(([, value]) => value !== undefined)
        .map(([field, value]) => write(field, value));
      return { columns: written.map(({ column }) => column), values: written.map(({ value }) => value) };
    },
  };
}
