import type { Sql } from '#domain/base/ports.ts';
import type { Allowance, RateUsage } from '#domain/integrations/rate-limit.ts';

/** Rate-limit usage per bucket. A bucket is one limit of a queue or of one resource in it. */
export function usageIn(sql: Sql, queue: string, bucket: string, since: number): RateUsage[] {
  return sql
    .all<{ at: number; amount: number }>(
      'SELECT at, amount FROM rate_usage WHERE queue = ? AND bucket = ? AND at >= ? ORDER BY at',
      queue,
      bucket,
      since,
    )
    .map((row) => ({ ...row }));
}

export function addUsage(sql: Sql, queue: string, bucket: string, { at, amount }: RateUsage): void {
  sql.run(
    `INSERT INTO rate_usage (queue, bucket, at, amount) VALUES (?, ?, ?, ?)
     ON CONFLICT (queue, bucket, at) DO UPDATE SET amount = amount + excluded.amount`,
    queue,
    bucket,
    at,
    amount,
  );
}

export function forgetUsage(sql: Sql, queue: string, bucket: string, before: number): void {
  sql.run('DELETE FROM rate_usage WHERE queue = ? AND bucket = ? AND at < ?', queue, bucket, before);
}

export function saveAllowance(sql: Sql, queue: string, { unit, remaining, resetsAt }: Allowance): void {
  sql.run(
    `INSERT INTO allowances (queue, unit, remaining, resets_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (queue, unit) DO UPDATE SET remaining = excluded.remaining, resets_at = excluded.resets_at`,
    queue,
    unit,
    remaining,
    resetsAt,
  );
}

export function allowancesOf(sql: Sql, queue: string): Allowance[] {
  return sql
    .all<{ unit: string; remaining: number; resetsAt: number }>(
      'SELECT unit, remaining, resets_at AS resetsAt FROM allowances WHERE queue = ? ORDER BY unit',
      queue,
    )
    .map((row) => ({ ...row }));
}
