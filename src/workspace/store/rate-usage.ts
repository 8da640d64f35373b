import type { Sql } from '#domain/base/ports.ts';
import type { Allowance, SlotUsage } from '#domain/integrations/rate-limit.ts';
import { defineTable } from './table.ts';

const usage = defineTable<SlotUsage & { queue: string; bucket: string }>('rate_usage', {});
const allowances = defineTable<Allowance>('allowances', {});

/** Rate-limit usage per bucket. A bucket is one limit of a queue or of one resource in it. */
export const readUsageOfBucket = (sql: Sql, queue: string, bucket: string, since: number): SlotUsage[] =>
  usage.list(sql, 'WHERE queue = ? AND bucket = ? AND at >= ? ORDER BY at', queue, bucket, since);

export function addUsage(sql: Sql, queue: string, bucket: string, { at, amount }: SlotUsage): void {
  const added = 'ON CONFLICT (queue, bucket, at) DO UPDATE SET amount = amount + excluded.amount';
  usage.insert(sql, { queue, bucket, at, amount }, added);
}

export function deleteOldUsage(sql: Sql, queue: string, bucket: string, before: number): void {
  sql.run('DELETE FROM rate_usage WHERE queue = ? AND bucket = ? AND at < ?', queue, bucket, before);
}

export function saveAllowance(sql: Sql, queue: string, { unit, remaining, resetsAt }: Allowance): void {
  allowances.put(sql, { queue, unit }, { remaining, resetsAt });
}

export const listAllowances = (sql: Sql, queue: string): Allowance[] =>
  allowances.list(sql, 'WHERE queue = ? ORDER BY unit', queue);
