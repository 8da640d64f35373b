import type { Sql } from '#domain/base/ports.ts';
import { dayMs } from '#domain/time/units.ts';
import { defineTable } from './table.ts';

/** Refused deliveries of a source for one reason within an hour. Instants are UTC milliseconds. */
export interface RefusedDeliveries {
  source: string;
  reason: string;
  hour: number;
  count: number;
  firstAt: number;
  lastAt: number;
}

const keptMs = 7 * dayMs;
const refused = defineTable<RefusedDeliveries>('refused_deliveries', {});

export function addRefusedDeliveries(sql: Sql, row: RefusedDeliveries): void {
  const added = 'DO UPDATE SET count = count + excluded.count, last_at = MAX(last_at, excluded.last_at)';
  refused.insert(sql, row, `ON CONFLICT (source, reason, hour) ${added}`);
  sql.run('DELETE FROM refused_deliveries WHERE hour < ?', row.hour - keptMs);
}

/** Refused deliveries of a source since an instant, one row per reason, the latest first. */
export const listRefusedDeliveries = (sql: Sql, source: string, since: number): RefusedDeliveries[] =>
  sql
    .all(
      `SELECT source, reason, MAX(hour) AS hour, SUM(count) AS count, MIN(first_at) AS first_at, MAX(last_at) AS last_at
       FROM refused_deliveries WHERE source = ? AND last_at >= ? GROUP BY reason ORDER BY last_at DESC`,
      source,
      since,
    )
    .map(refused.read);
