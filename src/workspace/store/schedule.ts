import type { Sql } from '#domain/ports.ts';
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

export interface Target {
  cursor: string | null;
  polledAt: number | null;
  failures: number;
  error: string | null;
}

export function findTarget(sql: Sql, tracker: string): Target {
  const [row] = sql.all<{
    cursor: string | null;
    polledAt: number | null;
    failures: number;
    error: string | null;
  }>('SELECT cursor, polled_at AS polledAt, failures, error FROM targets WHERE tracker = ?', tracker);
  return row ?? { cursor: null, polledAt: null, failures: 0, error: null };
}

export function saveTarget(sql: Sql, tracker: string, target: Target): void {
  sql.run(
    `INSERT INTO targets (tracker, cursor, polled_at, failures, error) VALUES (?, ?, ?, ?, ?) ON CONFLICT (tracker) DO UPDATE SET
       cursor = excluded.cursor, polled_at = excluded.polled_at, failures = excluded.failures, error = excluded.error`,
    tracker,
    target.cursor,
    target.polledAt,
    target.failures,
    target.error,
  );
}
