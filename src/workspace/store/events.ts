import type { Sql } from '#domain/base/ports.ts';
import type { TimelineEntry } from '#domain/cases/timeline.ts';
import { defineTable, hasRow, singleValue } from './table.ts';

/** One try to post an event of a case to a channel; without an error it was taken. */
export interface EventAttempt {
  seq: number;
  channel: string;
  eventId: string;
  caseId: string;
  /** Number of the event among all entries of timelines. */
  sequence: number;
  type: string;
  at: number;
  error: string | null;
}

const attempts = defineTable<EventAttempt>('event_attempts', {});
const mostAttemptsKept = 1000;

/** Keeps the newest, and the last success, which tells whether a channel is alive. */
export function addEventAttempt(sql: Sql, attempt: Omit<EventAttempt, 'seq'>): void {
  attempts.insert(sql, attempt);
  const old = `DELETE FROM event_attempts WHERE channel = ?1 AND seq <=
      (SELECT seq FROM event_attempts WHERE channel = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ${mostAttemptsKept})
      AND (error IS NOT NULL OR at < (SELECT MAX(at) FROM event_attempts WHERE channel = ?1 AND error IS NULL))`;
  sql.run(old, attempt.channel);
}

/** Attempts of a channel before a number, newest first. */
export const listEventAttempts = (sql: Sql, channel: string, before: number, limit: number): EventAttempt[] =>
  attempts.list(sql, 'WHERE channel = ? AND seq < ? ORDER BY seq DESC LIMIT ?', channel, before, limit);

/** Last time a channel took an event; null before the first. */
export const findLastEventTakenAt = (sql: Sql, channel: string): number | null =>
  singleValue(sql, 'SELECT MAX(at) FROM event_attempts WHERE channel = ? AND error IS NULL', channel);

type EndedChannel = { channel: string; at: number; why: string };
const ended = defineTable<EndedChannel>('ended_channels', {});

export const findEndedChannel = (sql: Sql, channel: string): EndedChannel | null =>
  ended.find(sql, 'channel = ?', channel);

/** Ends a channel for events. What waits is not posted any more, and may be replayed. */
export function endChannel(sql: Sql, { channel, at, why }: EndedChannel): void {
  ended.put(sql, { channel }, { at, why });
  endWaitingEvents(sql, channel, at, 'the channel was ended');
}

/** Ends what waits for a channel. */
export function endWaitingEvents(sql: Sql, channel: string, at: number, why: string): void {
  const waiting = `UPDATE outbox SET state = 'refused', ended_at = ?, error = ?
      WHERE queue = ? AND kind = 'event.send' AND state = 'waiting'`;
  sql.run(waiting, at, why, `notice:${channel}`);
}

export const resumeChannel = (sql: Sql, channel: string): void =>
  sql.run('DELETE FROM ended_channels WHERE channel = ?', channel);

/** Whether an event is on its way to a channel. */
export const isEventOnItsWay = (sql: Sql, orderingKey: string, sequence: number): boolean =>
  hasRow(
    sql,
    `SELECT 1 FROM outbox WHERE ordering_key = ? AND state IN ('waiting', 'calling', 'unknown')
       AND json_extract(payload, '$.event.data.sequence') = ?`,
    orderingKey,
    sequence,
  );

export type NumberedEntry = TimelineEntry & { seq: number; caseId: string };
const entries = defineTable<NumberedEntry>('timeline', {});

export const findTimelineEntry = (sql: Sql, seq: number): NumberedEntry | null => entries.find(sql, 'seq = ?', seq);

/** Entries of all timelines from an instant on, oldest first. Their numbers grow with time, so no index is needed. */
export function listTimelineSince(sql: Sql, at: number, limit: number): NumberedEntry[] {
  let low = 0;
  let high = findLastTimelineNumber(sql) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const next = 'SELECT at FROM timeline WHERE seq >= ? ORDER BY seq LIMIT 1';
    if ((singleValue<number>(sql, next, middle) ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return entries.list(sql, 'WHERE seq >= ? ORDER BY seq LIMIT ?', low, limit);
}

export const findLastTimelineNumber = (sql: Sql): number =>
  singleValue<number>(sql, 'SELECT MAX(seq) FROM timeline') ?? 0;
