import type { Sql } from '#domain/base/ports.ts';
import type { NoticeEvent } from '#domain/settings/notice-event.ts';
import { columnOf, defineTable, placesFor, singleValue } from './table.ts';

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

/** One row per mail that asks or tells: the contact ledger. */
export interface Mail {
  seq: number;
  id: string;
  caseId: string | null;
  askId: string | null;
  person: string;
  asks: boolean;
  counts: boolean;
  kind: MailKind;
  address: string;
  subject: string;
  state: 'intent' | 'sent' | 'refused' | 'unknown';
  at: number;
  provider: string | null;
  /** The provider's later report about the mail. */
  fate: 'delivered' | 'bounced' | 'complained' | null;
  /** Instant at which its outcome became known. */
  endedAt: number | null;
  why: string | null;
}

const mails = defineTable<Mail>('mails', { asks: 'flag', counts: 'flag' });

/** @returns false for a mail recorded before */
export const insertMail = (
  sql: Sql,
  mail: Omit<Mail, 'seq' | 'state' | 'provider' | 'fate' | 'endedAt' | 'why'>,
): boolean => mails.insert(sql, { ...mail, state: 'intent' }, 'ON CONFLICT (id) DO NOTHING');

/** Stores the outcome of a mail. A mail that left, or may have, is dated by the instant at which that was known. */
export const setMailOutcome = (
  sql: Sql,
  id: string,
  { at: endedAt, ...outcome }: Pick<Mail, 'state' | 'provider' | 'at' | 'why'>,
): void => mails.update(sql, { ...outcome, endedAt }, 'id = ?', id);

export const findMail = (sql: Sql, id: string): Mail | null => mails.find(sql, 'id = ?', id);

export const setMailProviderReport = (sql: Sql, id: string, fate: Mail['fate']): void =>
  mails.update(sql, { fate }, 'id = ?', id);

/** Mail of a provider's report: by its id, else the newest to this address without an outcome. */
export const findMailOfProviderReport = (sql: Sql, provider: string, address: string): Mail | null =>
  mails.find(sql, 'provider = ? LIMIT 1', provider) ??
  mails.find(
    sql,
    "address = ? AND provider IS NULL AND state IN ('intent', 'unknown') ORDER BY seq DESC LIMIT 1",
    address,
  );

/** Records the recipient of a first follow-up. */
export function recordFirstFollowUpContacts(sql: Sql, mailId: string, marks: string[]): void {
  for (const mark of marks)
    sql.run('INSERT INTO contacts (mark, mail_id) VALUES (?, ?) ON CONFLICT DO NOTHING', mark, mailId);
}

const toCustomersOfCase = "case_id = ? AND kind IN ('follow-up', 'reminder', 'personal', 'receipt')";

/** Mails of a case to customers, newest first, each with its text. */
export function mailsToCustomers(sql: Sql, caseId: string, limit: number): (Mail & { text: string | null })[] {
  const toCustomers = `WHERE ${toCustomersOfCase} ORDER BY seq DESC LIMIT ?`;
  const textOf = "SELECT json_extract(payload, '$.text') FROM outbox WHERE key = 'mail:' || ?";
  return mails
    .list(sql, toCustomers, caseId, limit)
    .map((mail) => ({ ...mail, text: singleValue<string>(sql, textOf, mail.id) }));
}

export const hasMailToAddress = (sql: Sql, caseId: string, address: string): boolean =>
  mails.find(sql, `${toCustomersOfCase} AND lower(address) = lower(?)`, caseId, address) !== null;

/** When a person last got a receipt, under any of their keys or at this address; null without one. */
export const findLastReceiptTime = (sql: Sql, keys: string[], address: string): number | null =>
  singleValue(
    sql,
    `SELECT MAX(at) FROM mails WHERE (person IN (${placesFor(keys)}) OR lower(address) = lower(?))
       AND kind = 'receipt' AND state <> 'refused'`,
    ...keys,
    address,
  );

/** Instant at which a person was last asked anything, under any of their keys or at this address; null without one. */
export function lastAskedAt(sql: Sql, keys: string[], address: string | null): number | null {
  const asked = `SELECT MAX(at) FROM mails WHERE (person IN (${placesFor(keys)}) OR address = ?) AND asks = 1
       AND state <> 'refused' AND fate IS NOT 'bounced'`;
  return singleValue(sql, asked, ...keys, address);
}

