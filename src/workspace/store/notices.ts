import type { Sql } from '#domain/base/ports.ts';
import type { NoticeEvent } from '#domain/settings/notice-event.ts';
import { defineTable, singleValue } from './table.ts';

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
