import type { Sql } from '#domain/base/ports.ts';
import type { Shipped } from '#domain/settings/gate.ts';

/** @returns false for a known shipment */
export const insertShipped = (sql: Sql, { kind, name, at }: Shipped): boolean =>
  sql.all(
    'INSERT INTO shipped (kind, name, at) VALUES (?, ?, ?) ON CONFLICT (kind, name) DO NOTHING RETURNING kind',
    kind,
    name,
    at,
  ).length > 0;

/** A shipped release or milestone by its name in any case; null before it ships. */
export function findShipped(sql: Sql, kind: Shipped['kind'], name: string): Shipped | null {
  const [row] = sql.all<{ kind: Shipped['kind']; name: string; at: number }>(
    'SELECT kind, name, at FROM shipped WHERE kind = ? AND name = ?',
    kind,
    name,
  );
  return row ?? null;
}
