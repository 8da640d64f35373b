import type { Sql } from '#domain/base/ports.ts';

/** Counts up and returns the value before, for round robin. */
export function nextTurn(sql: Sql, name: string): number {
  const [row] = sql.all<{ value: number }>(
    'INSERT INTO counters (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value',
    name,
  );
  return (row?.value ?? 1) - 1;
}
