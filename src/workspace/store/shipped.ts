import type { Sql } from '#domain/base/ports.ts';
import type { Shipped } from '#domain/settings/gate.ts';
import { defineTable } from './table.ts';

const shipped = defineTable<Shipped>('shipped', {});

/** @returns false for a known shipment */
export const insertShipment = (sql: Sql, { kind, name, at }: Shipped): boolean =>
  shipped.insert(sql, { kind, name, at }, 'ON CONFLICT (kind, name) DO NOTHING');

/** A shipped release or milestone by its name in any case; null before it ships. */
export const findShipment = (sql: Sql, kind: Shipped['kind'], name: string): Shipped | null =>
  shipped.find(sql, 'kind = ? AND name = ?', kind, name);
