import type { Sql } from '#domain/base/ports.ts';
import type { Shipped } from '#domain/settings/gate.ts';

/** @returns false when it was out before */
export const insertShipped = (sql: Sql, { kind, name, at }: Shipped): boolean =>
  sql.all(
    'INSERT INTO shipped (kind, name, at) VALUES (?, ?, ?) ON CONFLICT (kind, name) DO NOTHING RETURNING kind',
    kind,
    name,
    at,
  ).length > 0;

/** A release or milestone of this name, in whatever case; null while it is not out. */
export function findShipped(sql: Sql, kind: Shipped['kind'], name: string): Shipped | null {
  const [row] = sql.all<{ kind: Shipped['kind']; name: string; at: number }>(
    'SELECT kind, name, at FROM shipped WHERE kind = ? AND name = ?',
    kind,
    name,
  );
  return row ?? null;
}
