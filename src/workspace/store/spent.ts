import type { Sql } from '#domain/base/ports.ts';
import type { Allowance, Spent } from '#domain/integrations/rate-limit.ts';

/** What a lane spent, by bucket: one limit, of a lane or of one thing in it. */
export function spentIn(sql: Sql, lane: string, bucket: string, since: number): Spent[] {
  return sql
    .all<{ at: number; amount: number }>(
      'SELECT at, amount FROM spent WHERE lane = ? AND bucket = ? AND at >= ? ORDER BY at',
      lane,
      bucket,
      since,
    )
    .map((row) => ({ ...row }));
}

export function addSpent(sql: Sql, lane: string, bucket: string, { at, amount }: Spent): void {
  sql.run(
    `INSERT INTO spent (lane, bucket, at, amount) VALUES (?, ?, ?, ?)
     ON CONFLICT (lane, bucket, at) DO UPDATE SET amount = amount + excluded.amount`,
    lane,
    bucket,
    at,
    amount,
  );
}

/** Forgets what was spent in a bucket before an instant. */
export function forgetSpent(sql: Sql, lane: string, bucket: string, before: number): void {
  sql.run('DELETE FROM spent WHERE lane = ? AND bucket = ? AND at < ?', lane, bucket, before);
}

/** Forgets what no window of a lane reaches back to any more, whatever it was spent on. */
export function forgetAllSpent(sql: Sql, lane: string, before: number): void {
  sql.run('DELETE FROM spent WHERE lane = ? AND at < ?', lane, before);
}

export function saveAllowance(sql: Sql, lane: string, { unit, remaining, resetsAt }: Allowance): void {
  sql.run(
    `INSERT INTO allowances (lane, unit, remaining, resets_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (lane, unit) DO UPDATE SET remaining = excluded.remaining, resets_at = excluded.resets_at`,
    lane,
    unit,
    remaining,
    resetsAt,
  );
}

export function allowancesOf(sql: Sql, lane: string): Allowance[] {
  return sql
    .all<{ unit: string; remaining: number; resetsAt: number }>(
      'SELECT unit, remaining, resets_at AS resetsAt FROM allowances WHERE lane = ? ORDER BY unit',
      lane,
    )
    .map((row) => ({ ...row }));
}
