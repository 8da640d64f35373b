import type { Sql } from '#domain/base/ports.ts';
import { isHeldSql } from './backup.ts';
import { findNextOutboxTime } from './outbox.ts';
import { defineTable, hasRow, singleValue } from './table.ts';

/**
 * Kinds of timers, in the order in which those of one instant are played: responses may reopen a case, so they come
 * before mail about it; retention comes last, because it erases only people to whom nothing more is sent.
 */
export const timerKinds = [
  'judge',
  'settle',
  'held',
  'ask',
  'reminder',
  'window',
  'first-contact',
  'ladder',
  'digest',
  'runaway',
  'notices',
  'huddle',
  'silence',
  'risks',
  'poll',
  'retention',
  'clean-pages',
] as const;
export type TimerKind = (typeof timerKinds)[number];

export interface Timer {
  seq: number;
  /** A kind of `TimerKind`, or one that another version wrote. */
  kind: string;
  target: string;
}

const timers = defineTable<Timer>('schedule', {});

const rank = `CASE kind ${timerKinds.map((kind, index) => `WHEN '${kind}' THEN ${index}`).join(' ')} END`;

const insert = 'INSERT INTO schedule (kind, target, due_at) VALUES (?, ?, ?) ON CONFLICT (kind, target)';

/** One timer per kind and target; setting it again moves it. */
export const setTimer = (sql: Sql, kind: TimerKind, target: string, dueAt: number): void =>
  sql.run(`${insert} DO UPDATE SET due_at = excluded.due_at`, kind, target, dueAt);

/** Sets the only timer of a kind, in place of the others. */
export function setOnlyTimer(sql: Sql, kind: TimerKind, target: string, dueAt: number): void {
  sql.run('DELETE FROM schedule WHERE kind = ?', kind);
  setTimer(sql, kind, target, dueAt);
}

/** Sets a timer unless it is set already. */
export const setTimerIfUnset = (sql: Sql, kind: TimerKind, target: string, dueAt: number): void =>
  sql.run(`${insert} DO NOTHING`, kind, target, dueAt);

/** Brings a set timer forward; an earlier or missing one stays. */
export const hastenTimer = (sql: Sql, kind: TimerKind, target: string, dueAt: number): void =>
  sql.run('UPDATE schedule SET due_at = MIN(due_at, ?) WHERE kind = ? AND target = ?', dueAt, kind, target);

export const findTimerDueAt = (sql: Sql, kind: TimerKind, target: string): number | null =>
  singleValue<number>(sql, 'SELECT due_at FROM schedule WHERE kind = ? AND target = ?', kind, target) ?? null;

export const isTimerSet = (sql: Sql, kind: TimerKind, target: string): boolean =>
  hasRow(sql, 'SELECT 1 FROM schedule WHERE kind = ? AND target = ?', kind, target);

export const clearTimer = (sql: Sql, kind: TimerKind, target: string): void =>
  sql.run('DELETE FROM schedule WHERE kind = ? AND target = ?', kind, target);

const askRank = `(SELECT CASE a.kind WHEN 'resurvey' THEN 1 WHEN 'invitation' THEN 2 ELSE 0 END
    FROM asks a WHERE schedule.kind = 'ask' AND a.id = schedule.target)`;

/** Until a restore is released, only reads of trackers and sources go on. */
const mayPlaySql = `(kind = 'poll' OR NOT ${isHeldSql})`;

/** Timers of one instant by the rank of their kind; mail of a case comes before surveys that its quarantine holds. */
export function listDueTimers(sql: Sql, now: number, limit: number): Timer[] {
  // The limit stands in the text, because SQLite plans a statement anew for each bound limit.
  const query = `WHERE due_at <= ? AND ${mayPlaySql} ORDER BY due_at, ${rank}, ${askRank}, seq LIMIT ${limit}`;
  return timers.list(sql, query, now);
}

export const findDueTimer = (sql: Sql, seq: number, now: number): Timer | null =>
  timers.find(sql, 'seq = ? AND due_at <= ?', seq, now);

/** Removes a timer that is still due. @returns false where another timer of the same run cleared or moved it */
export const removeDueTimer = (sql: Sql, { seq }: Timer, now: number): boolean =>
  hasRow(sql, 'DELETE FROM schedule WHERE seq = ? AND due_at <= ? RETURNING seq', seq, now);

/** Moves a timer that is still due; after its removal, another timer may have its number. */
export const moveDueTimer = (sql: Sql, { seq }: Timer, now: number, dueAt: number): void =>
  sql.run('UPDATE schedule SET due_at = ? WHERE seq = ? AND due_at <= ?', dueAt, seq, now);

/** How long the earliest due work has waited, in milliseconds; rereading has no instant. */
export function computeLagMs(sql: Sql, now: number): number {
  const next = findNextWorkAt(sql) ?? now;
  return next === 0 ? 0 : Math.max(0, now - next);
}

/** Earliest instant with work in this workspace, for its alarm. */
export function findNextWorkAt(sql: Sql): number | null {
  const delivery = singleValue<number>(
    sql,
    `SELECT MIN(received_at) FROM deliveries WHERE outcome = 'waiting' AND NOT ${isHeldSql}`,
  );
  const timer = singleValue<number>(sql, `SELECT MIN(due_at) FROM schedule WHERE ${mayPlaySql}`);
  const reread = singleValue<number>(
    sql,
    `SELECT 0 FROM sources WHERE reread_below_seq IS NOT NULL AND NOT ${isHeldSql} LIMIT 1`,
  );
  const times = [delivery, reread, timer, findNextOutboxTime(sql)].filter((at) => at !== null);
  return times.length === 0 ? null : Math.min(...times);
}

/** A batch of work that began and has not ended: where the process died, one of the members may have stopped it. */
export interface Run {
  /** Row numbers of what is still to do, in order. */
  members: number[];
  /** Number of members at work at once, from the first on. */
  size: number;
  /** Deaths of the process in a row while one member was at work alone. */
  deaths: number;
}

const runs = defineTable<Run & { name: string }>('runs', { members: 'json' });

export const findRun = (sql: Sql, name: string): Run | null => runs.find(sql, 'name = ?', name);

export const saveRun = (sql: Sql, name: string, run: Run): void => runs.put(sql, { name }, run);

export const deleteRun = (sql: Sql, name: string): void => sql.run('DELETE FROM runs WHERE name = ?', name);
