import { isHeldSql } from './backup.ts';
import { oldestWaitingSql } from './deliveries.ts';
import { nextOutboxTimeSql } from './outbox.ts';
import { defineTable, query, type Sql } from './table.ts';

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
export const setTimer = query.run<[kind: TimerKind, target: string, dueAt: number]>`
  ${insert} DO UPDATE SET due_at = excluded.due_at`;

/** Sets the only timer of a kind, in place of the others. */
export function setOnlyTimer(sql: Sql, kind: TimerKind, target: string, dueAt: number): void {
  sql.run('DELETE FROM schedule WHERE kind = ?', kind);
  setTimer(sql, kind, target, dueAt);
}

export const setTimerIfUnset = query.run<[kind: TimerKind, target: string, dueAt: number]>`${insert} DO NOTHING`;

/** Brings a set timer forward; an earlier or missing one stays. */
export const hastenTimer = query.run<[kind: TimerKind, target: string, dueAt: number]>`
  UPDATE schedule SET due_at = MIN(due_at, ?3) WHERE kind = ?1 AND target = ?2`;

export const findTimerDueAt = query.value<number, [kind: TimerKind, target: string]>`
  SELECT due_at FROM schedule WHERE kind = ? AND target = ?`;

export const clearTimer = query.run<[kind: TimerKind, target: string]>`
  DELETE FROM schedule WHERE kind = ? AND target = ?`;

const askRank = `(SELECT CASE a.kind WHEN 'resurvey' THEN 1 WHEN 'invitation' THEN 2 ELSE 0 END
    FROM asks a WHERE schedule.kind = 'ask' AND a.id = schedule.target)`;

/** Until a restore is released, only reads of trackers and sources go on. */
const mayPlaySql = `(kind = 'poll' OR NOT ${isHeldSql})`;

/** Timers of one instant by the rank of their kind; mail of a case comes before surveys that its quarantine holds. */
export function listDueTimers(sql: Sql, now: number, limit: number): Timer[] {
  // The limit stands in the text, because SQLite plans a statement anew for each bound limit.
  const query = `WHERE due_at <= ? AND ${mayPlaySql} ORDER BY due_at, ${rank}, ${askRank}, seq LIMIT ${limit}`;
  return timers.select(sql, query, now);
}

export const findDueTimer = timers.row<[seq: number, now: number]>`WHERE seq = ? AND due_at <= ?`;

/** Removes a timer that is still due. @returns false where another timer of the same run cleared or moved it */
export const removeDueTimer = query.has<[seq: number, now: number]>`
  DELETE FROM schedule WHERE seq = ? AND due_at <= ? RETURNING seq`;

/** Moves a timer that is still due; after its removal, another timer may have its number. */
export const moveDueTimer = query.run<[seq: number, now: number, dueAt: number]>`
  UPDATE schedule SET due_at = ?3 WHERE seq = ?1 AND due_at <= ?2`;

/** How long the earliest due work has waited, in milliseconds; rereading has no instant. */
export function computeLagMs(sql: Sql, now: number): number {
  const next = findNextWorkAt(sql) ?? now;
  return next === 0 ? 0 : Math.max(0, now - next);
}

/** Earliest instant with work in this workspace, for its alarm. */
export const findNextWorkAt = query.value<number>`
  SELECT MIN(at) FROM (
    SELECT (${oldestWaitingSql} AND NOT ${isHeldSql} ORDER BY seq LIMIT 1) AS at
    UNION ALL SELECT MIN(due_at) FROM schedule WHERE ${mayPlaySql}
    UNION ALL SELECT 0 FROM sources WHERE reread_below_seq IS NOT NULL AND NOT ${isHeldSql}
    UNION ALL SELECT * FROM (${nextOutboxTimeSql}))`;

export type Run = { members: number[]; size: number; deaths: number };

export const runs = defineTable<Run & { name: string }>('runs', { members: 'json' }, { key: 'name' });
