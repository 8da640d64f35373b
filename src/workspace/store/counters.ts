import type { Sql } from '#domain/base/ports.ts';
import { singleValue } from './table.ts';

/** Counts up and returns the value before, for round robin. */
export function takeRoundRobinTurn(sql: Sql, name: string): number {
  const next =
    'INSERT INTO counters (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value';
  return (singleValue<number>(sql, next, name) ?? 1) - 1;
}
