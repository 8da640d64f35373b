import type { EventAttemptJson, Stored } from '#domain/json/index.ts';
import { type NumberedEntry, timeline } from './cases.ts';
import { defineTable, query, type Sql, singleValue } from './table.ts';

/** One try to post an event of a case to a channel; without an error it was taken. */
export interface EventAttempt extends Stored<Omit<EventAttemptJson, 'id' | 'case'>, 'at'> {
  seq: number;
  channel: string;
  eventId: string;
  caseId: string;
}

export const eventAttempts = defineTable<EventAttempt>('event_attempts', {});
const mostAttemptsKept = 1000;

/** Keeps the newest, and the last success, which tells whether a channel is alive. */
export function addEventAttempt(sql: Sql, attempt: Omit<EventAttempt, 'seq'>): void {
  eventAttempts.insert(sql, attempt);
  const old = `DELETE FROM event_attempts WHERE channel = ?1 AND seq <=
      (SELECT seq FROM event_attempts WHERE channel = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ${mostAttemptsKept})
      AND (error IS NOT NULL OR at < (SELECT MAX(at) FROM event_attempts WHERE channel = ?1 AND error IS NULL))`;
  sql.run(old, attempt.channel);
}

/** Last time a channel took an event; null before the first. */
export const findLastEventTakenAt = query.value<number, [channel: string]>`
  SELECT MAX(at) FROM event_attempts WHERE channel = ? AND error IS NULL`;

type EndedChannel = { channel: string; at: number; why: string };
export const endedChannels = defineTable<EndedChannel>('ended_channels', {}, { key: 'channel' });

/** Ends a channel for events. What waits is not posted any more, and may be replayed. */
export function endChannel(sql: Sql, { channel, at, why }: EndedChannel): void {
  endedChannels.put(sql, { channel, at, why });
  endWaitingEvents(sql, channel, at, 'the channel was ended');
}

export const endWaitingEvents = query.run<[channel: string, at: number, why: string]>`
  UPDATE outbox SET state = 'refused', ended_at = ?2, error = ?3
    WHERE queue = 'notice:' || ?1 AND kind = 'event.send' AND state = 'waiting'`;

/** Whether an event is on its way to a channel. */
export const isEventOnItsWay = query.has<[orderingKey: string, sequence: number]>`
  SELECT 1 FROM outbox WHERE ordering_key = ? AND state IN ('waiting', 'calling', 'unknown')
    AND json_extract(payload, '$.event.data.sequence') = ?`;

export const findLastTimelineNumber = query.number`SELECT MAX(seq) FROM timeline`;

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
  return timeline.select(sql, 'WHERE seq >= ? ORDER BY seq LIMIT ? + 0', low, limit);
}
