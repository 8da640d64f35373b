import type { Sql } from '#domain/base/ports.ts';
import type { NoticeEvent } from '#domain/settings/notice-event.ts';
import { defineTable, singleValue } from './table.ts';

/** A notice by mail about a case, for one person. */
export interface StoredNotice {
  seq: number;
  id: string;
  caseId: string;
  person: string;
  event: NoticeEvent;
  headline: string;
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

/** Held notices of a person that may be sent now, in order of their events. */
export const listDueHeldNotices = (sql: Sql, person: string, now: number): StoredNotice[] =>
  notices.list(sql, "WHERE state = 'held' AND person = ? AND due_at <= ? ORDER BY seq", person, now);

/** Earliest instant for a person's held notices; null without any. */
export const findNextHeldNoticeAt = (sql: Sql, person: string): number | null =>
  singleValue(sql, "SELECT MIN(due_at) FROM notices WHERE state = 'held' AND person = ?", person);

export const updateNotice = (sql: Sql, id: string, changes: Partial<Pick<StoredNotice, 'dueAt' | 'state'>>): void =>
  notices.update(sql, changes, 'id = ?', id);
