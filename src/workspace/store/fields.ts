import type { SqlValue } from '#domain/base/ports.ts';

/** How a field of a record stands in its row: in which column, and whether as it is, as a flag, or as JSON. */
export type Column = string | [column: string, kind: 'flag' | 'json'];

/** Reads and writes records whose fields a table names, so that a new field is one line. */
export function fieldsOf<Record_ extends object>(table: { [Field in keyof Record_]-?: Column }) {
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
    /** A row as the record that it holds. */
    read(row: Record<string, SqlValue>): Record_ {
      const read = [...columns].map(([field, { column, kind }]) => {
        const value = row[column] ?? null;
        if (kind === 'flag') return [field, value === 1];
        return [field, kind === 'json' && value !== null ? JSON.parse(String(value)) : value];
      });
      return Object.fromEntries(read) as Record_;
    },
    /** Fields that are named, as columns with their values; what is undefined is left out. */
    write(changes: Partial<Record_>): { columns: string[]; values: SqlValue[] } {
      const written = Object.entries(changes)
        .filter(([, value]) => value !== undefined)
        .map(([field, value]) => write(field, value));
      return { columns: written.map(({ column }) => column), values: written.map(({ value }) => value) };
    },
  };
}
