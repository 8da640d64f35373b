import type { Sql } from '#domain/base/ports.ts';
import { nextOutboxTime } from './outbox.ts';

export type TimerKind =
  | 'ladder'
  | 'first-contact'
  | 'notices'
  | 'poll'
  | 'follow-up'
  | 'reminder'
  | 'window'
  | 'judge'
  | 'silence'
  | 'reread'
  | 'retention'
  | 'resurvey'
  | 'digest'
  | 'invitation';

export interface Timer {
  key: string;
  kind: TimerKind;
  subject: string;
  dueAt: number;
}

/** One timer per kind and subject; setting it again moves it. */
export function setTimer(sql: Sql, kind: TimerKind, subject: string, dueAt: number): void {
  sql.run(
    'INSERT INTO schedule (key, kind, subject, due_at) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET due_at = excluded.due_at',
    `${kind}:${subject}`,
    kind,
    subject,
    dueAt,
  );
}

/** Sets a timer where there is none yet. */
export function startTimer(sql: Sql, kind: TimerKind, subject: string, dueAt: number): void {
  sql.run(
    'INSERT INTO schedule (key, kind, subject, due_at) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING',
    `${kind}:${subject}`,
    kind,
    subject,
    dueAt,
  );
}

/** Brings a timer forward; one that is due earlier, or is not set, is left as it is. */
export function hastenTimer(sql: Sql, kind: TimerKind, subject: string, dueAt: number): void {
  sql.run('UPDATE schedule SET due_at = MIN(due_at, ?) WHERE key = ?', dueAt, `${kind}:${subject}`);
}

export function clearTimer(sql: Sql, kind: TimerKind, subject: string): void {
  sql.run('DELETE FROM schedule WHERE key = ?', `${kind}:${subject}`);
}

export function dueTimers(sql: Sql, now: number, limit: number): Timer[] {
  return sql.all<{ key: string; kind: TimerKind; subject: string; dueAt: number }>(
    'SELECT key, kind, subject, due_at AS dueAt FROM schedule WHERE due_at <= ? ORDER BY due_at, key LIMIT ?',
    now,
    limit,
  );
}

/** The earliest instant at which this workspace has anything to do: what its alarm is set to. */
export function nextDue(sql: Sql): number | null {
  const [delivery] = sql.all<{ at: number | null }>(
    "SELECT MIN(received_at) AS at FROM deliveries WHERE outcome = 'waiting'",
  );
  const [timer] = sql.all<{ at: number | null }>('SELECT MIN(due_at) AS at FROM schedule');
  const times = [delivery?.at, timer?.at, nextOutboxTime(sql)].filter(
    (at) => at !== null && at !== undefined,
  );
  return times.length === 0 ? null : Math.min(...times);
}