/** Instant of a person's last first follow-up; null without one. Refused and bounced mails reached nobody. */
export function lastFirstFollowUpAt(sql: Sql, marks: string[], now: number): number | null {
  const last = `SELECT MAX(CASE m.state WHEN 'intent' THEN ? ELSE COALESCE(m.ended_at, m.at) END)
       FROM contacts c JOIN mails m ON m.id = c.mail_id
      WHERE c.mark IN (${placesFor(marks)}) AND m.state <> 'refused' AND m.fate IS NOT 'bounced'`;
  return singleValue(sql, last, now, ...marks);
}

/** When the newest mail of an ask left; null before that. */
export const findLastMailTime = (sql: Sql, askId: string): number | null =>
  singleValue(sql, "SELECT MAX(ended_at) FROM mails WHERE ask_id = ? AND state = 'sent'", askId);

/** Mails of an ask without an outcome, oldest first. */
export const pendingMailsOfAsk = (sql: Sql, askId: string): Mail[] =>
  mails.list(sql, "WHERE ask_id = ? AND state = 'intent' ORDER BY seq", askId);

/** Number of mails of a kind recorded for an ask, including cancelled ones. */
export const countMailsOfAsk = (sql: Sql, askId: string, kind: MailKind): number =>
  singleValue<number>(sql, 'SELECT COUNT(*) FROM mails WHERE ask_id = ? AND kind = ?', askId, kind) ?? 0;

export const listMailsWithoutOutcome = (sql: Sql): Mail[] => mails.list(sql, "WHERE state = 'intent' ORDER BY seq");

export const mailsToPerson = (sql: Sql, keys: string[], limit: number): Mail[] =>
  mails.list(sql, `WHERE person IN (${placesFor(keys)}) ORDER BY seq DESC LIMIT ?`, ...keys, limit);

export const listAddressesWrittenTo = (sql: Sql, keys: string[]): string[] =>
  columnOf(sql, `SELECT DISTINCT address FROM mails WHERE address <> '' AND person IN (${placesFor(keys)})`, ...keys);

export const listMails = (sql: Sql, before: number, limit: number): Mail[] =>
  mails.list(sql, 'WHERE seq < ? ORDER BY seq DESC LIMIT ?', before, limit);

/** A notice about a case, or about a response for which nothing was opened, for one person or channel. */
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
  /** What names the person; for a channel, the names of all recipients. */
  because: string;
  acknowledge: boolean;
  at: number;
  /** Earliest instant of sending: the end of quiet hours, or the time of a digest. */
  dueAt: number;
  state: 'held' | 'sent' | 'dropped';
}

const notices = defineTable<StoredNotice>('notices', { acknowledge: 'flag' });

/** @returns null for a notice recorded before */
export function insertNotice(sql: Sql, notice: Omit<StoredNotice, 'seq'>): StoredNotice | null {
  const isNew = notices.insert(sql, notice, 'ON CONFLICT (id) DO NOTHING');
  return isNew ? notices.find(sql, 'id = ?', notice.id) : null;
}

/** The latest notice about an event of a template to a person, sent or held; null without any. */
export function findLatestNotice(
  sql: Sql,
  { person, template, event }: Pick<StoredNotice, 'person' | 'template' | 'event'>,
): StoredNotice | null {
  const wanted = "person = ? AND template = ? AND event = ? AND state <> 'dropped' ORDER BY due_at DESC LIMIT 1";
  return notices.find(sql, wanted, person, template, event);
}

/** Held notices of a person that may be sent now, in order of their events. */
export const listDueHeldNotices = (sql: Sql, person: string, now: number): StoredNotice[] =>
  notices.list(sql, "WHERE state = 'held' AND person = ? AND due_at <= ? ORDER BY seq", person, now);

/** Earliest instant for a person's held notices; null without any. */
export const findNextHeldNoticeAt = (sql: Sql, person: string): number | null =>
  singleValue(sql, "SELECT MIN(due_at) FROM notices WHERE state = 'held' AND person = ?", person);

export const updateNotice = (sql: Sql, id: string, changes: Partial<Pick<StoredNotice, 'dueAt' | 'state'>>): void =>
  notices.update(sql, changes, 'id = ?', id);

/** Notices of a case that were sent, newest first, each with all its recipients, separated by commas. */
export function listNoticesOfCase(
  sql: Sql,
  caseId: string,
  limit: number,
): { id: string; headline: string; at: number; people: string }[] {
  const query = `SELECT id, headline, MIN(at) AS at, group_concat(person) AS people FROM notices
      WHERE case_id = ? AND state = 'sent' GROUP BY headline ORDER BY at DESC LIMIT ?`;
  return sql.all(query, caseId, limit);
}
