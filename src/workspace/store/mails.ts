import { hourMs, type json, type NoticeEvent } from '../core.ts';
import { type NumberedEntry, timeline } from './cases.ts';
import { defineTable, query, type Sql, singleValue } from './table.ts';

export type MailKind =
  | 'follow-up'
  | 'reminder'
  | 'closer-survey'
  | 'notice'
  | 'personal'
  | 'receipt'
  | 'invitation'
  | 'contributor'
  | 'sign-in';

/** Mails to customers and contributors. A person of the workspace, to whom all others go, may be a respondent too, under one key. */
export const kindsToOutside: MailKind[] = ['follow-up', 'reminder', 'personal', 'receipt', 'invitation', 'contributor'];
export const isToOutsideSql = `kind IN (${kindsToOutside.map((kind) => `'${kind}'`).join(', ')})`;

/** One row per mail that asks or tells: the contact ledger. */
export interface Mail extends json.Stored<Omit<json.MailJson, 'to' | 'case' | 'kind'>, 'at'> {
  seq: number;
  caseId: string | null;
  askId: string | null;
  person: string;
  asks: boolean;
  counts: boolean;
  kind: MailKind;
  address: string;
  /** When the outcome was known, which dates a mail that left or may have. */
  endedAt: number | null;
}

export const mails = defineTable<Mail>('mails', { asks: 'flag', counts: 'flag' }, { order: 'seq' });

/** Mail of a provider's report: by its id, else the newest to this address without an outcome. */
export const findMailOfProviderReport = (sql: Sql, provider: string, address: string): Mail | null =>
  mails.find(sql, { provider }) ?? findLastMailInDoubt(sql, address);

const findLastMailInDoubt = mails.row<[address: string]>`
  WHERE address = ? AND provider IS NULL AND state IN ('intent', 'unknown') ORDER BY seq DESC LIMIT 1`;

/** First follow-ups by the keyed marks of their people. */
export const contacts = defineTable<{ mark: string; mailId: string }>('contacts', {});

const toCustomersOfCase = "case_id = ? AND kind IN ('follow-up', 'reminder', 'personal', 'receipt')";

/** The newest mails to the customers of a case, with their texts. */
export const mailsToCustomers = query.rows<
  Pick<Mail, 'id' | 'at' | 'kind' | 'subject' | 'state' | 'fate' | 'why'> & { text: string | null },
  [caseId: string, limit: number]
>`
  SELECT id, at, kind, subject, state, fate, why,
      (SELECT json_extract(payload, '$.text') FROM outbox WHERE key = 'mail:' || mails.id) AS text
    FROM mails WHERE ${toCustomersOfCase} ORDER BY seq DESC LIMIT ? + 0`;

export const hasMailToAddress = query.has<[caseId: string, address: string]>`
  SELECT 1 FROM mails WHERE ${toCustomersOfCase} AND lower(address) = lower(?) LIMIT 1`;

/** When a person last got a receipt, under any of their keys or at this address; null without one. */
export const findLastReceiptTime = query.value<number, [keys: string[], address: string]>`
  SELECT MAX(at) FROM mails WHERE (person IN (SELECT value FROM json_each(?)) OR lower(address) = lower(?))
    AND kind = 'receipt' AND state <> 'refused'`;

/** Instant at which a person was last asked anything, under any of their keys or at this address; null without one. */
export const lastAskedAt = query.value<number, [keys: string[], address: string | null]>`
  SELECT MAX(at) FROM mails WHERE (person IN (SELECT value FROM json_each(?)) OR address = ?) AND asks = 1
    AND state <> 'refused' AND fate IS NOT 'bounced'`;

/** Instant of a person's last first follow-up; null without one. Refused and bounced mails reached nobody. */
export const lastFirstFollowUpAt = query.value<number, [marks: string[], now: number]>`
  SELECT MAX(CASE m.state WHEN 'intent' THEN ?2 ELSE COALESCE(m.ended_at, m.at) END)
    FROM contacts c JOIN mails m ON m.id = c.mail_id
    WHERE c.mark IN (SELECT value FROM json_each(?1)) AND m.state <> 'refused' AND m.fate IS NOT 'bounced'`;

/** When the newest mail of an ask left; null before that. */
export const findLastMailTime = query.value<number, [askId: string]>`
  SELECT MAX(ended_at) FROM mails WHERE ask_id = ? AND state = 'sent'`;

export const listAddressesWrittenTo = query.column<string, [keys: string[]]>`
  SELECT DISTINCT address FROM mails WHERE address <> '' AND person IN (SELECT value FROM json_each(?))`;

export interface StoredNotice {
  seq: number;
  id: string;
  caseId: string | null;
  responseId: string | null;
  template: string;
  /** A person, a watcher's address, or `channel:` and a channel's name. */
  person: string;
  event: NoticeEvent;
  headline: string;
  /** What names the person; for a channel, the names of all recipients, one a line. */
  because: string;
  acknowledge: boolean;
  at: number;
  dueAt: number;
  state: 'held' | 'sent' | 'dropped';
}

export const notices = defineTable<StoredNotice>('notices', { acknowledge: 'flag' });

/** @returns null for a notice recorded before */
export const insertNotice = (sql: Sql, notice: Omit<StoredNotice, 'seq'>): StoredNotice | null =>
  notices.add(sql, notice) ? notices.find(sql, { id: notice.id }) : null;

/** The latest notice about an event of a template to a person, sent or held until an instant; null without any. */
export const findLatestNotice = notices.row<
  [of: Pick<StoredNotice, 'person' | 'template' | 'event'> & { until: number }]
>`
  WHERE person = @person AND template = @template AND event = @event AND state <> 'dropped' AND due_at <= @until
    ORDER BY due_at DESC LIMIT 1`;

/** Held notices of a person that may be sent now, in order of their events. */
export const listDueHeldNotices = notices.rows<[person: string, now: number]>`
  WHERE state = 'held' AND person = ? AND due_at <= ? ORDER BY seq`;

/** Earliest instant for a person's held notices; null without any. */
export const findNextHeldNoticeAt = query.value<number, [person: string]>`
  SELECT MIN(due_at) FROM notices WHERE state = 'held' AND person = ?`;

/** Notices of a case that were sent, newest first, each with all its recipients, separated by commas. */
export const listNoticesOfCase = query.rows<
  { id: string; headline: string; at: number; people: string },
  [caseId: string, limit: number]
>`
  SELECT id, headline, MIN(at) AS at, group_concat(person) AS people FROM notices
    WHERE case_id = ? AND state = 'sent' GROUP BY headline ORDER BY at DESC LIMIT ? + 0`;

/** One try to post an event of a case to a channel; without an error it was taken. */
export interface EventAttempt extends json.Stored<Omit<json.EventAttemptJson, 'id' | 'case'>, 'at'> {
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

/** How far a clock may have been set back. */
const clockStepMs = hourMs;

/** Entries of all timelines from an instant on, oldest first. Their numbers grow with time but for steps of the clock, so no index is needed. */
export function listTimelineSince(sql: Sql, at: number, limit: number): NumberedEntry[] {
  let low = 0;
  let high = findLastTimelineNumber(sql) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const next = 'SELECT at FROM timeline WHERE seq >= ? ORDER BY seq LIMIT 1';
    if ((singleValue<number>(sql, next, middle) ?? at) < at - clockStepMs) low = middle + 1;
    else high = middle;
  }
  return timeline.select(sql, 'WHERE seq >= ? AND at >= ? ORDER BY seq LIMIT ? + 0', low, at, limit);
}
